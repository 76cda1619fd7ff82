"""The view of one card: what it says, and what it must not say.

Pure functions from published rows to texts and statuses. The rules of the scorecard live here:
two separate statuses, no percent change for a partial period, suppression and missing data
in words. How it looks belongs to the templates, how a number is written to `formatting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.scorecard import definition as words
from dashboards.scorecard import formatting
from dashboards.scorecard.periods import Period, last_periods
from dashboards.scorecard.records import (
    WHOLE_COMPANY,
    Company,
    MetricDefinition,
    Owners,
    ScorecardRow,
)
from dashboards.scorecard.statuses import Status, signal_status, target_status

SPARK_MONTHS = 24


@dataclass(frozen=True)
class Change:
    """A difference to something: absolute in the metric's unit, relative where it means much."""

    label: str
    absolute: str
    relative: str | None

    @property
    def text(self) -> str:
        return f"{self.absolute} ({self.relative})" if self.relative else self.absolute


@dataclass(frozen=True)
class Point:
    """One period of a card's history, ready to be drawn."""

    label: str
    value: float | None
    prior: float | None
    limit_low: float | None
    limit_high: float | None
    target: float | None
    is_partial: bool
    has_crisis: bool = False


@dataclass(frozen=True)
class CardView:
    """Everything that a card says; `state` is value, partial, suppressed or no_data.

    The points are drawn in `axis_unit`, which is that of the figure.
    """

    metric_id: str
    title: str
    segment: tuple[str, str]
    state: str
    figure: str
    unit: str
    note: str
    period: str
    n: str
    interval: str
    left_out: str
    changes: tuple[Change, ...]
    signal: Status
    target: Status
    goal: str
    running: str
    as_of: str
    version: str
    definition: MetricDefinition
    owners: Owners | None
    points: tuple[Point, ...]
    axis_unit: str
    row: ScorecardRow | None
    is_without_total: bool

    @property
    def has_history(self) -> bool:
        return any(point.value is not None for point in self.points)


@dataclass(frozen=True)
class CardSource:
    """What a card is made of: its metric, its rows in time order and who owns its target.

    With a `period` the card is that month's, else the newest one's that says something. `only_by`
    names the segments of a metric that has no total.
    """

    definition: MetricDefinition
    title: str
    segment: tuple[str, str]
    rows: Sequence[ScorecardRow]
    owners: Owners | None
    company: Company
    only_by: Sequence[str] = ()
    absence: str = ""
    period: date | None = None


def card(source: CardSource) -> CardView:
    """Build the view of a card: its month, or why there is none."""
    row = headline(source.rows, source.period)
    running = source.rows[-1] if source.rows and source.rows[-1].is_partial else None
    state = _state(row)
    definition, company = source.definition, source.company
    shown = row if row is not None and state in {"value", "partial"} else None
    figure, unit = _figure(shown, definition, company)
    axis_unit, divisor = _axis(source.rows, shown, source)
    return CardView(
        metric_id=definition.metric_id,
        title=source.title,
        segment=source.segment,
        state=state,
        figure=figure,
        unit=unit,
        note=_note(row, state, source),
        period=_period(row, source),
        n=f"n {formatting.number(row.n)}" if row and row.n is not None else "",
        interval=_interval(shown, definition),
        left_out=(shown.left_out or "") if shown else "",
        changes=changes(shown, definition, company) if state == "value" else (),
        signal=signal_status(row, state),
        target=target_status(row, state),
        goal=_goal(row, source),
        running=_running(running, row, definition, company),
        as_of=_as_of(row, company),
        version=(row.definition_version if row else None) or definition.version,
        definition=definition,
        owners=source.owners,
        points=tuple(_point(period, divisor) for period in last_periods(source.rows, SPARK_MONTHS)),
        axis_unit=axis_unit,
        row=row,
        is_without_total=bool(source.only_by),
    )


def headline(rows: Sequence[ScorecardRow], period: date | None = None) -> ScorecardRow | None:
    """Choose the headline month: the newest complete one with a value or a reason to withhold it.

    Without such a one the newest complete month, without that the newest. Rows come in time order.
    Who asked for a period is never shown another one.
    """
    if period is not None:
        return next((row for row in rows if row.period_start == period), None)
    complete = [row for row in rows if not row.is_partial]
    judged = [row for row in complete if row.value is not None or row.suppressed_reason]
    chosen = judged or complete or list(rows)
    return chosen[-1] if chosen else None


def _goal(row: ScorecardRow | None, source: CardSource) -> str:
    """Say what the target is and why it was set."""
    definition, reason = source.definition, source.owners.reason if source.owners else ""
    if row is None or row.target is None:
        return reason or ""
    figure = formatting.measure(
        row.target, definition.unit, definition.decimals, source.company.currency
    )
    return f"{formatting.joined(figure)}: {reason}" if reason else formatting.joined(figure)


