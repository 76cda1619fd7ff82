"""The role that `concord status` reads the warehouse with: ledgers, counts, and nobody's data.

What a row in quarantine was like as it came is kept from it, and so are all that is loaded, the
models but for the counts of what records lack, and the rows behind the cards.
"""

import psycopg
from psycopg import sql

from dashboards import reading_role

# Each table that it reads, with the columns that it doesn't.
_READ = {
    ("concord", "loads"): (),
    ("concord", "gate_results"): (),
    ("quarantine", "rejected_rows"): ("original",),
    ("quarantine", "emptied_values"): ("original",),
    ("intermediate", "int_record_gaps"): (),
    ("published", "publication_state"): (),
    ("published", "scorecard_trust"): (),
}
_UNGRANTED = """
select attname from pg_attribute
where
    attrelid = to_regclass(%s) and attnum > 0 and not attisdropped
    and attname <> all(%s)
    and not has_column_privilege(%s, attrelid, attnum, 'select')
"""


def make(url: str) -> str:
    """Make the role, or bring it up to date; return the warehouse's URL with it.

    `url` is the warehouse owner's. Raises reading_role.RoleNotMade.
    """
    return reading_role.of_account(url, "status", _grant)


def _grant(connection: psycopg.Connection, role: str) -> None:
    """Grant what the role lacks: a run makes some of these tables anew."""
    for schema in {schema for schema, _ in _READ}:
        if connection.execute("select to_regnamespace(%s)", (schema,)).fetchone() != (None,):
            reading_role.let_enter(connection, schema, role)
    for (schema, table), hidden in _READ.items():
        values = (f"{schema}.{table}", list(hidden), role)
        if columns := connection.execute(_UNGRANTED, values).fetchall():
            grant = sql.SQL("grant select ({}) on {} to {}").format(
                sql.SQL(", ").join(sql.Identifier(column) for (column,) in columns),
                sql.Identifier(schema, table),
                sql.Identifier(role),
            )
            connection.execute(grant)
