"""How many rows came when: volume against history, freshness, nothing from the future."""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.entities import ArrivingEntity
from expectations.suites.checks import blocking, warning
from expectations.suites.raw.arrivals import Arrivals


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Count the rows of each week, for every entity that happens at a time."""
    return [_weeks(entity, entity.event_time) for entity in arrivals.entities if entity.event_time]


def _weeks(entity: ArrivingEntity, event_time: str) -> sql.Composed:
    moment: sql.Composable = sql.Identifier(event_time)
    if entity.is_event_time_a_day:
        moment = sql.SQL("(cast({} as timestamp) at time zone 'UTC')").format(moment)
    return _WEEKS.format(
        table_name=sql.Literal(entity.name),
        column_name=sql.Literal(event_time),
        surges=sql.Literal(entity.surges),
        # A cost, and a day of ads, may be booked for a day to come; nothing that happened can.
        can_be_ahead=sql.Literal(entity.is_event_time_a_day),
        table=sql.Identifier("raw", entity.name),
        moment=moment,
    )


# The weeks are counted back from the day of the newest row, so that a source that is exported
# monthly isn't taken for one that dries up: how old its rows may be is freshness.
_WEEKS = sql.SQL(
    """
    select
        {table_name} as table_name,
        {column_name} as column_name,
        {surges} as surges,
        newest.*,
        volume.*,
        (
            select count(*) from {table} as rows
            where
                not {can_be_ahead}
                and newest.newest_at > inputs.as_of + interval '1 day'
                and rows.source_name = inputs.source_name
                and {moment} > inputs.as_of + interval '1 day'
        ) as rows_ahead
    from inputs
    cross join lateral (
        select
            max({moment}) as newest_at,
            date_trunc('day', least(max({moment}), inputs.as_of), 'UTC') as week_end
        from {table} as rows
        where rows.source_name = inputs.source_name
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
            from {table} as rows
            where
                rows.source_name = inputs.source_name
                and {moment} < newest.week_end
                and {moment} >= newest.week_end - interval '63 days'
            group by week_back
        ) as counted on week = counted.week_back
    ) as volume
    where newest.newest_at is not null
    """
)

# One row per entity. Campaigns come and go: only what has rows every week can be late, and the
# freshest of all.
QUERY = sql.SQL(
    """
    with measured as (
        select
            weeks.*,
            inputs.*,
            weeks.fewest > 0 as is_steady,
            extract(epoch from inputs.as_of - weeks.newest_at) / 86400 as days_since_newest
        from ({parts}) as weeks
        cross join inputs
    )

    select
        *,
        usual >= 20 and rows_in_week < fewest as is_low,
        usual >= 20 and rows_in_week > most as is_high,
        is_steady or days_since_newest = min(days_since_newest) over () as can_be_late,
        table_name || '.' || column_name as place,
        to_char(newest_at at time zone 'UTC', 'FMDD FMMonth YYYY') as newest_day,
        format(
            'Source %s brought %s of %s for the 7 days before %s, where a usual week has %s',
            source_name,
            to_char(rows_in_week, 'FM999,999,999,990')
            || case rows_in_week when 1 then ' row' else ' rows' end,
            table_name,
            to_char(week_end at time zone 'UTC', 'FMDD FMMonth YYYY'),
            to_char(usual, 'FM999,999,999,990')
        ) as volume_seen
    from measured
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of the history of arrivals."""
    return ExpectationSuite(
        "arrival_history",
        expectations=[
            blocking("volume", _VOLUME),
            warning("surge", _SURGE),
            blocking("future", _FUTURE),
            blocking("freshness", _FRESHNESS),
            warning("silence", _SILENCE),
        ],
    )


_VOLUME = """
select
    place,
    volume_seen as observed,
    format(
        'between %s and %s are expected',
        to_char(minimum_volume_share * usual, 'FM999,999,999,990'),
        to_char(maximum_volume_ratio * usual, 'FM999,999,999,990')
    ) as expected,
    'check that the export is complete and holds nothing twice; if the change is real, widen'
    || ' minimum_volume_share or maximum_volume_ratio under [gates] in concord.toml' as remedy
from {batch}
where
    (is_low and rows_in_week < minimum_volume_share * usual)
    or (is_high and rows_in_week > maximum_volume_ratio * usual and not surges)
order by place
"""

_SURGE = """
select
    place,
    volume_seen as observed,
    'a surge is let in, for a crisis looks like this' as expected,
    'read what people say, and check that the export holds nothing twice' as remedy
from {batch}
where surges and is_high and rows_in_week > maximum_volume_ratio * usual
order by place
"""

_FUTURE = """
select
    place,
    format(
        'Source %s brought %s of %s whose %s lies more than a day in the future',
        source_name,
        to_char(rows_ahead, 'FM999,999,999,990')
        || case rows_ahead when 1 then ' row' else ' rows' end,
        table_name,
        column_name
    ) as observed,
    'nothing can have happened yet' as expected,
    format(
        'check the time format and time zone of %s in the source''s mapping; rows that an earlier'
        || ' version loaded, and that their source has no longer, can be deleted from raw.%s',
        column_name,
        table_name
    ) as remedy
from {batch}
where rows_ahead > 0
order by place
"""

_FRESHNESS = """
select
    place,
    format(
        'The newest row of %s from source %s is of %s, %s days ago',
        table_name, source_name, newest_day, to_char(days_since_newest, 'FM999,999,990')
    ) as observed,
    format('freshness_days under [gates] in concord.toml allows %s', freshness_days) as expected,
    'check that the export still runs and reaches Concord' as remedy
from {batch}
where can_be_late and days_since_newest > freshness_days
order by place
"""

_SILENCE = """
select
    place,
    format(
        'Source %s has brought no row of %s since %s', source_name, table_name, newest_day
    ) as observed,
    format('a usual week has %s', to_char(usual, 'FM999,999,999,990')) as expected,
    'check that the export still runs; to block on it, set freshness_days under [gates] in'
    || ' concord.toml' as remedy
from {batch}
where freshness_days is null and is_steady and usual >= 20 and days_since_newest > 7
order by place
"""
