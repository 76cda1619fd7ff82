"""What the pages show: reads through one `Reader`, returns frozen values for the templates.

Neither HTML nor HTTP belongs here; the same values feed the page and every export.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from dashboards.scorecard import formatting
from dashboards.scorecard.cards import CardSource, CardView, card
from dashboards.scorecard.crises import crisis_now
from dashboards.scorecard.definition import CardPlace, CardRow, ScorecardDefinition
from dashboards.scorecard.fitting import Published, fitted, missing
from dashboards.scorecard.queries import Reader, Wanted
from dashboards.scorecard.records import (
    WHOLE_COMPANY,
    MetricDefinition,
    ScorecardRow,
    Standing,
    owners_of,
)
from dashboards.scorecard.statuses import Status
from dashboards.scorecard.trust import TrustItem, quality, trust_items


@dataclass(frozen=True)
class Filters:
    """What the reader of the page chose: the period that is shown, and a segment."""

    period: date | None = None
    segment: tuple[str, str] = WHOLE_COMPANY

    @property
    def segment_key(self) -> str:
        return ":".join(self.segment) if self.segment != WHOLE_COMPANY else ""

    @property
    def words(self) -> str:
        """Return in words what was chosen, for paper, which has no form; empty for nothing."""
        period = formatting.period(self.period, "month") if self.period else ""
        name, chosen = self.segment
        segment = f"{name.replace('_', ' ')} {chosen}" if self.segment != WHOLE_COMPANY else ""
        return ", ".join(filter(None, (segment, period)))

    @property
    def query(self) -> str:
        """Return the filters as parts of an address, in the order of the form."""
        period = self.period.isoformat() if self.period else ""
        parts = (("period", period), ("segment", self.segment_key))
        return urlencode([(name, value) for name, value in parts if value])


@dataclass(frozen=True)
class Choices:
    """What can be chosen: periods as (address, label), segments grouped under their name."""

    periods: tuple[tuple[str, str], ...]
    segments: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content."""

    title: str
    demo: str
    standing: Standing
    filters: Filters
    choices: Choices
    quality: Status
    trust: tuple[TrustItem, ...]
    staff: str


@dataclass(frozen=True)
class ScorecardPage:
    """The one screen: the north star above rows of cards, and what other data would add.

    `joint` has what the departments owe each other, as far as there are figures. `crisis` says
    which crisis is on, whatever period is shown; empty where none is.
    """

    frame: Frame
    north_star: CardView | None
    rows: tuple[tuple[CardRow, tuple[CardView, ...]], ...]
    kicker: str = ""
    missing: str = ""
    joint_title: str = ""
    joint: tuple[CardView, ...] = ()
    crisis: str = ""


@dataclass(frozen=True)
class MetricsPage:
    """Every metric, by area."""

    frame: Frame
    areas: tuple[tuple[str, tuple[CardView, ...]], ...]


def parse_filters(period: str | None, segment: str | None) -> Filters:
    """Read the filters of an address: a day stands for its month; ValueError if malformed."""
    name, colon, choice = (segment or "").partition(":")
    if segment and not (colon and name and choice):
        raise ValueError("segment must be written as name:value")
    return Filters(_month(period) if period else None, (name, choice) if segment else WHOLE_COMPANY)


def _month(day: str) -> date:
    try:
        return date.fromisoformat(day).replace(day=1)
    except ValueError as error:
        raise ValueError("period must be a day of a month, written as 2026-01-31") from error


def frame(reader: Reader, filters: Filters, definition: ScorecardDefinition) -> Frame:
    """Read what surrounds every page."""
    standing = reader.standing()
    is_filled = standing.published is not None
    return Frame(
        title=definition.title,
        demo=definition.demo if standing.company.is_demo else "",
        standing=standing,
        filters=filters,
        choices=_choices(reader, filters, definition) if is_filled else Choices((), ()),
        quality=quality(standing),
        trust=trust_items(reader.trust(), standing) if is_filled else (),
        staff=definition.staff_absence,
    )


def scorecard_page(
    reader: Reader, filters: Filters, definition: ScorecardDefinition
) -> ScorecardPage:
    """Read the scorecard; without anything published it has no cards."""
    around = frame(reader, filters, definition)
    known = reader.definitions()
    if around.standing.published is None or not known:
        return ScorecardPage(around, None, ())
    published = what_is_published(reader, known, definition)
    shown = fitted(definition, published)
    views = _views(reader, around, known, shown.places)
    rows = tuple(
        (row, tuple(views[place.metric_id] for place in row.cards if place.metric_id in views))
        for row in shown.rows
    )
    return ScorecardPage(
        around,
        views.get(shown.north_star.metric_id),
        rows,
        _kicker(definition, shown),
        missing(definition, shown, published),
        shown.joint.title,
        tuple(view for view in _cards(reader, around, known, shown.joint.cards) if view.row),
        crisis_now(reader.crises(), around.standing.company.time_zone),
    )


