"""How many rows came when: volume against history, freshness, nothing from the future."""

from psycopg import sql

from expectations.limits import ArrivalLimits
from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words, literal, union
from expectations.suites.raw.arrivals import Arrivals, Table

EVENT_TIMES = {
    "orders": "ordered_at",
    "tickets": "created_at",
    "messages": "sent_at",
    "satisfaction_ratings": "rated_at",
    "survey_responses": "answered_at",
    "campaign_touches": "sent_at",
    "campaign_costs": "cost_date",
    "statuses": "created_at",
}
# What people say of their own accord surges in a crisis, when nobody can do without figures.
_TALK = frozenset({"tickets", "messages", "statuses"})
_FEWEST_A_WEEK = 20
_PLACE = "{table_name}.{column_name}"

_VOLUME = Words(
    _PLACE,
    "Source {source_name} brought {rows_in_week:,} rows of {table_name} for the 7 days before"
    " {week_end}, where a usual week has {usual:,.0f}",
    "between {fewest_expected:,.0f} and {most_expected:,.0f} are expected",
    "check that the export is complete and holds nothing twice; if the change is real, widen"
    " minimum_volume_share or maximum_volume_ratio under [gates] in concord.toml",
)
_SURGE = Words(
    _PLACE,
    "Source {source_name} brought {rows_in_week:,} rows of {table_name} for the 7 days before"
    " {week_end}, where a usual week has {usual:,.0f}",
    "a surge is let in, for a crisis looks like this",
    "read what people say, and check that the export holds nothing twice",
)
_STALE = Words(
    _PLACE,
    "The newest row of {table_name} from source {source_name} is of {newest_day},"
    " {days_since_newest:,.0f} days ago",
    "freshness_days under [gates] in concord.toml allows {days_allowed:g}",
    "check that the export still runs and reaches Concord",
)
_SILENT = Words(
    _PLACE,
    "Source {source_name} has brought no row of {table_name} since {newest_day}",
    "a usual week has {usual:,.0f}",
    "check that the export still runs; to block on it, set freshness_days under [gates] in"
    " concord.toml",
)
_AHEAD = Words(
    _PLACE,
    "Source {source_name} brought {rows_ahead:,} rows of {table_name} whose {column_name} lies"
    " more than a day in the future",
    "nothing can have happened yet",
    "check the time format and time zone of {column_name} in the source's mapping",
)
_LABELS = ("source_name", "table_name", "column_name", "newest_day", "week_end", "usual")
_COUNTS = ("rows_in_week", "rows_ahead", "days_since_newest")
_EXPECTED = ("fewest_expected", "most_expected", "days_allowed")


def evidence(arrivals: Arrivals, limits: ArrivalLimits) -> Evidence | None:
    """Ask one row per table with an event time: its newest week, its newest row.

    The weeks are counted back from the day of the newest row, so that a source that is exported
    monthly isn't taken for one that dries up: how old its rows may be is freshness.
    """
    timed = [table for table in arrivals.tables if EVENT_TIMES.get(table.name) in table.columns]
    if not timed:
        return None
    tables = union([_query(arrivals, limits, table) for table in timed])
    query = _AGED.format(tables=tables, fewest_a_week=literal(_FEWEST_A_WEEK))
    return Evidence("rhythm", query, (*_LABELS, *_COUNTS, *_EXPECTED), _rules(limits))


def _rules(limits: ArrivalLimits) -> tuple[Rule, ...]:
    volume = Rule(
        "volume",
        "share_of_usual",
        _VOLUME,
        minimum=limits.minimum_volume_share,
        maximum=limits.maximum_volume_ratio,
    )
    surge = Rule("surge", "surge", _SURGE, WARNING, maximum=limits.maximum_volume_ratio)
    ahead = Rule("future", "rows_ahead", _AHEAD, maximum=0)
    if limits.freshness_days is None:
        return volume, surge, ahead, Rule("silence", "days_silent", _SILENT, WARNING, maximum=7)
    age = Rule("freshness", "days_stale", _STALE, maximum=limits.freshness_days)
    return volume, surge, ahead, age


