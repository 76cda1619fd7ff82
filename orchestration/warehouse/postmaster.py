"""Which processes serve a data directory, and how to clear up after dead ones.

`postmaster.pid` outlives a crash, and its pid may by then belong to any other program; a
killed postmaster can leave working children behind. Here both are told apart from a running
server. Starting and stopping do not belong here.
"""

import hashlib
import signal
from dataclasses import dataclass
from pathlib import Path

import psutil

_PORT_LINE, _STATUS_LINE = 3, 7
_GRACE_SECONDS = 10


@dataclass(frozen=True)
class Postmaster:
    """A living postmaster, as its pid file describes it."""

    pid: int
    port: int
    is_ready: bool


def cluster_name(data: Path) -> str:
    """Return the name that every process of the server of `data` bears in its title.

    The title can be read where the working directory can't: by root in a container
    without the right to trace.
    """
    return f"concord-{hashlib.sha256(bytes(data.resolve())).hexdigest()[:16]}"


def find_postmaster(data: Path) -> Postmaster | None:
    """Return the living postmaster of `data`, None when there is none."""
    lines = _pid_lines(data)
    if len(lines) <= _PORT_LINE or not (lines[0].isdigit() and lines[_PORT_LINE].isdigit()):
        return None
    pid = int(lines[0])
    if not _belongs(pid, data):
        return None
    is_ready = len(lines) > _STATUS_LINE and lines[_STATUS_LINE] == "ready"
    return Postmaster(pid, int(lines[_PORT_LINE]), is_ready)


def clear_after_crash(data: Path) -> None:
    """End the children of a dead postmaster, and remove a pid file that misleads PostgreSQL.

    Call it only when `find_postmaster` finds none. A pid file whose pid is free is left:
    PostgreSQL itself checks it, together with the shared memory that it names.
    """
    _end([psutil.Process(pid) for pid in psutil.pids() if _belongs(pid, data)])
    first_line = next(iter(_pid_lines(data)), "")
    if not first_line.isdigit() or psutil.pid_exists(int(first_line)):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _pid_lines(data: Path) -> list[str]:
    try:
        text = (data / "postmaster.pid").read_text()
    except FileNotFoundError:
        return []
    return [line.strip() for line in text.splitlines()]


def _belongs(pid: int, data: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return (
            process.name() == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and cluster_name(data) in " ".join(process.cmdline())
        )
    except psutil.Error:
        return False


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        _signal(process, signal.SIGQUIT)
    _, alive = psutil.wait_procs(processes, timeout=_GRACE_SECONDS)
    for process in alive:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=_GRACE_SECONDS)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
