"""What the new rows look like beside those before: how empty they are, how big amounts are."""

from psycopg import sql

from expectations.limits import ArrivalLimits
from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words, literal, union
from expectations.suites.raw.arrivals import OWN_COLUMNS, Arrivals, Table

_AMOUNTS = {"orders": "gross_amount"}
# Filled some time after the row arrived: new rows have less of them by nature.
_FILLED_LATER = frozenset(
    {"solved_at", "rated_at", "score", "refunded_amount", "edited_at", "ends_on", "agent_id"}
)
# Filled where a row is about something: a campaign or a crisis moves their share.
_OCCASIONAL = frozenset(
    {"campaign_id", "referrer_customer_id", "ticket_id", "conversation_id", "author_id"}
    | {"in_reply_to_id", "in_reply_to_account_id", "repost_of_id", "reblog_of_id", "comment"}
    | {"author_of", "mention_of", "found_for", "hashtags", "spoiler_text", "topic"}
)
_MOST_POINTS = 20
_MOST_TIMES = 5
_FEWEST_ROWS = 30
_SAMPLE = 200_000
_LABELS = ("source_name", "table_name", "column_name", "currency", "new_rows", "now", "before")
_PLACE = "{table_name}.{column_name}"

_EMPTIER = Words(
    _PLACE,
    "Column {column_name} of {table_name} from source {source_name} is empty in {now:.0f} % of"
    " the {new_rows:,} new rows, and was in {before:.0f} % of those before",
    f"at most {_MOST_POINTS} points more are let through",
    "check whether the export lost or renamed the column; if it is gone for good, leave it out of"
    " the source's mapping in concord.toml",
)
_OTHER_SIZE = Words(
    _PLACE,
    "The mean {column_name} of {table_name} from source {source_name} is {now:,.2f} {currency} in"
    " the {new_rows:,} new rows, and was {before:,.2f} before",
    f"at most {_MOST_TIMES} times more or less is let through",
    "check the unit (cents or whole), the decimal sign and the currency of the export",
)
_RULES = (
    Rule("null rate", "rise", _EMPTIER, maximum=_MOST_POINTS),
    Rule("null rate of links", "occasional_rise", _EMPTIER, WARNING, maximum=_MOST_POINTS),
    Rule("range", "mean_ratio", _OTHER_SIZE, minimum=1 / _MOST_TIMES, maximum=_MOST_TIMES),
)


def evidence(arrivals: Arrivals, limits: ArrivalLimits) -> Evidence | None:
    """Ask one row per column; nothing without history.

    Both sides need 30 rows; of a long history a fixed sample of pages is read.
    """
    if arrivals.known_through is None or not arrivals.tables:
        return None
    parts = [_emptiness(arrivals, table) for table in arrivals.tables]
    parts += [
        _mean(arrivals, table)
        for table in arrivals.tables
        if _AMOUNTS.get(table.name) in table.columns and "currency" in table.columns
    ]
    return Evidence("shape", union(parts), _LABELS, _RULES)


def _emptiness(arrivals: Arrivals, table: Table) -> sql.Composable:
    judged = sorted(table.columns.keys() - OWN_COLUMNS - _FILLED_LATER)
    counts = [
        sql.SQL("count({}) as {}").format(sql.Identifier(name), sql.Identifier(name))
        for name in judged
    ]
    pairs = [
        sql.SQL("({}, {}, {}, {})").format(
            literal(name),
            literal(name in _OCCASIONAL),
            sql.Identifier("arrived", name),
            sql.Identifier("known", name),
        )
        for name in judged
    ]
    return _EMPTINESS.format(
        **_sides(arrivals, table),
        counts=sql.SQL(", ").join(counts),
        pairs=sql.SQL(", ").join(pairs),
    )


def _sides(arrivals: Arrivals, table: Table) -> dict[str, sql.Composable]:
    return {
        "source_name": literal(arrivals.source_name),
        "table_name": literal(table.name),
        "table": sql.Identifier(arrivals.schema, table.name),
        "sampled": _sampled(arrivals, table),
        "known_through": literal(arrivals.known_through),
        "fewest": literal(_FEWEST_ROWS),
    }


def _sampled(arrivals: Arrivals, table: Table) -> sql.Composable:
    """Name the table, or a fixed sample of a big one's pages: history is read for its shares."""
    name = sql.Identifier(arrivals.schema, table.name)
    if table.estimated_rows <= 2 * _SAMPLE:
        return name
    percent = literal(100 * _SAMPLE / table.estimated_rows)
    return sql.SQL("{} tablesample system ({}) repeatable (1)").format(name, percent)


_EMPTINESS = sql.SQL(
    """
    select
        {source_name} as source_name,
        {table_name} as table_name,
        each.column_name,
        '' as currency,
        arrived.row_count as new_rows,
        100 * (1 - each.filled / cast(arrived.row_count as double precision)) as now,
        100 * (1 - each.was_filled / cast(known.row_count as double precision)) as before,
        case when not each.is_occasional then
            100 * (each.was_filled / cast(known.row_count as double precision)
            - each.filled / cast(arrived.row_count as double precision))
        end as rise,
        case when each.is_occasional then
            100 * (each.was_filled / cast(known.row_count as double precision)
            - each.filled / cast(arrived.row_count as double precision))
        end as occasional_rise,
        cast(null as double precision) as mean_ratio
    from (
        select count(*) as row_count, {counts} from {table}
        where source_name = {source_name} and loaded_at > {known_through}
    ) as arrived
    cross join lateral (
        select count(*) as row_count, {counts} from {sampled}
        where
            source_name = {source_name}
            and loaded_at <= {known_through}
            and arrived.row_count >= {fewest}
    ) as known
    cross join lateral (
        values {pairs}
    ) as each (column_name, is_occasional, filled, was_filled)
    where arrived.row_count >= {fewest} and known.row_count >= {fewest}
    """
)


def _mean(arrivals: Arrivals, table: Table) -> sql.Composable:
    column = _AMOUNTS[table.name]
    return _MEAN.format(
        **_sides(arrivals, table), column_name=literal(column), amount=sql.Identifier(column)
    )


_MEAN = sql.SQL(
    """
    select
        {source_name} as source_name,
        {table_name} as table_name,
        {column_name} as column_name,
        arrived.currency,
        arrived.row_count as new_rows,
        arrived.mean as now,
        known.mean as before,
        cast(null as double precision) as rise,
        cast(null as double precision) as occasional_rise,
        arrived.mean / known.mean as mean_ratio
    from (
        select
            coalesce(currency, '') as currency,
            count({amount}) as row_count,
            cast(avg({amount}) as double precision) as mean
        from {table}
        where source_name = {source_name} and loaded_at > {known_through}
        group by 1
        having count({amount}) >= {fewest}
    ) as arrived
    inner join (
        select
            coalesce(currency, '') as currency,
            cast(avg({amount}) as double precision) as mean
        from {sampled}
        where source_name = {source_name} and loaded_at <= {known_through}
        group by 1
        having count({amount}) >= {fewest}
    ) as known on arrived.currency = known.currency
    where known.mean > 0
    """
)
