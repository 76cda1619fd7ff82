"""The embedded PostgreSQL through kill -9, races and foreign processes, on real servers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

import orchestration
from orchestration.warehouse import (
    EmbeddedPostgres,
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


def test_the_server_holds_none_of_our_pipes(server: EmbeddedPostgres, shared_workspace: Path):
    server.stop()
    output, errors = command(START, shared_workspace).communicate(timeout=60)
    assert (output.strip(), errors) == (server.url(), "")
    assert server.is_running()


def test_killed_postgres_comes_back_with_all_committed_rows(
    server: EmbeddedPostgres, shared_workspace: Path
):
    with closing(psycopg.connect(server.url())) as uncommitted:
        uncommitted.execute("create table counted as select generate_series(1, 50000) as row")
        uncommitted.commit()
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
