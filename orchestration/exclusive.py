"""One run at a time, whoever started it: the command line or Dagster.

The lock is an advisory lock of PostgreSQL. It belongs to a connection, so it is released however
its holder ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import psycopg

from orchestration.errors import RunInProgress

_TAKE = "select pg_try_advisory_lock(hashtext('concord.run'))"
_is_held: ContextVar[bool] = ContextVar("is_held", default=False)


@contextmanager
def only_run(url: str) -> Iterator[None]:
    """Hold the lock of runs within the block, which may be nested; RunInProgress if it is taken."""
    if _is_held.get():
        yield
        return
    with psycopg.connect(url, autocommit=True) as connection:
        taken = connection.execute(_TAKE).fetchone()
        if not taken or not taken[0]:
            raise RunInProgress("another run is on; wait for it, see `concord status`")
        token = _is_held.set(True)
        try:
            yield
        finally:
            _is_held.reset(token)
