"""Whether times are what they seem: of a day or of a minute, in one zone, of this century.

Waits are made of two times. Those that can't be right are left out, and the others look well.
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import warning
from expectations.suites.raw.arrivals import Arrivals, sampled

_DAYS = {"tickets": "created_at", "messages": "sent_at"}


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Look at times of day, at the order of two times, and at what is far older than the rest."""
    entities = {entity.name: entity for entity in arrivals.entities}
    days = [
        _TIMES_OF_DAY.format(
            place=sql.Literal(f"{name}.{column}"),
            sampled=sampled(arrivals, entities[name]),
            moment=sql.Identifier("rows", column),
        )
        for name, column in _DAYS.items()
        if name in entities
    ]
    old = [
        _OLD.format(
            place=sql.Literal(f"{entity.name}.{entity.event_time}"),
            table=sql.Identifier("raw", entity.name),
            moment=sql.Identifier("rows", entity.event_time),
        )
        for entity in arrivals.entities
        if entity.event_time
    ]
    return [*days, *old, *([_SOLVES.format()] if "tickets" in entities else [])]


# All rows are asked, not only the new ones: the fault stays until somebody corrects the mapping.
# Days in a zone with summer time have two times of day in UTC.
_TIMES_OF_DAY = sql.SQL(
    """
    select
        'days only' as fault,
        {place} as place,
        count(*) as row_count,
        count(*) as of_count,
        cast(null as timestamptz) as oldest_at,
        count(distinct cast({moment} at time zone 'UTC' as time)) <= 2
        and count(distinct cast({moment} at time zone 'UTC' as date)) >= 20 as is_doubtful
    from {sampled}
    inner join inputs on rows.source_name = inputs.source_name
    """
)

_SOLVES = sql.SQL(
    """
    select
        'solved before opened' as fault,
        'tickets.solved_at' as place,
        count(*) filter (where is_before) as row_count,
        count(*) as of_count,
        cast(null as timestamptz) as oldest_at,
        count(*) filter (where is_before) >= greatest(5, 0.01 * count(*)) as is_doubtful
    from (
        select rows.solved_at < rows.created_at - interval '5 minutes' as is_before
        from raw.tickets as rows
        inner join inputs on rows.source_name = inputs.source_name
        where rows.solved_at >= '1971-01-01'
    ) as solves
    """
)

# A few rows, and then none for two years: the last such gap.
_OLD = sql.SQL(
    """
    select
        'long before' as fault,
        {place} as place,
        cast(max(so_far) as bigint) as row_count,
        cast(max(total) as bigint) as of_count,
        min(first_month) as oldest_at,
        count(*) > 0 as is_doubtful
    from (
        select
            months.month,
            lead(months.month) over in_order as next_month,
            min(months.month) over () as first_month,
            sum(months.row_count) over in_order as so_far,
            sum(months.row_count) over () as total
        from (
            select date_trunc('month', {moment}, 'UTC') as month, count(*) as row_count
            from {table} as rows
            inner join inputs on rows.source_name = inputs.source_name
            where {moment} is not null
            group by 1
        ) as months
        window in_order as (order by months.month)
    ) as gaps
    where
        total >= 20
        and so_far <= greatest(2, 0.01 * total)
        and next_month > month + interval '25 months'
    """
)

# One row per fault and column.
QUERY = sql.SQL(
    """
    select measured.*, inputs.source_name
    from ({parts}) as measured
    cross join inputs
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of times."""
    return ExpectationSuite(
        "clocks",
        expectations=[
            warning("days only", _DAYS_ONLY),
            warning("order of times", _ORDER),
            warning("long before", _LONG_BEFORE),
        ],
    )


_DAYS_ONLY = """
select
    place,
    format(
        'All %s times in %s from source %s are of the same time of day',
        to_char(row_count, 'FM999,999,999,990'), place, source_name
    ) as observed,
    'waits are measured in minutes, for which times of day are expected' as expected,
    'export the times with hours and minutes; of days alone, who was answered on the same day'
    || ' waited 0 minutes or is left out' as remedy
from {batch}
where fault = 'days only' and is_doubtful
order by place
"""

_ORDER = """
select
    place,
    format(
        '%s of the %s tickets with a solved_at from source %s were solved more than 5 minutes'
        ' before they were opened',
        to_char(row_count, 'FM999,999,999,990'), to_char(of_count, 'FM999,999,999,990'), source_name
    ) as observed,
    'a solve comes after its ticket is opened, else its time counts as unknown' as expected,
    'check the time_zone of both columns in the source''s mapping' as remedy
from {batch}
where fault = 'solved before opened' and is_doubtful
"""

_LONG_BEFORE = """
select
    place,
    format(
        '%s of the %s rows of %s from source %s lie more than two years before the next one, the'
        ' oldest in %s',
        to_char(row_count, 'FM999,999,999,990'),
        to_char(of_count, 'FM999,999,999,990'),
        split_part(place, '.', 1),
        source_name,
        to_char(oldest_at at time zone 'UTC', 'FMMonth YYYY')
    ) as observed,
    'no such gap is expected: figures and limits of signals begin with the oldest row' as expected,
    format(
        'if the system writes this date where it has none, add it to null_values of the source''s'
        ' mapping, then `concord sources reset %s`; if it is right, there is nothing to do',
        source_name
    ) as remedy
from {batch}
where fault = 'long before' and is_doubtful
order by place
"""
