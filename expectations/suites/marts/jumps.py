"""Whether a published figure of a complete month changes without an explanation."""

from psycopg import sql

from expectations.limits import PublishLimits
from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words, literal
from expectations.suites.marts.board import Board
from expectations.suites.marts.published import unexplained

_LABELS = ("metric_id", "month", "segment", "unit", "was", "now", "first_day", "allowed_percent")
_FEWEST_POINTS = 2
_JUMPED = Words(
    "scorecard.value",
    "{metric_id} of {segment} for {month} is published as {was:,.2f} {unit} and would now be"
    " {now:,.2f}",
    "a published month may change by {allowed_percent:,.0f} % at most",
    "find the rows that were added, changed or lost since; if the change is right, explain it"
    " with a day of that month (such as {first_day}) for {metric_id} under [[baseline_shifts]] in"
    " concord.toml",
)


def evidence(board: Board, limits: PublishLimits) -> Evidence | None:
    """Ask one row per published figure of a complete month; nothing before the first time.

    A segment may be a handful of people, so it only warns: the company's figure blocks.
    """
    if not board.was_published:
        return None
    query = _JUMPS.format(
        unexplained=unexplained(board),
        fewest_points=literal(_FEWEST_POINTS),
        allowed_percent=literal(100 * limits.maximum_jump),
    )
    company = Rule("jump", "company_change", _JUMPED, maximum=limits.maximum_jump)
    segment = Rule(
        "jump of a segment", "segment_change", _JUMPED, WARNING, maximum=limits.maximum_jump
    )
    return Evidence("jumps", query, _LABELS, (company, segment))


_JUMPS = sql.SQL(
    """
    select
        metric_id,
        unit,
        to_char(period_start, 'FMMonth YYYY') as month,
        to_char(period_start, 'YYYY-MM-DD') as first_day,
        case
            when segment_name = 'company' then 'the whole company'
            else segment_name || ' ' || segment_value
        end as segment,
        was,
        now,
        cast({allowed_percent} as double precision) as allowed_percent,
        case when segment_name = 'company' then change end as company_change,
        case when segment_name <> 'company' then change end as segment_change
    from (
        select
            old.metric_id,
            old.unit,
            old.period_start,
            old.segment_name,
            old.segment_value,
            cast(old.value as double precision) as was,
            cast(new.value as double precision) as now,
            cast(
                abs(new.value - old.value)
                / coalesce(nullif(abs(old.value), 0), abs(new.value))
                as double precision
            ) as change
        from published.scorecard as old
        inner join marts.scorecard as new
            on
                old.metric_id = new.metric_id
                and old.period_start = new.period_start
                and old.segment_name = new.segment_name
                and old.segment_value = new.segment_value
                and cast(old.definition_version as text) = cast(new.definition_version as text)
        where
            not old.is_partial
            and old.value <> new.value
            and (
                old.unit not in ('percent', 'points', 'segment')
                or abs(new.value - old.value) >= {fewest_points}
            )
            and {unexplained}
    ) as changed
    order by segment_name <> 'company', period_start desc, metric_id
    """
)