def _state(row: ScorecardRow | None) -> str:
    if row is None:
        return "no_data"
    if row.suppressed_reason:
        return "suppressed"
    if row.value is None:
        return "no_data"
    return "partial" if row.is_partial else "value"


def _note(row: ScorecardRow | None, state: str, source: CardSource) -> str:
    if row is None:
        return _absence(source)
    return {
        "value": "",
        "partial": "partial: the period has not ended",
        "suppressed": f"suppressed: {row.suppressed_reason}",
        "no_data": "no data in this period",
    }[state]


def _absence(source: CardSource) -> str:
    """Say why a metric has no rows at all."""
    if source.rows and source.period is not None:
        asked = formatting.period(source.period, source.rows[-1].period_grain)
        return words.load().not_measured_then.format(period=asked)
    if source.segment != WHOLE_COMPANY:
        segment = source.segment[0].replace("_", " ")
        return words.load().not_measured.format(segment=segment)
    if source.only_by:
        names = ", ".join(map(words.load().segment_title, source.only_by))
        return "; ".join(filter(None, (source.absence, f"by {names} only")))
    return source.absence or source.definition.absence


def _period(row: ScorecardRow | None, source: CardSource) -> str:
    if row is not None:
        return formatting.period(row.period_start, row.period_grain)
    return formatting.period(source.period, "month") if source.period else ""


def _axis(
    rows: Sequence[ScorecardRow], shown: ScorecardRow | None, source: CardSource
) -> tuple[str, float]:
    """Choose the unit of the chart and what its values are divided by: the figure's own."""
    unit = source.definition.unit
    if unit != "minutes":
        return words.load().unit(unit, source.company.currency).suffix, 1
    longest = max((row.value for row in rows if row.value is not None), default=0)
    value = longest if shown is None or shown.value is None else shown.value
    divisor, word, _ = formatting.minutes_scale(value)
    return word, divisor


def _figure(
    row: ScorecardRow | None, definition: MetricDefinition, company: Company
) -> tuple[str, str]:
    if row is None or row.value is None:
        return "", ""
    return formatting.measure(row.value, definition.unit, definition.decimals, company.currency)


def _interval(row: ScorecardRow | None, definition: MetricDefinition) -> str:
    if row is None or row.ci_low is None or row.ci_high is None:
        return ""
    return formatting.interval((row.ci_low, row.ci_high), definition.unit, definition.decimals)


def changes(
    row: ScorecardRow | None, definition: MetricDefinition, company: Company
) -> tuple[Change, ...]:
    """Compare a complete period with its prior year and with its target."""
    if row is None or row.value is None or row.is_partial:
        return ()
    is_signed = definition.metric_id in words.load().signed
    bases = (("vs prior year", row.prior_year_value), ("vs target", row.target))
    return tuple(
        Change(
            label,
            formatting.absolute_change(
                row.value - base, definition.unit, definition.decimals, company.currency
            ),
            None if is_signed else formatting.relative_change(row.value, base),
        )
        for label, base in bases
        if base is not None
    )


def _running(
    running: ScorecardRow | None,
    row: ScorecardRow | None,
    definition: MetricDefinition,
    company: Company,
) -> str:
    """Describe the running period beside the complete one; never as a change."""
    if running is None or running is row:
        return ""
    label = formatting.short_period(running.period_start, running.period_grain)
    if running.value is None:
        return f"{label} so far: {running.suppressed_reason or 'no data'} (partial)"
    return f"{label} so far: {formatting.joined(_figure(running, definition, company))} (partial)"


def _as_of(row: ScorecardRow | None, company: Company) -> str:
    if row is None or row.data_as_of is None:
        return ""
    return formatting.day(row.data_as_of, company.time_zone)


def _point(period: Period, divisor: float) -> Point:
    """Take what may be drawn of a row; limits would give a suppressed value away."""
    row, label = period.row, formatting.period(period.start, period.grain)
    if row is None:
        return Point(label, None, None, None, None, None, is_partial=False)
    is_shown = row.suppressed_reason is None
    return Point(
        label=label,
        value=_divided(row.value, divisor),
        prior=_divided(row.prior_year_value, divisor),
        limit_low=_divided(row.limit_low, divisor) if is_shown else None,
        limit_high=_divided(row.limit_high, divisor) if is_shown else None,
        target=_divided(row.target, divisor),
        is_partial=row.is_partial,
    )


def _divided(value: float | None, divisor: float) -> float | None:
    return None if value is None else value / divisor
