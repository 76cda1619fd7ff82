"""Whether each row of the scorecard can be true by itself: bounds, intervals, suppression."""

from psycopg import sql

from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words
from expectations.suites.marts.board import Board

# Values are rounded when they are written, so equal figures may part in the last digit.
_TOLERANCE = 0.000001
_SHARE = "a share lies between 0 and 100 %"
_LABELS = ("metric_id", "month", "segment", "shown", "low", "high", "top", "base", "unit")
_WHEN = "limits_words", "as_of_day", "data_day"
_CARD = "{metric_id} of {segment} in {month}"
_TRACE = (
    "open the rows behind the card and correct the source or the metric's model; what was"
    " published before stays until then"
)


def _bounds(measure: str, expected: str, limits: tuple[float | None, float | None]) -> Rule:
    words = Words("scorecard.value", f"{_CARD} is {{shown:,.2f}} {{unit}}", expected, _TRACE)
    return Rule("bounds", measure, words, minimum=limits[0], maximum=limits[1])


_RULES = (
    _bounds("share", _SHARE, (0, 100)),
    _bounds("net_share", "it lies between -100 and 100", (-100, 100)),
    _bounds("amount", "it can't be below 0", (0, None)),
    Rule(
        "interval",
        "outside_interval",
        Words(
            "scorecard.ci_low",
            f"{_CARD} is {{shown:,.2f}}, outside its own interval from {{low:,.2f}} to"
            " {high:,.2f}",
            "a value lies within its interval",
            "correct the interval of the metric's model",
        ),
        maximum=_TOLERANCE,
    ),
    Rule(
        "share of its base",
        "excess",
        Words(
            "scorecard.numerator",
            f"{_CARD} counts {{top:,.0f}} of {{base:,.0f}}",
            "a part can't be more than the whole",
            _TRACE,
        ),
        maximum=_TOLERANCE,
    ),
    Rule(
        "suppression",
        "shown_in_spite",
        Words(
            "scorecard.suppressed_reason",
            f"{_CARD} is suppressed and yet shows a figure",
            "a suppressed card shows none",
            "correct the scorecard's model; too few people stand behind this figure to show it",
        ),
    ),
    Rule(
        "data as of",
        "days_ahead",
        Words(
            "scorecard.data_as_of",
            f"{_CARD} says that its data is of {{data_day}}, and it is {{as_of_day}}",
            "data can't be from the future",
            "check the time zone of the source and the clock of this machine",
        ),
        maximum=0,
    ),
    Rule(
        "natural limits",
        "limit_widths",
        Words(
            "scorecard.value",
            f"{_CARD} is {{shown:,.2f}}, far outside its natural limits of {{limits_words}}",
            "a figure lies within 3 times their distance from their middle",
            "look whether the source is complete before you act on the figure; if you know the"
            " cause, add it under [[baseline_shifts]] in concord.toml",
        ),
        WARNING,
        maximum=3,
    ),
)


def evidence(board: Board) -> Evidence:
    """Ask one row per row of the scorecard, the newest months of the company first."""
    query = _CARDS.format(as_of=_as_of(board))
    return Evidence("cards", query, (*_LABELS, *_WHEN), _RULES)


def _as_of(board: Board) -> sql.SQL:
    """The moment that the marts were built for: an archive's clock stands still."""
    if not board.has("concord.builds"):
        return sql.SQL("now()")
    latest = "(select as_of from concord.builds order by build_id desc limit 1)"
    return sql.SQL("coalesce(" + latest + ", now())")


_CARDS = sql.SQL(
    """
    select
        cards.metric_id,
        to_char(cards.period_start, 'FMMonth YYYY') as month,
        case
            when cards.segment_name = 'company' then 'the whole company'
            else cards.segment_name || ' ' || cards.segment_value
        end as segment,
        cards.unit,
        cast(coalesce(cards.value, 0) as double precision) as shown,
        cast(coalesce(cards.ci_low, 0) as double precision) as low,
        cast(coalesce(cards.ci_high, 0) as double precision) as high,
        cast(coalesce(cards.numerator, 0) as double precision) as top,
        cast(coalesce(cards.denominator, 0) as double precision) as base,
        to_char(clock.as_of, 'FMDD FMMonth YYYY HH24') || ' h' as as_of_day,
        coalesce(to_char(cards.data_as_of, 'FMDD FMMonth YYYY HH24') || ' h', 'never') as data_day,
        concat(round(cards.limit_low, 2), ' to ', round(cards.limit_high, 2)) as limits_words,
        case when definitions.interval_method = 'wilson' then cast(cards.value as double precision)
        end as share,
        case when definitions.interval_method = 'nps' then cast(cards.value as double precision)
        end as net_share,
        case when cards.unit in ('minutes', 'count', 'currency')
            then cast(cards.value as double precision)
        end as amount,
        cast(greatest(cards.ci_low - cards.value, cards.value - cards.ci_high) as double precision)
            as outside_interval,
        case when definitions.interval_method in ('wilson', 'nps', 'km')
            then cast(abs(cards.numerator) - cards.denominator as double precision)
        end as excess,
        case when cards.suppressed_reason is not null
            then cast(coalesce(cards.value, cards.ci_low, cards.ci_high) as double precision)
        end as shown_in_spite,
        cast(extract(epoch from cards.data_as_of - clock.as_of) / 86400 as double precision)
            as days_ahead,
        case when cards.segment_name = 'company' and cards.period_start = newest.period_start
            then cast(
                abs(cards.value - cards.limit_mean)
                / nullif((cards.limit_high - cards.limit_low) / 2, 0)
                as double precision
            )
        end as limit_widths
    from marts.scorecard as cards
    inner join marts.metric_definitions as definitions
        on cards.metric_id = definitions.metric_id
    cross join (select {as_of} as as_of) as clock
    cross join (
        select max(period_start) as period_start from marts.scorecard where not is_partial
    ) as newest
    order by cards.segment_name <> 'company', cards.period_start desc, cards.metric_id
    """
)
