"""dbt's sessions in PostgreSQL: one a thread and call, instead of one a model and test.

dbt closes its session after each node. A new one costs a log-in and an empty catalogue cache:
opening and closing took over a quarter of dbt's time in a day's build. What dbt asks of its
sessions is left as it is; dbt-snowflake keeps its own open by the same method
(`reuse_connections`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.postgres import PostgresAdapter
from dbt.adapters.postgres.connections import PostgresConnectionManager


class KeptSessions(PostgresConnectionManager):
    """Hands a thread's session from node to node; dbt closes it when the call ends."""

    def release(self) -> None:
        connection = self.get_if_exists()
        if connection is None or connection.state != ConnectionState.OPEN:
            return
        try:
            clear(connection)
        except Exception:
            # A session that can't be cleared is no good to the next node: give it up as dbt does.
            super().release()


def clear(connection: Connection) -> None:
    """Leave nothing of a node in its session: neither its transaction nor its temporary tables."""
    handle = connection.handle
    handle.rollback()
    connection.transaction_open = False
    handle.autocommit = True  # inside a transaction the statement would wait for its end
    try:
        with handle.cursor() as cursor:
            cursor.execute("discard temp")
    finally:
        handle.autocommit = False


@contextmanager
def kept_open() -> Iterator[None]:
    """Let dbt keep its sessions within the block."""
    before = PostgresAdapter.ConnectionManager
    PostgresAdapter.ConnectionManager = KeptSessions
    try:
        yield
    finally:
        PostgresAdapter.ConnectionManager = before
