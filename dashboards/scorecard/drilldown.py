"""The view of one metric opened: its history, its segments and the rows behind its card.

Reads through one `Reader`; the arithmetic that proves that the rows add up is here, because
the page must say so.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dashboards.scorecard import formatting
from dashboards.scorecard.behind import RowsBehind, rows_behind
from dashboards.scorecard.cards import CardView
from dashboards.scorecard.charts import Bar
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.page import Filters, Frame, frame, one_card
from dashboards.scorecard.queries import Reader
from dashboards.scorecard.records import Company, MetricDefinition, ScorecardRow

MOST_SEGMENTS = 12


@dataclass(frozen=True)
class SegmentLine:
    """One segment beside the whole: texts of the table next to its bullet."""

    label: str
    value: str
    interval: str
    n: str
    change: str


@dataclass(frozen=True)
class SegmentGroup:
    """All values of one segment, drawn on one scale; suppressed ones have no bar."""

    name: str
    lines: tuple[SegmentLine, ...]
    bars: tuple[Bar, ...]
    hidden: int


@dataclass(frozen=True)
class Sum:
    """A sum of the rows against what the card says."""

    column: str
    total: str
    on_card: str
    is_equal: bool


@dataclass(frozen=True)
class RowTable:
    """One page of rows, with the sums over all of them."""

    mart: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int
    last: int
    total: int
    sums: tuple[Sum, ...]
    is_segment_known: bool
    previous: int | None
    following: int | None


@dataclass(frozen=True)
class MetricPage:
    """One metric opened."""

    frame: Frame
    card: CardView
    groups: tuple[SegmentGroup, ...]
    scale: tuple[float, float]
    table: RowTable | None


def metric_page(
    reader: Reader,
    metric_id: str,
    filters: Filters,
    definition: ScorecardDefinition,
    window: tuple[int, int] = (0, 50),
) -> MetricPage | None:
    """Read one metric with the rows of `window` (offset, limit); None if it is not defined."""
    item = reader.definitions().get(metric_id)
    if item is None:
        return None
    around = frame(reader, filters, definition)
    card = one_card(reader, around, item, definition)
    groups = _groups(reader, card, around.standing.company)
    return MetricPage(
        frame=around,
        card=card,
        groups=groups,
        scale=_scale(groups),
        table=_table(reader, card, window),
    )


def _groups(reader: Reader, card: CardView, company: Company) -> tuple[SegmentGroup, ...]:
    if card.row is None:
        return ()
    rows = reader.segments(card.metric_id, card.row.period_start)
    grouped = groupby(rows, key=lambda row: row.segment_name)
    return tuple(_group(name, list(group), card.definition, company) for name, group in grouped)


def _group(
    name: str, rows: list[ScorecardRow], item: MetricDefinition, company: Company
) -> SegmentGroup:
    shown = sorted(rows[:MOST_SEGMENTS], key=_rank)
    return SegmentGroup(
        name=name.replace("_", " "),
        lines=tuple(_line(row, item, company) for row in shown),
        bars=tuple(_bar(row) for row in shown),
        hidden=max(0, len(rows) - MOST_SEGMENTS),
    )


def _rank(row: ScorecardRow) -> tuple[int, float, str]:
    """Order segments: numbered ones by number, others by value, suppressed ones last."""
    if row.segment_value.isdigit():
        return 0, float(row.segment_value), ""
    return (1, -row.value, "") if row.value is not None else (2, 0.0, row.segment_value)


def _line(row: ScorecardRow, item: MetricDefinition, company: Company) -> SegmentLine:
    count = formatting.number(row.n) if row.n is not None else ""
    if row.value is None:
        return SegmentLine(row.segment_value, row.suppressed_reason or "no data", "", count, "")
    figure = formatting.measure(row.value, item.unit, item.decimals, company.currency)
    bounds = (
        formatting.interval((row.ci_low, row.ci_high), item.unit, item.decimals)
        if row.ci_low is not None and row.ci_high is not None
        else ""
    )
    change = ""
    if row.prior_year_value is not None and not row.is_partial:
        difference = row.value - row.prior_year_value
        change = formatting.absolute_change(difference, item.unit, item.decimals, company.currency)
    return SegmentLine(row.segment_value, formatting.joined(figure), bounds, count, change)


def _bar(row: ScorecardRow) -> Bar:
    prior = row.prior_year_value if row.value is not None else None
    return Bar(row.segment_value, row.value, prior, row.target, row.ci_low, row.ci_high)


def _scale(groups: tuple[SegmentGroup, ...]) -> tuple[float, float]:
    """Give all groups one scale that begins at zero."""
    numbers = [
        number
        for group in groups
        for bar in group.bars
        for number in (bar.value, bar.prior, bar.target, bar.ci_low, bar.ci_high)
        if number is not None
    ]
    low, high = min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0)
    return (low, high) if high > low else (0.0, 1.0)


def _table(reader: Reader, card: CardView, window: tuple[int, int]) -> RowTable | None:
    offset, limit = window
    if card.row is None or card.state == "suppressed":
        return None
    found = rows_behind(reader, card.definition, card.row, offset, limit)
    if found is None:
        return None
    last = offset + len(found.rows)
    return RowTable(
        mart=found.mart,
        columns=found.columns,
        rows=tuple(tuple(_cell(value) for value in row) for row in found.rows),
        first=min(offset + 1, found.total),
        last=last,
        total=found.total,
        sums=_sums(found, card.row),
        is_segment_known=found.is_segment_known,
        previous=max(0, offset - limit) if offset else None,
        following=last if last < found.total else None,
    )


def _sums(found: RowsBehind, row: ScorecardRow) -> tuple[Sum, ...]:
    pairs = (
        (found.numerator, found.numerator_sum, row.numerator),
        (found.denominator, found.denominator_sum, row.denominator),
    )
    return tuple(_sum(name, *pair) for name, *pair in dict.fromkeys(pairs) if name)


def _sum(column: str, total: float | None, on_card: float | None) -> Sum:
    is_equal = total is not None and on_card is not None and abs(total - on_card) < 0.005
    return Sum(column, _cell(total), _cell(on_card), is_equal)


def _cell(value: Any) -> str:
    """Write one value of a row: yes and no, numbers, times to the minute, long ids cut."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return formatting.number(value, 0 if float(value).is_integer() else 2)
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "hour") else f"{value:%Y-%m-%d}"
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}\u2026"
