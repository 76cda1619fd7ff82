"""A role of PostgreSQL's that reads the warehouse: made once, and given its password and limits.

What it may read is granted by whoever reads with it.
"""

import psycopg
from psycopg import sql

# Defaults that spare the warehouse: PostgreSQL lets a session change them.
_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "120000",
    "idle_in_transaction_session_timeout": "120000",
}


def make(connection: psycopg.Connection, url: str, role: str, password: str) -> None:
    """Make the role where there is none, and see to its password and limits.

    `url` is the one of the connection. Raises psycopg.errors.InsufficientPrivilege.
    """
    name = sql.Identifier(role)
    found = connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone()
    if found is None:
        connection.execute(sql.SQL("create role {} login noinherit").format(name))
    if found is None or not opens(url, role, password):
        # Sent as a verifier, so that the password can't end up in the server's log.
        verifier = connection.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        ).decode()
        change = sql.SQL("alter role {} login password {}")
        connection.execute(change.format(name, sql.Literal(verifier)))
    for setting, value in _SETTINGS.items():
        connection.execute(
            sql.SQL("alter role {} set {} = {}").format(
                name, sql.Identifier(setting), sql.Literal(value)
            )
        )


def opens(url: str, role: str, password: str) -> bool:
    """Return whether the role gets into the database at `url` with this password."""
    try:
        psycopg.connect(url, user=role, password=password, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True
