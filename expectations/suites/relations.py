"""Which tables there are, for both gates."""

import psycopg


def exists(connection: psycopg.Connection, table: str) -> bool:
    """Return whether there is a table or view of this name, such as marts.scorecard."""
    row = connection.execute("select to_regclass(%s) is not null", (table,)).fetchone()
    return row is not None and row[0]
