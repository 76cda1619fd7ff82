"""A role of PostgreSQL's that reads the warehouse: made once, and given its password and limits.

What it may read is granted by whoever reads with it.
"""

import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import quote, unquote, urlsplit

import psycopg
from psycopg import sql

# Defaults that spare the warehouse: PostgreSQL lets a session change them.
_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "120000",
    "idle_in_transaction_session_timeout": "120000",
}


class RoleNotMade(Exception):
    """There is no role that only reads; the message says why, and what to do."""


def of_account(url: str, purpose: str, grant: Callable[[psycopg.Connection, str], None]) -> str:
    """Make the role of an account for a purpose, or bring it up to date; return a URL with it.

    `url` is the warehouse owner's. The role has the account's name with the purpose behind it, and
    a password made of the account's, so that there is no other one to keep. Raises RoleNotMade.
    """
    parts = urlsplit(url)
    account, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if not secret:
        raise RoleNotMade("the warehouse's URL has no password to make another one of")
    role = f"{account}_{purpose}"
    password = hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            make(connection, url, role, password)
            _let_in(connection, role)
            grant(connection, role)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RoleNotMade(
            f"the account {account} may not make one ({error.diag.message_primary}). Let an"
            f' administrator of the server run: alter role "{account}" createrole'
        ) from None
    if not opens(url, role, password):
        raise RoleNotMade(f"the server doesn't let {role} in; see its pg_hba.conf")
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(role, safe='')}:{password}@{place}").geturl()


def let_enter(connection: psycopg.Connection, schema: str, role: str) -> bool:
    """Let the role name what is in a schema; return whether it couldn't before."""
    question = "select has_schema_privilege(%s, %s, 'usage')"
    if connection.execute(question, (role, schema)).fetchone() == (True,):
        return False
    grant = sql.SQL("grant usage on schema {} to {}")
    connection.execute(grant.format(sql.Identifier(schema), sql.Identifier(role)))
    return True


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


def _let_in(connection: psycopg.Connection, role: str) -> None:
    question = "select has_database_privilege(%s, current_database(), 'connect')"
    if connection.execute(question, (role,)).fetchone() != (True,):
        database = sql.Identifier(connection.info.dbname)
        grant = sql.SQL("grant connect on database {} to {}")
        connection.execute(grant.format(database, sql.Identifier(role)))
