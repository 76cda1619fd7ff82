"""Whether every metric that the data can tell is on the scorecard, in every month it was."""

from psycopg import sql

from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words, literal
from expectations.suites.marts.board import Board, Definition
from expectations.suites.marts.published import unexplained

_LABELS = ("metric_id", "needs", "vanished_months", "first_vanished")
_VANISHED = Rule(
    "missing metric",
    "vanished_months",
    Words(
        "scorecard.metric_id",
        "{metric_id} is published for {vanished_months:,} months, from {first_vanished} on, that"
        " the new scorecard lacks",
        "a published month stays",
        "check whether a source, or part of its history, was taken out; if so, say so for"
        " {metric_id} under [[baseline_shifts]] in concord.toml",
    ),
    maximum=0,
)
_UNTOLD = Rule(
    "metric without a card",
    "is_untold",
    Words(
        "scorecard.metric_id",
        "{metric_id} has no row on the scorecard, though there are rows of {needs}",
        "a metric with data has a card",
        "this is right while the history is too short for it; if it isn't, see what its model"
        " leaves out",
    ),
    WARNING,
    maximum=0,
)


def evidence(board: Board) -> Evidence:
    """Ask one row per metric."""
    query = _PRESENCE.format(
        metrics=sql.SQL(", ").join(_has_data(board, each) for each in board.definitions),
        published=_PUBLISHED if board.was_published else _NOTHING,
        unexplained=unexplained(board),
    )
    return Evidence("presence", query, _LABELS, (_VANISHED, _UNTOLD))


def _has_data(board: Board, definition: Definition) -> sql.Composable:
    has_data = bool(definition.needs) and board.filled_entities >= set(definition.needs)
    return sql.SQL("({}, {}, {})").format(
        literal(definition.metric_id), literal(" and ".join(definition.needs)), literal(has_data)
    )


_PUBLISHED = sql.SQL("published.scorecard")
_NOTHING = sql.SQL("(select * from marts.scorecard where false)")
_PRESENCE = sql.SQL(
    """
    select
        metrics.metric_id,
        metrics.needs,
        coalesce(vanished.month_count, 0) as vanished_months,
        coalesce(to_char(vanished.first_month, 'FMMonth YYYY'), '') as first_vanished,
        case when metrics.has_data and shown.metric_id is null then 1 else 0 end as is_untold
    from (values {metrics}) as metrics (metric_id, needs, has_data)
    left join (select distinct metric_id from marts.scorecard) as shown
        on metrics.metric_id = shown.metric_id
    left join (
        select old.metric_id, count(*) as month_count, min(old.period_start) as first_month
        from {published} as old
        inner join marts.metric_definitions as definitions
            on
                old.metric_id = definitions.metric_id
                and cast(old.definition_version as text) = cast(definitions.version as text)
        where
            old.segment_name = 'company'
            and not old.is_partial
            and {unexplained}
            and not exists (
                select 1 from marts.scorecard as new
                where
                    old.metric_id = new.metric_id
                    and old.period_start = new.period_start
                    and old.segment_name = new.segment_name
            )
        group by old.metric_id
    ) as vanished on metrics.metric_id = vanished.metric_id
    """
)
