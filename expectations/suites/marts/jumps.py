"""Whether a published figure of a complete month changes without an explanation."""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import blocking, warning
from expectations.suites.marts.board import Board

# No explanation covers a difference from the published row `old`.
UNEXPLAINED = sql.SQL(
    """
    not exists (
        select 1 from concord.explanations as explanations
        where
            (explanations.metric_id is null or explanations.metric_id = old.metric_id)
            and old.period_start between explanations.first_month and explanations.last_month
    )
    """
)


def query(board: Board) -> sql.Composed:
    """Compare the figures of complete months with the published ones."""
    return _QUERY.format(published=board.published, unexplained=UNEXPLAINED)


# One row per published figure that would change; percentages and points by 2 at least.
_QUERY = sql.SQL(
    """
    select
        old.metric_id,
        old.period_start,
        old.segment_name = 'company' as is_company,
        abs(new.value - old.value) / coalesce(nullif(abs(old.value), 0), abs(new.value))
        > inputs.maximum_jump as is_too_much,
        'scorecard.value' as place,
        format(
            '%s of %s for %s is published as %s %s and would now be %s',
            old.metric_id,
            case
                when old.segment_name = 'company' then 'the whole company'
                else old.segment_name || ' ' || old.segment_value
            end,
            to_char(old.period_start, 'FMMonth YYYY'),
            to_char(old.value, 'FM999,999,999,990.00'),
            old.unit,
            to_char(new.value, 'FM999,999,999,990.00')
        ) as observed,
        format(
            'a published month may change by %s %% at most',
            to_char(100 * inputs.maximum_jump, 'FM999,990')
        ) as expected,
        format(
            'find the rows that were added, changed or lost since; if the change is right, explain'
            ' it for %s and %s under [[explanations]] in concord.toml, or let it pass once with'
            ' concord accept',
            old.metric_id,
            to_char(old.period_start, 'YYYY-MM')
        ) as remedy
    from {published} as old
    inner join marts.scorecard as new
        on
            old.metric_id = new.metric_id
            and old.period_start = new.period_start
            and old.segment_name = new.segment_name
            and old.segment_value = new.segment_value
            and cast(old.definition_version as text) = cast(new.definition_version as text)
    cross join inputs
    where
        not old.is_partial
        and old.value <> new.value
        and (old.unit not in ('percent', 'points', 'segment') or abs(new.value - old.value) >= 2)
        and {unexplained}
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of figures that change.

    A segment may be a handful of people, so it only warns: the company's figure blocks.
    """
    return ExpectationSuite(
        "jumps", expectations=[blocking("jump", _COMPANY), warning("jump of a segment", _SEGMENTS)]
    )


_COMPANY = """
select place, observed, expected, remedy
from {batch}
where is_too_much and is_company
order by period_start desc, metric_id
"""

_SEGMENTS = """
select place, observed, expected, remedy
from {batch}
where is_too_much and not is_company
order by period_start desc, metric_id
"""