def what_is_published(
    reader: Reader, known: Mapping[str, MetricDefinition], definition: ScorecardDefinition
) -> Published:
    """Read what there is to show on the cards."""
    places = (*definition.candidates, *definition.joint.cards)
    measured = reader.measured(place.series for place in places)
    return Published(known, measured, reader.absences())


def _kicker(definition: ScorecardDefinition, shown: ScorecardDefinition) -> str:
    star = definition.north_star
    if shown.north_star.metric_id == star.metric_id:
        return definition.north_star_kicker
    return definition.in_place_of.format(title=star.title)


def metrics_page(reader: Reader, filters: Filters, definition: ScorecardDefinition) -> MetricsPage:
    """Read every metric that is defined, under the same rules as the scorecard."""
    around = frame(reader, filters, definition)
    known = reader.definitions()
    places = [_place(definition, item) for item in known.values()]
    views = _views(reader, around, known, places)
    areas = tuple(
        (title, tuple(views[item.metric_id] for item in known.values() if item.area == area))
        for area, title in definition.areas.items()
    )
    return MetricsPage(around, tuple((title, cards) for title, cards in areas if cards))


def one_card(
    reader: Reader, around: Frame, item: MetricDefinition, definition: ScorecardDefinition
) -> CardView:
    """Read the card of one metric."""
    place = _place(definition, item)
    return _views(reader, around, {item.metric_id: item}, [place])[item.metric_id]


def _place(definition: ScorecardDefinition, item: MetricDefinition) -> CardPlace:
    place = definition.place_of(item.metric_id) or CardPlace(item.metric_id)
    return replace(place, title=place.title or item.name)


def _views(
    reader: Reader,
    around: Frame,
    known: Mapping[str, MetricDefinition],
    places: Iterable[CardPlace],
) -> dict[str, CardView]:
    return {view.metric_id: view for view in _cards(reader, around, known, places)}


def _cards(
    reader: Reader,
    around: Frame,
    known: Mapping[str, MetricDefinition],
    places: Iterable[CardPlace],
) -> Iterator[CardView]:
    shown = [place for place in places if place.metric_id in known]
    wanted = [_wanted(place, around.filters) for place in shown]
    series: dict[Wanted, list[ScorecardRow]] = {}
    for row in reader.series(wanted, around.filters.period):
        series.setdefault((row.metric_id, *row.segment), []).append(row)
    owners, without_total = reader.owners(), reader.without_total()
    reasons = {each: absence.reason for each, absence in reader.absences().items()}
    for place, (metric_id, name, value) in zip(shown, wanted, strict=True):
        yield card(
            CardSource(
                definition=known[metric_id],
                title=place.title,
                segment=(name, value),
                rows=series.get((metric_id, name, value), []),
                owners=owners_of(owners, metric_id, (name, value)),
                company=around.standing.company,
                only_by=without_total.get(metric_id, ()),
                absence=reasons.get(metric_id, ""),
                period=around.filters.period,
            )
        )


def _wanted(place: CardPlace, filters: Filters) -> Wanted:
    """A filter replaces the whole company; a card's own segment stays as it is."""
    segment = place.segment if place.has_own_segment else filters.segment
    return (place.metric_id, *segment)


def _choices(reader: Reader, filters: Filters, definition: ScorecardDefinition) -> Choices:
    """Return what can be chosen; what an address asked for beyond that is among it."""
    if not reader.has("scorecard"):
        return Choices((), ())
    periods = {
        start.isoformat(): formatting.period(start, grain) + (", partial" if open_ else "")
        for start, grain, open_ in reader.periods()
    }
    if filters.period is not None:
        asked = filters.period.isoformat()
        periods.setdefault(asked, formatting.period(filters.period, "month"))
    found, titles = reader.choices(definition.filters), dict(definition.filters)
    if filters.segment != WHOLE_COMPANY:
        name, chosen = filters.segment
        titles.setdefault(name, definition.segment_title(name).capitalize())
        if chosen not in found.setdefault(name, []):
            found[name].append(chosen)
    return Choices(
        periods=tuple(periods.items()),
        segments=tuple(
            (
                title,
                tuple((f"{name}:{value}", definition.value_title(value)) for value in found[name]),
            )
            for name, title in titles.items()
            if name in found
        ),
    )
