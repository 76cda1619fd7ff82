"""The view of a metric without a total: each segment's newest months, as values with intervals.

Pure functions from rows to texts and points. How they are drawn belongs to `interval_charts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.scorecard import formatting
from dashboards.scorecard.cards import SPARK_MONTHS
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.periods import Period, last_periods
from dashboards.scorecard.records import Company, MetricDefinition, ScorecardRow
from dashboards.scorecard.segments import MOST_SEGMENTS

Segment = tuple[str, str]


@dataclass(frozen=True)
class IntervalPoint:
    """One month to draw, a gap without a value; `side` says where 0 lies, if that says anything."""

    label: str
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    side: str = ""
    is_partial: bool = False


@dataclass(frozen=True)
class IntervalLine:
    """One month of the table, as texts: what is drawn, and what can't be."""

    period: str
    value: str
    interval: str
    n: str
    side: str
    left_out: str


@dataclass(frozen=True)
class IntervalPanel:
    """One segment's months: `tally` counts the sides, `summary` says in words what is drawn."""

    title: str
    segment: Segment
    tally: str
    summary: str
    points: tuple[IntervalPoint, ...]
    lines: tuple[IntervalLine, ...]


@dataclass(frozen=True)
class Intervals:
    """Panels on one scale; `sides` are the words for them, empty where 0 is no measure."""

    name: str
    unit: str
    panels: tuple[IntervalPanel, ...]
    scale: tuple[float, float]
    sides: tuple[str, ...]
    hidden: int


_Context = tuple[MetricDefinition, Company, ScorecardDefinition]


def intervals(rows: Sequence[ScorecardRow], context: _Context) -> Intervals | None:
    """Return the newest months of each segment; None where no value has an interval.

    The rows of all segments come in time order.
    """
    item, company, definition = context
    months = last_periods(rows, SPARK_MONTHS)
    first = months[0].start if months else date.max
    shown = [row for row in rows if row.period_start >= first]
    if not any(_has_interval(row) for row in shown):
        return None
    segments = _largest(shown)
    panels = tuple(
        _panel(each, months, [row for row in shown if row.segment == each], context)
        for each in segments[:MOST_SEGMENTS]
    )
    return Intervals(
        name=", ".join(dict.fromkeys(definition.segment_title(name) for name, _ in segments)),
        unit=definition.unit(item.unit, company.currency).suffix,
        panels=tuple(sorted(panels, key=lambda panel: panel.title)),
        scale=_scale(panels),
        sides=tuple(definition.sides_of_zero.values()) if _is_signed(item, definition) else (),
        hidden=max(0, len(segments) - MOST_SEGMENTS),
    )


def _has_interval(row: ScorecardRow) -> bool:
    return row.value is not None and row.ci_low is not None and row.ci_high is not None


def _is_signed(item: MetricDefinition, definition: ScorecardDefinition) -> bool:
    return item.metric_id in definition.signed


def _largest(rows: Sequence[ScorecardRow]) -> list[Segment]:
    """Return the segments, those with most cases in their newest month first."""
    newest = {row.segment: row.n or 0 for row in rows}
    return sorted(newest, key=lambda segment: (-newest[segment], segment))


def _scale(panels: Sequence[IntervalPanel]) -> tuple[float, float]:
    """Return one scale for all panels, which includes zero."""
    points = [point for panel in panels for point in panel.points]
    numbers = [n for each in points for n in (each.value, each.ci_low, each.ci_high)]
    known = [0.0, *(number for number in numbers if number is not None)]
    return (min(known), max(known)) if max(known) > min(known) else (0.0, 1.0)


def _panel(
    segment: Segment, months: Sequence[Period], rows: Sequence[ScorecardRow], context: _Context
) -> IntervalPanel:
    definition = context[2]
    known = {row.period_start: row for row in rows}
    title = definition.value_title(segment[1])
    points = tuple(_point(each, known.get(each.start), context) for each in months)
    lines = tuple(_line(row, context) for row in reversed(rows))
    tally = _tally(points, definition)
    return IntervalPanel(title, segment, tally, _summary(title, lines, tally), points, lines)


def _point(month: Period, row: ScorecardRow | None, context: _Context) -> IntervalPoint:
    label = formatting.period(month.start, month.grain)
    if row is None or row.value is None:
        return IntervalPoint(label)
    side = _side(row, context)
    return IntervalPoint(label, row.value, row.ci_low, row.ci_high, side, row.is_partial)


def _side(row: ScorecardRow, context: _Context) -> str:
    """Say on which side of zero a whole interval lies; only a difference is measured by that."""
    item, _, definition = context
    if row.value is None or row.ci_low is None or row.ci_high is None:
        return ""
    if not _is_signed(item, definition):
        return ""
    if row.ci_low <= 0 <= row.ci_high:
        return "includes"
    return "above" if row.ci_low > 0 else "below"


def _line(row: ScorecardRow, context: _Context) -> IntervalLine:
    item, company, definition = context
    period = formatting.period(row.period_start, row.period_grain)
    count = formatting.number(row.n) if row.n is not None else ""
    if row.value is None:
        state = "suppressed" if row.suppressed_reason else "no data"
        return IntervalLine(period, state, "", count, "", row.suppressed_reason or "")
    figure = formatting.measure(row.value, item.unit, item.decimals, company.currency)
    bounds = ""
    if row.ci_low is not None and row.ci_high is not None:
        bounds = formatting.interval((row.ci_low, row.ci_high), item.unit, item.decimals)
    side = definition.sides_of_zero.get(_side(row, context), "")
    partial = f"{period}, partial" if row.is_partial else period
    return IntervalLine(partial, formatting.joined(figure), bounds, count, side, row.left_out or "")


def _tally(points: Sequence[IntervalPoint], definition: ScorecardDefinition) -> str:
    """Count the months that have a value, and those whose interval leaves zero out."""
    shown = [point for point in points if point.value is not None]
    months = formatting.counted(len(shown), "month") if shown else "no month with a figure"
    counts = {
        words: sum(point.side == side for point in shown)
        for side, words in definition.sides_of_zero.items()
        if side != "includes"
    }
    return ", ".join((months, *(f"{count} {words}" for words, count in counts.items() if count)))


def _summary(title: str, lines: Sequence[IntervalLine], tally: str) -> str:
    newest = lines[0]
    interval = f"95 % {newest.interval}" if newest.interval else ""
    said = ", ".join(filter(None, (newest.value, interval, newest.side)))
    return f"{title}: {tally}; {newest.period}: {said}"
