"""Which cards are shown: one without data gives way to the next one of its row that has some.

Pure functions from the definition, and from what is measured, to the definition of what is shown.
What the cards say belongs to `cards`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards.scorecard.definition import (
    LINE,
    MOST_LINES,
    CardPlace,
    CardRow,
    ScorecardDefinition,
)
from dashboards.scorecard.records import Absence, MetricDefinition

_NAMED = 3


@dataclass(frozen=True)
class Published:
    """What there is to show: metrics, the series that have figures, and why others have none."""

    metrics: Mapping[str, MetricDefinition]
    measured: Collection[tuple[str, str, str]]
    absences: Mapping[str, Absence]


def fitted(definition: ScorecardDefinition, published: Published) -> ScorecardDefinition:
    """Return the definition with the cards that are shown, each with its title.

    Cards that a company has chosen stay, and so do all of them where nothing has data. Joint
    figures are those that there are.
    """
    star = _star(definition, published)
    if definition.has_chosen_rows or not _measured(definition.candidates, published):
        rows: Sequence[CardRow] = definition.rows
    else:
        rows = _filled([_with_data(row, star, published) for row in definition.rows])
    return replace(
        definition,
        north_star=_titled(star, published),
        other_stars=(),
        rows=tuple(_of(row, _known(row.cards, published)) for row in rows),
        joint=_of(
            definition.joint, _known(_measured(definition.joint.cards, published), published)
        ),
    )


def missing(
    definition: ScorecardDefinition, shown: ScorecardDefinition, published: Published
) -> str:
    """Say in one line what other data would add to the cards that are shown."""
    if definition.has_chosen_rows:
        return ""
    metrics = {place.metric_id for place in shown.places}
    groups: dict[str, list[str]] = {}
    for place in definition.places:
        absence = published.absences.get(place.metric_id)
        if place.metric_id not in metrics and absence is not None:
            groups.setdefault(absence.missing or "", []).append(_titled(place, published).title)
    later = groups.pop("", [])
    parts = [
        definition.would_add.format(entities=entities, titles=_listed(titles))
        for entities, titles in groups.items()
    ]
    if later:
        parts.append(definition.not_yet.format(titles=_listed(later)))
    return " ".join(parts)


def _star(definition: ScorecardDefinition, published: Published) -> CardPlace:
    """Choose the north star: the first card with data, but none that a chosen row shows already."""
    places = definition.candidates
    if definition.has_chosen_rows:
        taken = {card.metric_id for row in definition.rows for card in row.cards}
        stars = (definition.north_star, *definition.other_stars)
        places = tuple(place for place in stars if place.metric_id not in taken)
    return next(iter(_measured(places, published)), definition.north_star)


def _with_data(row: CardRow, star: CardPlace, published: Published) -> CardRow:
    free = [card for card in row.candidates if card.metric_id != star.metric_id]
    return _of(row, _measured(free, published))


def _measured(places: Iterable[CardPlace], published: Published) -> list[CardPlace]:
    return [place for place in places if place.series in published.measured]


def _known(places: Iterable[CardPlace], published: Published) -> list[CardPlace]:
    known = (place for place in places if place.metric_id in published.metrics)
    return [_titled(place, published) for place in known]


def _titled(place: CardPlace, published: Published) -> CardPlace:
    metric = published.metrics.get(place.metric_id)
    return replace(place, title=place.title or (metric.name if metric else place.metric_id))


def _of(row: CardRow, cards: Sequence[CardPlace]) -> CardRow:
    return replace(row, cards=tuple(cards), others=())


def _filled(rows: Sequence[CardRow]) -> list[CardRow]:
    """Give each row with data one line, and the lines of empty rows to those with more to show."""
    rows = [row for row in rows if row.cards]
    given = [1] * len(rows)
    for _ in range(MOST_LINES - len(rows)):
        waiting = [len(row.cards) - LINE * count for row, count in zip(rows, given, strict=True)]
        if waiting and max(waiting) > 0:
            given[waiting.index(max(waiting))] += 1
    return [_of(row, row.cards[: LINE * n]) for row, n in zip(rows, given, strict=True)]


def _listed(titles: Sequence[str]) -> str:
    named = ", ".join(titles[:_NAMED])
    return f"{named} and {len(titles) - _NAMED} more" if len(titles) > _NAMED else named
