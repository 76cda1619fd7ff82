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
# PostgreSQL shows a lock's number in two halves.
_HOLDER = """
select usename, pid, to_char(backend_start at time zone 'UTC', 'FMDD FMMonth HH24:MI')
from pg_locks join pg_stat_activity using (pid)
where
    locktype = 'advisory'
    and granted
    and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())
    and classid::bigint = (hashtext('concord.run')::bigint >> 32) & 4294967295
    and objid::bigint = hashtext('concord.run')::bigint & 4294967295
"""
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
            raise RunInProgress(_held(connection))
        token = _is_held.set(True)
        try:
            yield
        finally:
            _is_held.reset(token)


def _held(connection: psycopg.Connection) -> str:
    """Say that another run is on and, if that is no run of ours, who holds its lock."""
    role, process, since = connection.execute(_HOLDER).fetchone() or (None, 0, "")
    if role in (None, connection.info.user):
        return "another run is on; wait for it, see `concord status`"
    return (
        f"the role {role} holds the lock of runs (process {process}, connected since {since} UTC);"
        f" end it with: select pg_terminate_backend({process})"
    )
