"""The embedded PostgreSQL through crashes, races and foreign interference, on real servers."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

import orchestration
from orchestration.warehouse import (
    EmbeddedPostgres,
    NotReadyError,
    StartError,
    WrongVersionError,
)
from orchestration.warehouse.account import service_account

pytestmark = pytest.mark.postgres

START = (
    "import sys; from pathlib import Path; from orchestration.warehouse import EmbeddedPostgres; "
    "url = EmbeddedPostgres(Path(sys.argv[1])).start(); print(url, flush=True)"
)
COMMIT_AND_DIE = (
    START + "; import os, psycopg; connection = psycopg.connect(url, autocommit=True); "
    "connection.execute('create table kept as select 1 as row'); "
    "connection.execute('begin'); connection.execute('insert into kept values (2)'); "
    "os.kill(os.getpid(), 9)"
)


def command(code: str, workspace: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(workspace)],
        cwd=Path(orchestration.__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def postmaster_pid(workspace: Path) -> int:
    return int(pid_file(workspace).read_text().splitlines()[0])


def pid_file(workspace: Path) -> Path:
    return workspace / "warehouse" / "data" / "postmaster.pid"


def kill_server(workspace: Path) -> None:
    pid = postmaster_pid(workspace)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(pid) or is_zombie(pid))


def is_zombie(pid: int) -> bool:
    return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "waited for 30 s in vain"
        time.sleep(0.01)


def query(url: str, text: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(text).fetchall()


def execute(url: str, text: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(text)


@pytest.fixture
def server(shared_workspace: Path) -> Iterator[EmbeddedPostgres]:
    """Give the module's server, running; a test may break it, the next one mends it."""
    server = EmbeddedPostgres(shared_workspace)
    execute(server.start(), "create table if not exists kept as select 1 as row")
    yield server
    assert query(server.start(), "select row from kept") == [(1,)]


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
    assert query(server.url(), "show listen_addresses") == [("127.0.0.1",)]
    assert query(server.url(), "show unix_socket_directories") == [("",)]
    password = urlsplit(server.url()).password
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url().replace(f":{password}@", ":guess@"))
    rules = "select distinct auth_method from pg_hba_file_rules"
    assert query(server.url(), rules) == [("scram-sha-256",)]


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


def test_the_server_holds_none_of_our_pipes(server: EmbeddedPostgres, shared_workspace: Path):
    server.stop()
    output, errors = command(START, shared_workspace).communicate(timeout=60)
    assert (output.strip(), errors) == (server.url(), "")
    assert server.is_running()


def test_stopped_server_comes_back_at_the_same_url(server: EmbeddedPostgres):
    before = server.url()
    server.stop()
    assert not server.is_running()
    assert server.url() == before
    server.stop()
    assert server.start() == before


def test_killed_postgres_comes_back_with_all_committed_rows(
    server: EmbeddedPostgres, shared_workspace: Path
):
    execute(server.url(), "create table counted as select generate_series(1, 50000) as row")
    with closing(psycopg.connect(server.url())) as uncommitted:
        uncommitted.execute("insert into counted select generate_series(1, 50000)")
        kill_server(shared_workspace)
    assert not server.is_running()
    assert query(server.start(), "select count(*) from counted") == [(50_000,)]


def test_busy_children_of_a_killed_postgres_do_not_block_the_next_start(
    server: EmbeddedPostgres, shared_workspace: Path
):
    with closing(psycopg.connect(server.url(), autocommit=True)) as connection:
        child = connection.info.backend_pid
        connection.pgconn.send_query(b"select count(*) from generate_series(1, 1e12)")
        wait_until(lambda: psutil.Process(child).cpu_times().user > 0)
        kill_server(shared_workspace)
        assert psutil.pid_exists(child)
        assert server.start() == server.url()
    assert not psutil.pid_exists(child) or is_zombie(child)


def test_a_pid_file_of_a_program_that_is_not_postgres_is_stale(
    server: EmbeddedPostgres, shared_workspace: Path
):
    kill_server(shared_workspace)
    account = service_account(shared_workspace / "warehouse" / "data")
    run_as = account.run_as() if account else {}
    with subprocess.Popen(["sleep", "600"], **run_as) as other:
        lines = pid_file(shared_workspace).read_text().splitlines()
        pid_file(shared_workspace).write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        assert not server.is_running()
        server.start()
        assert other.poll() is None, "the other program was killed"
        other.kill()


@pytest.mark.parametrize("content", ["", "nonsense\n"])
def test_a_damaged_pid_file_does_not_block_the_next_start(
    server: EmbeddedPostgres, shared_workspace: Path, content: str
):
    kill_server(shared_workspace)
    pid_file(shared_workspace).write_text(content)
    assert server.start() == server.url()


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


def test_two_commands_at_once_share_one_new_server(workspace: Path):
    commands = [command(START, workspace) for _ in range(2)]
    results = [one.communicate(timeout=120) for one in commands]
    assert [errors for _, errors in results] == ["", ""]
    assert len({url for url, _ in results}) == 1
    assert query(results[0][0].strip(), "select 1") == [(1,)]


def test_the_server_outlives_the_killed_command_that_started_it(workspace: Path):
    owner = command(COMMIT_AND_DIE, workspace)
    url, _ = owner.communicate(timeout=120)
    assert owner.returncode == -signal.SIGKILL
    assert EmbeddedPostgres(workspace).is_running()
    assert query(url.strip(), "select row from kept") == [(1,)]


def test_a_command_killed_while_it_makes_the_data_leaves_nothing_half_made(workspace: Path):
    home = workspace / "warehouse"
    owner = command(START, workspace)
    wait_until(lambda: any(home.glob("unfinished-*/base")))
    owner.kill()
    owner.communicate()
    assert query(EmbeddedPostgres(workspace).start(), "select 1") == [(1,)]
    assert not any(home.glob("unfinished-*"))


def test_a_long_path_with_blanks_works(workspace: Path):
    deep = workspace / ("a long name " * 10) / "it's one"
    server = EmbeddedPostgres(deep)
    assert query(server.start(), "select 1") == [(1,)]
    server.stop()


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
