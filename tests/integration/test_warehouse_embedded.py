"""The embedded PostgreSQL day by day: safe settings, plain refusals, on a real server."""

import os
import shutil
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from orchestration.warehouse import (
    EmbeddedPostgres,
    NotReadyError,
    StartError,
    UnreachableError,
    WrongVersionError,
)
from orchestration.warehouse.account import service_account

pytestmark = pytest.mark.postgres


def postmaster_pid(workspace: Path) -> int:
    pid_file = workspace / "warehouse" / "data" / "postmaster.pid"
    return int(pid_file.read_text().splitlines()[0])


def query(url: str, text: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(text).fetchall()


def test_a_second_start_finds_the_running_server(server: EmbeddedPostgres, shared_workspace: Path):
    before = postmaster_pid(shared_workspace)
    assert EmbeddedPostgres(shared_workspace).start() == server.url()
    assert postmaster_pid(shared_workspace) == before
    assert server.is_running()


def test_nothing_is_traded_for_durability(server: EmbeddedPostgres):
    names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    for name in names:
        assert query(server.url(), f"show {name}") == [("on",)], name


def test_only_loopback_with_the_password_gets_in(server: EmbeddedPostgres):
    administrator = server.administrator_url()
    assert query(administrator, "show listen_addresses") == [("127.0.0.1",)]
    assert query(administrator, "show unix_socket_directories") == [("",)]
    password = urlsplit(server.url()).password
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url().replace(f":{password}@", ":guess@"))
    rules = "select distinct auth_method from pg_hba_file_rules"
    assert query(administrator, rules) == [("scram-sha-256",)]


def test_only_the_owner_reads_password_and_data(server: EmbeddedPostgres, shared_workspace: Path):
    home = shared_workspace / "warehouse"
    for name, mode in {"password": 0o600, "server.log": 0o600, "data": 0o700}.items():
        assert stat.S_IMODE((home / name).stat().st_mode) == mode, name


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_root_runs_the_server_as_an_account_without_privileges(
    server: EmbeddedPostgres, shared_workspace: Path
):
    process = psutil.Process(postmaster_pid(shared_workspace))
    account = service_account(shared_workspace / "warehouse" / "data")
    assert account
    assert 0 not in process.uids()
    assert 0 not in process.gids()
    groups = Path(f"/proc/{process.pid}/status").read_text().split("Groups:")[1].splitlines()[0]
    assert groups.split() == []
    assert process.uids().effective == account.uid


def test_stopped_server_comes_back_at_the_same_url(server: EmbeddedPostgres):
    before = server.url()
    server.stop()
    assert not server.is_running()
    assert server.url() == before
    server.stop()
    assert server.start() == before


def test_a_port_in_use_is_left_to_its_user(server: EmbeddedPostgres):
    server.stop()
    port = urlsplit(server.url()).port
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port or 0))
        listener.listen()
        assert urlsplit(server.start()).port != port
    assert server.start() == server.url()


def test_a_server_that_can_not_start_shows_its_last_log_lines(
    server: EmbeddedPostgres, shared_workspace: Path
):
    server.stop()
    settings = shared_workspace / "warehouse" / "data" / "postgresql.conf"
    text = settings.read_text()
    settings.write_text(text + "no_such_setting = 1\n")
    with pytest.raises(StartError, match="no_such_setting"):
        server.start()
    settings.write_text(text)


def test_a_data_directory_of_another_version_is_refused(
    server: EmbeddedPostgres, shared_workspace: Path
):
    server.stop()
    version = shared_workspace / "warehouse" / "data" / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(WrongVersionError, match=r"PostgreSQL 16, .*PostgreSQL 18.*concord up"):
        server.start()
    version.write_text("18\n")


def test_a_long_path_with_blanks_works(workspace: Path):
    deep = workspace / ("a long name " * 10) / "it's one"
    server = EmbeddedPostgres(deep)
    assert query(server.start(), "select 1") == [(1,)]
    server.stop()


def test_a_path_is_never_read_as_a_command(workspace: Path):
    server = EmbeddedPostgres(workspace / 'say "$(touch spoken)" `touch spoken` $HOME')
    assert query(server.start(), "select 1") == [(1,)]
    server.stop()
    assert not list(workspace.rglob("spoken"))


def test_a_workspace_without_a_server_has_no_url_and_stays_empty(workspace: Path):
    server = EmbeddedPostgres(workspace)
    server.stop()
    assert not server.is_running()
    with pytest.raises(NotReadyError, match="concord up"):
        server.url()
    assert list(workspace.iterdir()) == []


def test_a_lost_password_is_said_plainly(server: EmbeddedPostgres, shared_workspace: Path):
    password = shared_workspace / "warehouse" / "password"
    shutil.move(password, shared_workspace / "kept")
    with pytest.raises(NotReadyError, match="'password' is lost"):
        server.start()
    shutil.move(shared_workspace / "kept", password)


def test_a_replaced_password_is_said_but_not_shown(
    server: EmbeddedPostgres, shared_workspace: Path
):
    password = shared_workspace / "warehouse" / "password"
    right = password.read_text()
    password.write_text("hidden")
    with pytest.raises(UnreachableError, match="Was its file 'password' replaced") as error:
        server.start()
    assert "hidden" not in str(error.value)
    password.write_text(right)
