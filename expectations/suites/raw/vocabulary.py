"""Which brands and channels the new rows name; all rows are new where there is no history."""

from psycopg import sql

from expectations.limits import ArrivalLimits
from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words, literal, union
from expectations.suites.raw.arrivals import Arrivals, Table

_PLACE = "{table_name}.{column_name}"

_UNKNOWN_BRAND = Words(
    _PLACE,
    "Source {source_name} brought {row_count:,} rows of {table_name} with the brand {word!r}",
    "only brands of [company] in concord.toml are expected",
    "add the brand there, or map its spelling to a configured one in the source's mapping",
)
_NEW_CHANNEL = Words(
    _PLACE,
    "Source {source_name} brought {row_count:,} rows of {table_name} with the channel {word!r},"
    " which it never named before",
    "a new channel gets figures of its own",
    "if it is another spelling of a known one, map it in the source's mapping",
)


def evidence(arrivals: Arrivals, limits: ArrivalLimits) -> Evidence | None:
    """Ask one row per brand and channel that new rows name."""
    parts = [
        _words_of(arrivals, table, column)
        for table in arrivals.tables
        for column in ("brand", "channel")
        if column in table.columns
    ]
    if not parts:
        return None
    rules = [Rule("channel", "is_strange", _NEW_CHANNEL, WARNING, maximum=0)]
    if limits.brands:
        rules.append(Rule("brand", "brand", _UNKNOWN_BRAND, values=limits.brands))
    labels = ("source_name", "table_name", "column_name", "word", "row_count")
    return Evidence("vocabulary", union(parts), labels, tuple(rules))


def _words_of(arrivals: Arrivals, table: Table, column: str) -> sql.Composable:
    is_brand = column == "brand"
    since = arrivals.known_through
    judged_by_history = not is_brand and since is not None
    return _VOCABULARY.format(
        source_name=literal(arrivals.source_name),
        table_name=literal(table.name),
        column_name=literal(column),
        column=sql.Identifier(column),
        table=sql.Identifier(arrivals.schema, table.name),
        is_new=sql.SQL("true") if since is None else sql.SQL("loaded_at > ") + literal(since),
        brand=sql.SQL("cast(named.word as text)") if is_brand else sql.SQL("cast(null as text)"),
        is_strange=_strange(arrivals, table, column) if judged_by_history else sql.SQL("0"),
    )


def _strange(arrivals: Arrivals, table: Table, column: str) -> sql.Composable:
    """Tell whether a word is new to a table that had words before."""
    known = sql.SQL(
        """
        select 1 from {table} as known
        where known.source_name = {source_name} and known.loaded_at <= {since}
        """
    ).format(
        table=sql.Identifier(arrivals.schema, table.name),
        source_name=literal(arrivals.source_name),
        since=literal(arrivals.known_through),
    )
    return sql.SQL(
        """
        case when exists ({known} and known.{column} = named.word) then 0
            when exists ({known} and known.{column} is not null) then 1
            else 0
        end
        """
    ).format(known=known, column=sql.Identifier(column))


_VOCABULARY = sql.SQL(
    """
    select
        {source_name} as source_name,
        {table_name} as table_name,
        {column_name} as column_name,
        named.word,
        named.row_count,
        {brand} as brand,
        {is_strange} as is_strange
    from (
        select {column} as word, count(*) as row_count
        from {table}
        where source_name = {source_name} and {is_new} and {column} is not null
        group by 1
    ) as named
    """
)
