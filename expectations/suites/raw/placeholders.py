"""Whether ids are texts that stand for no value: everything that names one is taken for one thing.

One customer called guest, one campaign called NULL: no figure of them is out of bounds.
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.entities import ArrivingEntity
from expectations.suites.checks import warning
from expectations.suites.raw.arrivals import COLUMNS, Arrivals

_WORDS = (
    "NULL", "Null", "null", "(null)", "None", "NONE", "none", "(none)", "nan", "NaN", "NAN", "nil",
    "N/A", "n/a", "#N/A", r"\N", "undefined", "-", "--", "Unknown", "UNKNOWN", "unknown",
    "Guest", "GUEST", "guest", "Anonymous", "ANONYMOUS", "anonymous",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
# Others count from 0: of people and tickets, one that has a tenth of all rows is nobody.
_NUMBERS = ("0", "-1")
_NUMBERED = ("customer_id", "author_id", "ticket_id")


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Count such texts in every column that has ids."""
    return [
        _ids(entity, column)
        for entity in arrivals.entities
        for column in entity.columns
        if column.endswith("_id")
    ]


def _ids(entity: ArrivingEntity, column: str) -> sql.Composed:
    return _IDS.format(
        table_name=sql.Literal(entity.name),
        column_name=sql.Literal(column),
        table=sql.Identifier("raw", entity.name),
        column=sql.Identifier("rows", column),
        words=sql.Literal(list(_WORDS)),
        numbers=sql.Literal(list(_NUMBERS) if column in _NUMBERED else []),
    )


# All rows are asked, not only the new ones: the fault stays until somebody corrects the mapping.
_IDS = sql.SQL(
    """
    select {table_name} as table_name, {column_name} as column_name, found.*
    from inputs
    cross join lateral (
        select
            {column} as word,
            count(*) as row_count,
            (
                select count({column}) from {table} as rows
                where rows.source_name = inputs.source_name
            ) as filled_count,
            {column} = any(cast({numbers} as text[])) as is_number
        from {table} as rows
        where
            rows.source_name = inputs.source_name
            and {column} = any(cast({words} as text[]) || cast({numbers} as text[]))
        group by {column}
    ) as found
    """
)

# One row per entity, column and text.
QUERY = COLUMNS


def suite() -> ExpectationSuite:
    """Return what is expected of ids."""
    return ExpectationSuite("placeholders", expectations=[warning("placeholder", _PLACEHOLDER)])


_PLACEHOLDER = """
select
    place,
    format(
        '%s of the %s rows of %s that have a %s, from source %s, have ''%s'' there',
        to_char(row_count, 'FM999,999,999,990'),
        to_char(filled_count, 'FM999,999,999,990'),
        table_name,
        column_name,
        source_name,
        word
    ) as observed,
    'a text that mostly means no value is expected among null_values, else all these rows count as'
    || ' of one and the same' as expected,
    format(
        'if it means none, say null_values = [''%s''] for that column in the source''s mapping; if'
        ' something is really called so, there is nothing to do', word
    ) as remedy
from {batch}
where row_count >= 5 and (not is_number or 10 * row_count >= filled_count)
order by row_count desc, place, word
"""
