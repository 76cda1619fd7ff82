"""Whether every metric that the data can answer is on the scorecard, in every month it was."""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import blocking, warning
from expectations.suites.marts.board import Board
from expectations.suites.marts.jumps import UNEXPLAINED


def query(board: Board) -> sql.Composed:
    """Compare the metrics of the new scorecard with those of the published one."""
    return _QUERY.format(published=board.published, unexplained=UNEXPLAINED)


# One row per metric.
_QUERY = sql.SQL(
    """
    with vanished as (
        select old.metric_id, count(*) as month_count, min(old.period_start) as first_month
        from {published} as old
        left join marts.scorecard as new
            on
                old.metric_id = new.metric_id
                and old.period_start = new.period_start
                and old.segment_name = new.segment_name
        inner join marts.metric_definitions as definitions
            on
                old.metric_id = definitions.metric_id
                and cast(old.definition_version as text) = cast(definitions.version as text)
        where
            old.segment_name = 'company'
            and not old.is_partial
            and new.metric_id is null
            and {unexplained}
        group by old.metric_id
    )

    select
        definitions.metric_id,
        replace(definitions.needs, ',', ' and ') as needs,
        vanished.month_count as vanished_months,
        vanished.first_month as first_vanished,
        definitions.needs <> ''
        and string_to_array(replace(definitions.needs, ' ', ''), ',') <@ inputs.filled_entities
        and not exists (
            select 1 from marts.scorecard as cards
            where definitions.metric_id = cards.metric_id
        ) as is_missing
    from marts.metric_definitions as definitions
    left join vanished on definitions.metric_id = vanished.metric_id
    cross join inputs
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of the metrics on the scorecard."""
    return ExpectationSuite(
        "presence",
        expectations=[
            blocking("missing metric", _VANISHED),
            warning("metric without a card", _MISSING),
        ],
    )


_VANISHED = """
select
    'scorecard.metric_id' as place,
    format(
        '%s is published for %s, from %s on, that the new scorecard lacks',
        metric_id,
        to_char(vanished_months, 'FM999,990')
        || case vanished_months when 1 then ' month' else ' months' end,
        to_char(first_vanished, 'FMMonth YYYY')
    ) as observed,
    'a published month stays' as expected,
    format(
        'check whether a source, or part of its history, was taken out; if so, say so for %s under'
        ' [[explanations]] in concord.toml, or let it pass once with concord accept',
        metric_id
    ) as remedy
from {batch}
where vanished_months > 0
order by metric_id
"""

_MISSING = """
select
    'scorecard.metric_id' as place,
    format(
        '%s has no row on the scorecard, though there are rows of %s', metric_id, needs
    ) as observed,
    'a metric with data has a card' as expected,
    'this is right while the history is too short for it; if it isn''t, see what its model leaves'
    || ' out' as remedy
from {batch}
where is_missing
order by metric_id
"""
