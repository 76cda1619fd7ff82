"""The view of one metric opened: its history, its segments and the rows that its card counts.

Reads through one `Reader`; the arithmetic that proves that the rows add up is here, because
the page must say so. How segments are shown is in `segments`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from dashboards.scorecard import attribution, formatting
from dashboards.scorecard.attribution import Attribution
from dashboards.scorecard.card_rows import CardRows, card_rows, without_addresses
from dashboards.scorecard.cards import CardView, headline
from dashboards.scorecard.crises import CrisisList, crisis_list, marked, sample_keys
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.funnels import MART as FUNNELS
from dashboards.scorecard.funnels import Funnel, funnels
from dashboards.scorecard.identity_bounds import identity_bounds
from dashboards.scorecard.intervals import Intervals, intervals
from dashboards.scorecard.page import Filters, Frame, frame, one_card
from dashboards.scorecard.queries import Reader
from dashboards.scorecard.records import Company, Crisis, ScorecardRow
from dashboards.scorecard.segments import SegmentGroup, segment_groups, shared_scale
from dashboards.scorecard.strata import Strata, strata

_RESTATEMENTS = 50
# Those of a published figure.
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class Sum:
    """A sum of the rows against what the card says."""

    column: str
    total: str
    on_card: str
    is_equal: bool


@dataclass(frozen=True)
class RowTable:
    """One page of rows, with the sums over all of them; `zone` is that of the times in them."""

    mart: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    zone: str
    first: int
    last: int
    total: int
    sums: tuple[Sum, ...]
    is_segment_known: bool
    previous: int | None
    following: int | None


@dataclass(frozen=True)
class RestatedFigure:
    """A published figure of the series that was changed later, as texts."""

    period: str
    was: str
    now: str
    cause: str
    detail: str
    published: str
    restated_at: datetime


@dataclass(frozen=True)
class MetricPage:
    """One metric opened; `period` is that of its segments, with or without a total beside them."""

    frame: Frame
    card: CardView
    period: str
    groups: tuple[SegmentGroup, ...]
    scale: tuple[float, float]
    intervals: Intervals | None
    table: RowTable | None
    restated: tuple[RestatedFigure, ...]
    attribution: Attribution | None
    crises: CrisisList | None
    funnels: tuple[Funnel, ...]
    bounds: str
    strata: Strata | None


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
    by_segment = _by_segment(reader, card, filters)
    # A metric that has no value for the whole company shows the headline month of its segments.
    shown = card.row or headline(by_segment, filters.period)
    rows = reader.segments(metric_id, shown.period_start) if shown else []
    groups = segment_groups(rows, item, around.standing.company, definition)
    lists_crises = item.rows_mart == "crises"
    is_marked = metric_id in definition.marks_crises
    crises = reader.crises(filters.period) if lists_crises or is_marked else []
    if is_marked:
        card = replace(card, points=marked(card.points, crises, card.segment))
    return MetricPage(
        frame=around,
        card=card,
        period=formatting.period(shown.period_start, shown.period_grain) if shown else "",
        groups=groups,
        scale=shared_scale(groups),
        intervals=intervals(by_segment, (item, around.standing.company, definition))
        if card.is_without_total
        else None,
        table=_table(reader, card, definition, window),
        restated=_restated(reader, card, around.standing.company),
        attribution=_attribution(reader, card),
        crises=_crises(reader, crises, around) if lists_crises else None,
        funnels=_funnels(reader, card, shown),
        bounds=identity_bounds(reader, card, around.standing.company),
        strata=strata(reader, card),
    )


def _crises(reader: Reader, crises: Sequence[Crisis], around: Frame) -> CrisisList:
    company, segment = around.standing.company, around.filters.segment
    texts = {
        key: without_addresses(text) for key, text in reader.texts(sample_keys(crises)).items()
    }
    return crisis_list(crises, segment, company.time_zone, texts)


def _by_segment(reader: Reader, card: CardView, filters: Filters) -> list[ScorecardRow]:
    if card.row is not None and not card.is_without_total:
        return []
    return reader.all_segments(card.metric_id, filters.period)


def _funnels(reader: Reader, card: CardView, shown: ScorecardRow | None) -> tuple[Funnel, ...]:
    if shown is None or card.definition.rows_mart != FUNNELS:
        return ()
    name, chosen = card.segment
    return funnels(reader, shown.period_start, chosen if name == "dimension" else "")


def _attribution(reader: Reader, card: CardView) -> Attribution | None:
    is_shared = card.definition.rows_mart == attribution.MART and reader.has(attribution.MART)
    if card.row is None or not is_shared:
        return None
    brand = card.row.segment_value if card.row.segment_name == "brand" else None
    return attribution.attribution(reader, card.row.period_start, brand)


def _restated(reader: Reader, card: CardView, company: Company) -> tuple[RestatedFigure, ...]:
    found = []
    for entry in reader.restatements((card.metric_id, *card.segment), _RESTATEMENTS):
        was, now = _apart(entry.old_value, entry.new_value, card.definition.decimals)
        found.append(
            RestatedFigure(
                period=formatting.period(entry.period_start, "month"),
                was=was,
                now=now,
                cause=entry.cause,
                detail=entry.detail,
                published=formatting.moment(entry.restated_at, company.time_zone),
                restated_at=entry.restated_at,
            )
        )
    return tuple(found)


def _apart(old: float, new: float | None, decimals: int) -> tuple[str, str]:
    """Write two figures with as many decimals as it takes to see that they differ."""
    if new is None:
        return formatting.number(old, decimals), "none"
    pairs = (
        (formatting.number(old, more), formatting.number(new, more))
        for more in range(decimals, _MOST_DECIMALS)
    )
    exact = (formatting.number(old, _MOST_DECIMALS), formatting.number(new, _MOST_DECIMALS))
    return next((pair for pair in pairs if pair[0] != pair[1]), exact)


def _table(
    reader: Reader, card: CardView, definition: ScorecardDefinition, window: tuple[int, int]
) -> RowTable | None:
    offset, limit = window
    zone = reader.standing().company.time_zone
    if card.row is None or card.state == "suppressed":
        return None
    found = card_rows(reader, card.definition, card.row, offset, limit)
    if found is None:
        return None
    last = offset + len(found.rows)
    return RowTable(
        mart=found.mart,
        columns=found.columns,
        rows=tuple(tuple(_cell(value, zone) for value in row) for row in found.rows),
        zone=zone if _has_times(found) else "",
        first=min(offset + 1, found.total),
        last=last,
        total=found.total,
        sums=() if card.segment[0] in definition.counted_otherwise else _sums(found, card.row),
        is_segment_known=found.is_segment_known,
        previous=max(0, offset - limit) if offset else None,
        following=last if last < found.total else None,
    )


def _has_times(found: CardRows) -> bool:
    return any(isinstance(value, datetime) for row in found.rows for value in row)


def _sums(found: CardRows, row: ScorecardRow) -> tuple[Sum, ...]:
    pairs = (
        (found.numerator, found.numerator_sum, row.numerator),
        (found.denominator, found.denominator_sum, row.denominator),
    )
    return tuple(_sum(name, *pair) for name, *pair in dict.fromkeys(pairs) if name)


def _sum(column: str, total: float | None, on_card: float | None) -> Sum:
    is_equal = total is not None and on_card is not None and abs(total - on_card) < 0.005
    return Sum(column, _cell(total), _cell(on_card), is_equal)


def _cell(value: Any, zone: str = "UTC") -> str:
    """Write one value of a row: yes and no, numbers, times to the minute, long ids cut."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return formatting.amount(value)
    if isinstance(value, datetime):
        return formatting.clock(value, zone)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}\u2026"
