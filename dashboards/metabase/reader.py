"""The role that Metabase reads the warehouse with: what is published, and no column more.

The open-source Metabase can't restrict rows or columns, so PostgreSQL does. Grants are made
column by column: a table may hold columns that are withheld, and one that is added to it may be
read only after the next publication has judged it by `privacy.WITHHELD`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from dashboards import reading_role
from dashboards.metabase.errors import ReaderNotMade
from dashboards.metabase.facts import Columns
from dashboards.scorecard.privacy import WITHHELD

ROLE = "concord_metabase"
SCHEMA = "published"


@dataclass(frozen=True)
class Access:
    """How Metabase reaches the warehouse."""

    host: str
    port: int
    dbname: str
    password: str = field(repr=False)
    user: str = ROLE
    ssl: bool = False


def readable_columns(connection: psycopg.Connection) -> Mapping[str, Columns]:
    """Return the published tables with the columns, and their types, that may be read."""
    found = connection.execute(
        "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
        " from pg_attribute a join pg_class c on c.oid = a.attrelid"
        " where c.relnamespace = to_regnamespace(%s) and c.relkind in ('r', 'v', 'm')"
        " and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum",
        (SCHEMA,),
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in found:
        if column not in WITHHELD:
            tables.setdefault(table, {})[column] = kind
    return tables


def make(url: str, password: str) -> None:
    """Make the role, or bring it up to date with what is published.

    `url` is the warehouse owner's. Raises ReaderNotMade.
    """
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            reading_role.make(connection, url, ROLE, password)
            _grant(connection, readable_columns(connection))
            _refuse_more(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise ReaderNotMade(
            f"the warehouse's account may not make the role {ROLE} ({error.diag.message_primary})."
            f" Let an administrator of the server run: alter role current_user createrole"
        ) from None


def _grant(connection: psycopg.Connection, readable: Mapping[str, Columns]) -> None:
    role, schema = sql.Identifier(ROLE), sql.Identifier(SCHEMA)
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("grant connect on database {} to {}").format(database, role))
    connection.execute(
        sql.SQL("revoke all on all tables in schema {} from {}").format(schema, role)
    )
    connection.execute(sql.SQL("grant usage on schema {} to {}").format(schema, role))
    for table, columns in readable.items():
        connection.execute(
            sql.SQL("grant select ({}) on {} to {}").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.Identifier(SCHEMA, table),
                role,
            )
        )


def _refuse_more(connection: psycopg.Connection) -> None:
    """Raise if the role can enter a schema of ours other than the published one."""
    found = connection.execute(
        "select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> all (%s)"
        " and has_schema_privilege(%s, oid, 'usage') order by 1",
        (["information_schema", "public", SCHEMA], ROLE),
    ).fetchall()
    if found:
        names = ", ".join(row[0] for row in found)
        raise ReaderNotMade(
            f"the role {ROLE} may also enter {names}: somebody granted that to it or to everybody."
            f" Revoke it (revoke usage on schema {found[0][0]} from public, {ROLE}), and run again"
        )
