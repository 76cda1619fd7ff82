"""The view of a metric's segments in one period: a table beside bullets on one scale.

Pure functions from rows to texts and bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from dashboards.scorecard import formatting
from dashboards.scorecard.charts import Bar
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.records import Company, MetricDefinition, ScorecardRow

MOST_SEGMENTS = 12


@dataclass(frozen=True)
class SegmentLine:
    """One segment beside the whole: texts of the table next to its bullet."""

    label: str
    segment: tuple[str, str]
    value: str
    interval: str
    n: str
    change: str
    left_out: str = ""


@dataclass(frozen=True)
class SegmentGroup:
    """All values of one segment, drawn on one scale; suppressed ones have no bar.

    `is_split` says that rows are split by the segment, so that each value can be opened.
    """

    name: str
    is_split: bool
    lines: tuple[SegmentLine, ...]
    bars: tuple[Bar, ...]
    hidden: int


def segment_groups(
    rows: Sequence[ScorecardRow],
    item: MetricDefinition,
    company: Company,
    definition: ScorecardDefinition,
) -> tuple[SegmentGroup, ...]:
    """Group the rows of one period by segment; rows must come ordered by segment name."""
    return tuple(
        _group(name, list(group), (item, company, definition))
        for name, group in groupby(rows, key=lambda row: row.segment_name)
    )


def shared_scale(groups: Sequence[SegmentGroup]) -> tuple[float, float]:
    """Return one scale for all groups, which includes zero."""
    numbers = [
        number
        for group in groups
        for bar in group.bars
        for number in (bar.value, bar.prior, bar.target, bar.ci_low, bar.ci_high)
        if number is not None
    ]
    low, high = min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0)
    return (low, high) if high > low else (0.0, 1.0)


_Context = tuple[MetricDefinition, Company, ScorecardDefinition]


def _group(name: str, rows: list[ScorecardRow], context: _Context) -> SegmentGroup:
    shown = sorted(rows[:MOST_SEGMENTS], key=_rank)
    return SegmentGroup(
        name=context[2].segment_title(name),
        is_split=name in context[2].split_segments,
        lines=tuple(_line(row, context) for row in shown),
        bars=tuple(_bar(row) for row in shown),
        hidden=max(0, len(rows) - MOST_SEGMENTS),
    )


def _rank(row: ScorecardRow) -> tuple[int, float, str]:
    """Order segments: numbered ones by number, others by value, suppressed ones last."""
    if row.segment_value.isdigit():
        return 0, float(row.segment_value), ""
    return (1, -row.value, "") if row.value is not None else (2, 0.0, row.segment_value)


def _line(row: ScorecardRow, context: _Context) -> SegmentLine:
    item, company, definition = context
    title = definition.value_title(row.segment_value)
    count = formatting.number(row.n) if row.n is not None else ""
    if row.value is None:
        state = "suppressed" if row.suppressed_reason else "no data"
        return SegmentLine(title, row.segment, state, "", count, "", row.suppressed_reason or "")
    figure = formatting.measure(row.value, item.unit, item.decimals, company.currency)
    bounds = ""
    if row.ci_low is not None and row.ci_high is not None:
        bounds = formatting.interval((row.ci_low, row.ci_high), item.unit, item.decimals)
    change, left_out = _change(row, item, company), row.left_out or ""
    value = formatting.joined(figure)
    return SegmentLine(title, row.segment, value, bounds, count, change, left_out)


def _change(row: ScorecardRow, item: MetricDefinition, company: Company) -> str:
    if row.value is None or row.prior_year_value is None or row.is_partial:
        return ""
    difference = row.value - row.prior_year_value
    return formatting.absolute_change(difference, item.unit, item.decimals, company.currency)


def _bar(row: ScorecardRow) -> Bar:
    prior = row.prior_year_value if row.value is not None else None
    return Bar(row.segment_value, row.value, prior, row.target, row.ci_low, row.ci_high)
