"""The role that the page reads the warehouse with: what is published, and nothing else.

It has the name of the warehouse's account with `_page` behind it, and a password made of that
account's, so that there is no other one to keep.
"""

import hashlib
import hmac
from urllib.parse import quote, unquote, urlsplit

import psycopg
from psycopg import sql

from dashboards import reading_role
from dashboards.scorecard import ledgers
from dashboards.scorecard.queries import SCHEMA

_UNGRANTED = """
select relname from pg_class
where
    relnamespace = to_regnamespace(%s)
    and relkind in ('r', 'v')
    and relowner = current_user::regrole
    and not has_table_privilege(%s, oid, 'select')
"""


class PageRoleNotMade(Exception):
    """There is no role that only reads; the message says why, and what to do."""


def make(url: str) -> str:
    """Make the role, or bring it up to date; return the warehouse's URL with it.

    `url` is the warehouse owner's. Raises PageRoleNotMade.
    """
    parts = urlsplit(url)
    account, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if not secret:
        raise PageRoleNotMade("the warehouse's URL has no password to make another one of")
    role = f"{account}_page"
    password = hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            ledgers.prepare(connection)
            reading_role.make(connection, url, role, password)
            _grant(connection, role)
    except psycopg.errors.InsufficientPrivilege as error:
        raise PageRoleNotMade(
            f"the account {account} may not make one ({error.diag.message_primary}). Let an"
            f' administrator of the server run: alter role "{account}" createrole'
        ) from None
    if not reading_role.opens(url, role, password):
        raise PageRoleNotMade(f"the server doesn't let {role} in; see its pg_hba.conf")
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(role, safe='')}:{password}@{place}").geturl()


def _grant(connection: psycopg.Connection, role: str) -> None:
    """Grant what the role lacks, and what publications to come will add."""
    name, schema = sql.Identifier(role), sql.Identifier(SCHEMA)
    may_connect, may_enter = connection.execute(
        "select has_database_privilege(%s, current_database(), 'connect'),"
        " has_schema_privilege(%s, %s, 'usage')",
        (role, role, SCHEMA),
    ).fetchone() or (False, False)
    if not may_connect:
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("grant connect on database {} to {}").format(database, name))
    if not may_enter:
        connection.execute(sql.SQL("grant usage on schema {} to {}").format(schema, name))
        later = sql.SQL("alter default privileges in schema {} grant select on tables to {}")
        connection.execute(later.format(schema, name))
    for (table,) in connection.execute(_UNGRANTED, (SCHEMA, role)).fetchall():
        grant = sql.SQL("grant select on {} to {}")
        connection.execute(grant.format(sql.Identifier(SCHEMA, table), name))
