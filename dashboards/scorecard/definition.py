"""The scorecard's definition: which cards, in which order, under which titles.

Reads definition.yml, nothing else. What a metric means is not said here but in the
warehouse's metric_definitions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from dashboards.scorecard.records import WHOLE_COMPANY

LINE, MOST_LINES = 3, 4


def lines(counts: Iterable[int]) -> int:
    """Return how many lines rows of so many cards take on the one screen."""
    return sum(-(-count // LINE) for count in counts)


@dataclass(frozen=True)
class CardPlace:
    """A card on the scorecard; `segment` is fixed for metrics that have no single total.

    Without a title it bears the metric's name.
    """

    metric_id: str
    title: str = ""
    segment: tuple[str, str] = WHOLE_COMPANY

    @property
    def has_own_segment(self) -> bool:
        return self.segment != WHOLE_COMPANY

    @property
    def series(self) -> tuple[str, str, str]:
        """Return the series of figures that the card shows: metric, segment's name and value."""
        return (self.metric_id, *self.segment)


@dataclass(frozen=True)
class CardRow:
    """A row of cards under one question; `others` stand where a card has no data."""

    title: str
    question: str
    cards: tuple[CardPlace, ...]
    others: tuple[CardPlace, ...] = ()

    @property
    def candidates(self) -> tuple[CardPlace, ...]:
        return self.cards + self.others


@dataclass(frozen=True)
class Unit:
    """How a unit is written: beside a figure, beside a difference, and in the catalogue."""

    suffix: str
    change: str
    words: str

    def in_currency(self, currency: str) -> "Unit":
        """Return the unit with the company's currency where it is one of money."""
        return replace(
            self,
            suffix=self.suffix.format(currency=currency),
            change=self.change.format(currency=currency),
        )


@dataclass(frozen=True)
class ScorecardDefinition:
    """The whole scorecard: north star, rows of cards, areas, filters, and words for all of them.

    A company that has chosen its cards sees these, with data or without: nothing gives way.
    """

    version: int
    title: str
    demo: str
    north_star: CardPlace
    other_stars: tuple[CardPlace, ...]
    rows: tuple[CardRow, ...]
    joint: CardRow
    areas: Mapping[str, str]
    filters: Mapping[str, str]
    units: Mapping[str, Unit]
    signed: frozenset[str]
    sides_of_zero: Mapping[str, str]
    counted_otherwise: frozenset[str]
    marks_crises: frozenset[str]
    signals: Mapping[str, str]
    target_statuses: Mapping[str, str]
    no_target: str
    target_not_judged: str
    not_measured: str
    not_measured_then: str
    north_star_kicker: str
    in_place_of: str
    would_add: str
    not_yet: str
    segments: Mapping[str, str]
    segment_values: Mapping[str, str]
    trust_title: str
    trust_figures: Mapping[str, str]
    staff_title: str
    staff_needs: tuple[str, ...]
    has_chosen_rows: bool = False

    @property
    def candidates(self) -> tuple[CardPlace, ...]:
        """Return all cards that may be shown, and so all that readers may be asked about."""
        rows = (card for row in self.rows for card in row.candidates)
        return (self.north_star, *self.other_stars, *rows)

    @property
    def places(self) -> tuple[CardPlace, ...]:
        return (self.north_star, *(card for row in self.rows for card in row.cards))

    @property
    def split_segments(self) -> frozenset[str]:
        """Return the segments by which rows are split, so that those of one value add up to it.

        Others, such as the months of a cohort, are measures of their own of the same rows.
        """
        joint = (card.segment[0] for card in self.joint.cards if card.has_own_segment)
        return frozenset({*self.filters, *joint})

    def unit(self, name: str, currency: str) -> Unit:
        """Return how a metric's unit is written; an unknown one is written as nothing."""
        return self.units.get(name, Unit("", "", name)).in_currency(currency)

    def segment_title(self, name: str) -> str:
        """Return what a segment is called in a heading."""
        return self.segments.get(name, name.replace("_", " "))

    def value_title(self, value: str) -> str:
        """Return what a value of a segment is called."""
        return self.segment_values.get(value, value.replace("_", " "))

    @property
    def staff_absence(self) -> str:
        """Return why the staff strip is empty."""
        return "no data: needs " + ", ".join(self.staff_needs).replace("_", " ")

    def place_of(self, metric_id: str) -> CardPlace | None:
        """Return a metric's card on the scorecard, or None if it has none."""
        return next((place for place in self.places if place.metric_id == metric_id), None)


def _place(entry: Mapping[str, Any]) -> CardPlace:
    segments = list((entry.get("segment") or {}).items())
    segment = (segments[0][0], str(segments[0][1])) if segments else WHOLE_COMPANY
    return CardPlace(entry["metric"], entry.get("title") or "", segment)


def _places(entries: Iterable[Mapping[str, Any]]) -> tuple[CardPlace, ...]:
    return tuple(map(_place, entries))


def _rows(entries: Iterable[Mapping[str, Any]]) -> tuple[CardRow, ...]:
    return tuple(
        CardRow(
            row["title"],
            row.get("question") or "",
            _places(row["cards"]),
            _places(row.get("others") or ()),
        )
        for row in entries
    )


def chosen(
    definition: ScorecardDefinition,
    rows: Iterable[Mapping[str, Any]],
    north_star: Mapping[str, Any] | None = None,
) -> ScorecardDefinition:
    """Return the definition with a company's own cards, written as in definition.yml."""
    if north_star is not None:
        definition = replace(definition, north_star=_place(north_star), other_stars=())
    found = _rows(rows)
    return replace(definition, rows=found, has_chosen_rows=True) if found else definition


def parse(document: Mapping[str, Any]) -> ScorecardDefinition:
    """Turn a parsed definition file into values; ValueError if its cards need too many lines."""
    rows = _rows(document["rows"])
    if lines(len(row.cards) for row in rows) > MOST_LINES:
        raise ValueError(f"the scorecard holds at most {MOST_LINES} lines of {LINE} cards")
    return ScorecardDefinition(
        version=document["version"],
        title=document["title"],
        demo=document["demo"],
        north_star=_place(document["north_star"]),
        other_stars=_places(document["north_star"]["others"]),
        rows=rows,
        joint=CardRow(document["joint"]["title"], "", _places(document["joint"]["cards"])),
        areas=document["areas"],
        filters=document["filters"],
        units={name: Unit(**unit) for name, unit in document["units"].items()},
        signed=frozenset(document["signed"]),
        sides_of_zero=document["sides_of_zero"],
        counted_otherwise=frozenset(document["counted_otherwise"]),
        marks_crises=frozenset(document["marks_crises"]),
        signals=document["signals"],
        target_statuses=document["target_statuses"],
        no_target=document["no_target"],
        target_not_judged=document["target_not_judged"],
        not_measured=document["not_measured"],
        not_measured_then=document["not_measured_then"],
        north_star_kicker=document["north_star_kicker"],
        in_place_of=document["in_place_of"],
        would_add=document["would_add"],
        not_yet=document["not_yet"],
        segments=document["segments"],
        segment_values=document["segment_values"],
        trust_title=document["trust"]["title"],
        trust_figures=document["trust"]["figures"],
        staff_title=document["staff"]["title"],
        staff_needs=tuple(document["staff"]["needs"]),
    )


@lru_cache(maxsize=1)
def load() -> ScorecardDefinition:
    """Read the definition that is shipped with the package."""
    text = resources.files(__package__).joinpath("definition.yml").read_text(encoding="utf-8")
    return parse(yaml.safe_load(text))
