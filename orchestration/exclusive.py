"""One run at a time, whoever started it: the command line or Dagster.

The lock is PostgreSQL's and belongs to a connection, so that it is gone when its holder is,
however that died.
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
    """Keep other runs out during the block, RunInProgress if one is on; may be nested."""
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
