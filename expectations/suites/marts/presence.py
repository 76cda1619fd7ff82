"""Whether every metric that the data can tell is on the scorecard, in every month it was."""

from psycopg import sql

from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words, literal, union
from expectations.suites.marts.board import Board, Definition
from expectations.suites.marts.published import NO_SHIFT, UNEXPLAINED

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
    query = union([_query(board, definition) for definition in board.definitions])
    return Evidence("presence", query, _LABELS, (_VANISHED, _UNTOLD))


def _query(board: Board, definition: Definition) -> sql.Composable:
    has_data = bool(definition.needs) and board.filled_entities >= set(definition.needs)
    unexplained = UNEXPLAINED if board.has("concord.baseline_shifts") else NO_SHIFT
    return _PRESENCE.format(
        metric_id=literal(definition.metric_id),
        needs=literal(" and ".join(definition.needs)),
        has_data=literal(has_data),
        published=_PUBLISHED if board.was_published else _NOTHING,
        unexplained=unexplained,
    )


_PUBLISHED = sql.SQL("published.scorecard")
_NOTHING = sql.SQL("(select * from marts.scorecard where false)")
_PRESENCE = sql.SQL(
    """
    select
        {metric_id} as metric_id,
        {needs} as needs,
        vanished.vanished_months,
        coalesce(to_char(vanished.first_month, 'FMMonth YYYY'), '') as first_vanished,
        case when {has_data} and not exists (
            select 1 from marts.scorecard where metric_id = {metric_id}
        ) then 1 else 0 end as is_untold
    from (
        select count(*) as vanished_months, min(old.period_start) as first_month
        from {published} as old
        left join marts.scorecard as new
            on
                old.metric_id = new.metric_id
                and old.period_start = new.period_start
                and old.segment_name = new.segment_name
                and old.segment_value = new.segment_value
        left join marts.metric_definitions as definitions
            on old.metric_id = definitions.metric_id
        where
            old.metric_id = {metric_id}
            and old.segment_name = 'company'
            and not old.is_partial
            and new.metric_id is null
            and old.definition_version = definitions.version
            and {unexplained}
    ) as vanished
    """
)
