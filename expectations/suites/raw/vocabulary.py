"""Which brands and channels the new rows name; all rows are new where there is no history."""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import blocking, warning
from expectations.suites.raw.arrivals import Arrivals


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Count the brands and channels that new rows name."""
    named = [
        (entity.name, [name for name in ("brand", "channel") if name in entity.columns])
        for entity in arrivals.entities
    ]
    return [_words(table, columns) for table, columns in named if columns]


def _words(table: str, columns: list[str]) -> sql.Composed:
    pairs = [sql.SQL("({}, {})").format(name, sql.Identifier("rows", name)) for name in columns]
    return _WORDS.format(
        table_name=sql.Literal(table),
        table=sql.Identifier("raw", table),
        words=sql.SQL("(values {}) as words (column_name, word)").format(sql.SQL(", ").join(pairs)),
    )


_WORDS = sql.SQL(
    """
    select
        {table_name} as table_name,
        named.*,
        named.column_name = 'channel' and not exists (
            select 1 from {table} as rows cross join lateral {words}
            where
                rows.source_name = inputs.source_name
                and rows.loaded_at <= inputs.known_through
                and words.column_name = named.column_name
                and words.word = named.word
        ) and exists (
            select 1 from {table} as rows cross join lateral {words}
            where
                rows.source_name = inputs.source_name
                and rows.loaded_at <= inputs.known_through
                and words.column_name = named.column_name
                and words.word is not null
        ) as is_first_time
    from inputs
    cross join lateral (
        select words.column_name, words.word, count(*) as row_count
        from {table} as rows cross join lateral {words}
        where
            rows.source_name = inputs.source_name
            and rows.loaded_at > coalesce(inputs.known_through, '-infinity')
            and words.word is not null
        group by 1, 2
    ) as named
    """
)

# One row per entity, column and word.
QUERY = sql.SQL(
    """
    select
        named.*,
        named.table_name || '.' || named.column_name as place,
        cardinality(inputs.brands) > 0
        and named.column_name = 'brand'
        and named.word <> all(inputs.brands) as is_unknown_brand,
        format(
            'Source %s brought %s of %s with the %s ''%s''',
            inputs.source_name,
            to_char(named.row_count, 'FM999,999,999,990')
            || case named.row_count when 1 then ' row' else ' rows' end,
            named.table_name,
            named.column_name,
            named.word
        ) as named_words
    from ({parts}) as named
    cross join inputs
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of the names that rows bring."""
    return ExpectationSuite(
        "vocabulary",
        expectations=[
            blocking("brand", _BRAND),
            warning("channel", _CHANNEL),
        ],
    )


_BRAND = """
select
    place,
    named_words as observed,
    'only brands of [company] in concord.toml are expected' as expected,
    'add the brand there, or map its spelling to a configured one in the source''s mapping'
    as remedy
from {batch}
where is_unknown_brand
order by row_count desc, place, word
"""

_CHANNEL = """
select
    place,
    named_words || ', which it never named before' as observed,
    'a new channel gets figures of its own' as expected,
    'if it is another spelling of a known one, map it in the source''s mapping' as remedy
from {batch}
where is_first_time
order by row_count desc, place, word
"""
