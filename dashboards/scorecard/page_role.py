"""The role that page and exports read the warehouse with: what is published, and nothing else."""

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


def make(url: str) -> str:
    """Make the role, or bring it up to date; return the warehouse's URL with it.

    `url` is the warehouse owner's. Raises reading_role.RoleNotMade.
    """
    return reading_role.of_account(url, "page", _grant)


def _grant(connection: psycopg.Connection, role: str) -> None:
    """Grant what the role lacks, and what publications to come will add."""
    ledgers.prepare(connection)
    name, schema = sql.Identifier(role), sql.Identifier(SCHEMA)
    if reading_role.let_enter(connection, SCHEMA, role):
        later = sql.SQL("alter default privileges in schema {} grant select on tables to {}")
        connection.execute(later.format(schema, name))
    for (table,) in connection.execute(_UNGRANTED, (SCHEMA, role)).fetchall():
        grant = sql.SQL("grant select on {} to {}")
        connection.execute(grant.format(sql.Identifier(SCHEMA, table), name))
