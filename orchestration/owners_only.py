"""What Concord makes is its owner's alone; a file that somebody asks for keeps the usual rights.

Logs, Dagster's files and the page in the workspace hold ids of persons and names of customers.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OWNER, _OTHERS = 0o700, 0o077
_usual_umask: int | None = None


def begin() -> None:
    """From now on, let files that this process and its children make be the owner's alone."""
    global _usual_umask  # noqa: PLW0603 - a umask is the process's, too
    if _usual_umask is None:
        _usual_umask = os.umask(_OTHERS)


@contextmanager
def suspended() -> Iterator[None]:
    """Make files within the block with the umask that the process was started with."""
    ours = os.umask(_OTHERS)
    os.umask(ours if _usual_umask is None else _usual_umask)
    try:
        yield
    finally:
        os.umask(ours)


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, with those above it as usual.

    One of our own that an earlier version left open is closed.
    """
    with suspended():
        path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=_OWNER, exist_ok=True)
    if path.stat().st_mode & _OTHERS:
        path.chmod(_OWNER)