# Campaigns come and go: only what has rows every week can be late, and the freshest of all.
_AGED = sql.SQL(
    """
    select
        *,
        case when is_steady or days_since_newest = min(days_since_newest) over ()
            then days_since_newest
        end as days_stale,
        case when is_steady and usual >= {fewest_a_week} then days_since_newest end
            as days_silent
    from ({tables}) as measured
    """
)


def _query(arrivals: Arrivals, limits: ArrivalLimits, table: Table) -> sql.Composable:
    column = EVENT_TIMES[table.name]
    moment: sql.Composable = sql.Identifier(column)
    is_date = table.columns[column] == "date"
    if is_date:
        moment = sql.SQL("(cast({} as timestamp) at time zone 'UTC')").format(moment)
    return _RHYTHM.format(
        source_name=literal(arrivals.source_name),
        table_name=literal(table.name),
        column_name=literal(column),
        table=sql.Identifier(arrivals.schema, table.name),
        moment=moment,
        as_of=literal(arrivals.as_of),
        # A cost may be booked for a day to come; nothing that happened can.
        can_be_ahead=literal(is_date),
        is_talk=literal(table.name in _TALK),
        fewest_a_week=literal(_FEWEST_A_WEEK),
        minimum=literal(limits.minimum_volume_share),
        maximum=literal(limits.maximum_volume_ratio),
        days_allowed=literal(limits.freshness_days or 0),
    )


_RHYTHM = sql.SQL(
    """
    select
        {source_name} as source_name,
        {table_name} as table_name,
        {column_name} as column_name,
        to_char(newest.newest_at at time zone 'UTC', 'FMDD FMMonth YYYY') as newest_day,
        to_char(newest.week_end at time zone 'UTC', 'FMDD FMMonth YYYY') as week_end,
        cast(extract(epoch from {as_of} - newest.newest_at) / 86400 as double precision)
            as days_since_newest,
        newest.rows_ahead,
        weeks.rows_in_week,
        weeks.usual,
        weeks.fewest > 0 as is_steady,
        {minimum} * weeks.usual as fewest_expected,
        {maximum} * weeks.usual as most_expected,
        {days_allowed} as days_allowed,
        case
            when weeks.usual >= {fewest_a_week} and (
                weeks.rows_in_week < weeks.fewest
                or (weeks.rows_in_week > weeks.most and not {is_talk})
            ) then cast(weeks.rows_in_week / weeks.usual as double precision)
        end as share_of_usual,
        case
            when weeks.usual >= {fewest_a_week} and weeks.rows_in_week > weeks.most and {is_talk}
                then cast(weeks.rows_in_week / weeks.usual as double precision)
        end as surge
    from (
        select
            max({moment}) as newest_at,
            date_trunc('day', least(max({moment}), {as_of}), 'UTC') as week_end,
            count(*) filter (
                where not {can_be_ahead} and {moment} > {as_of} + interval '1 day'
            ) as rows_ahead
        from {table} where source_name = {source_name}
    ) as newest
    cross join lateral (
        select
            coalesce(max(counted.row_count) filter (where week = 0), 0) as rows_in_week,
            percentile_cont(0.5) within group (order by coalesce(counted.row_count, 0))
                filter (where week > 0) as usual,
            min(coalesce(counted.row_count, 0)) filter (where week > 0) as fewest,
            max(coalesce(counted.row_count, 0)) filter (where week > 0) as most
        from generate_series(0, 8) as week
        left join (
            select
                ceil(extract(epoch from newest.week_end - {moment}) / 604800) - 1 as week_back,
                count(*) as row_count
            from {table}
            where
                source_name = {source_name}
                and {moment} < newest.week_end
                and {moment} >= newest.week_end - interval '63 days'
            group by 1
        ) as counted on counted.week_back = week
    ) as weeks
    where newest.newest_at is not null
    """
)
