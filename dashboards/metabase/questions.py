"""The questions: three of each card, the rows behind it, and those that stand around the cards.

What each says in SQL is in `statements`; its place on a dashboard is in `layout`.
"""

from collections.abc import Mapping
from typing import Any

from dashboards.metabase.facts import Facts
from dashboards.metabase.spec import Question, marker
from dashboards.metabase.statements import (
    choices,
    fill,
    history,
    literal,
    literals,
    name,
    reading,
    rows,
    series,
)
from dashboards.scorecard.definition import CardPlace

CARDS = "cards"
REFRESH, TRUST, RESTATEMENTS = "trust/refresh", "trust/figures", "trust/restatements"
TURNED_WORSE = "alerts/turned_worse"
Settings = Mapping[str, Any]


def _line(color: str, style: str = "solid", size: str = "S") -> dict[str, Any]:
    """Return how a line is drawn: broken where a month is missing, as on the page."""
    look = {"color": color, "line.style": style, "line.size": size}
    return {**look, "line.missing": "none", "line.marker_enabled": False}


# Actual solid and dark, the year before lighter, plan and limits broken lines (IBCS).
_LINES: dict[str, dict[str, Any]] = {
    "Value": _line("#1b1f23", size="M"),
    "Prior year": _line("#a9b0b7"),
    "Target": _line("#57606a", "dashed"),
}
_LIMITS = {each: _line("#c9cfd4", "dotted") for each in ("Lower limit", "Upper limit")}
_BOUNDS = {each: _line("#57606a", "dotted") for each in ("95 % from", "95 % to")}


def card_stem(place: CardPlace) -> str:
    """Return what the keys of a card's questions begin with."""
    return f"card/{place.metric_id}"


def joint_stem(place: CardPlace) -> str:
    """Return what the keys of a joint figure's questions begin with: a metric has several."""
    return f"joint/{'/'.join(place.series)}"


def card_questions(facts: Facts, place: CardPlace) -> tuple[Question, ...]:
    """Return the questions of one card: its value, its reading in words, its trend, its rows."""
    return _questions(facts, place, card_stem(place), _LINES | _LIMITS)


def joint_questions(facts: Facts, place: CardPlace) -> tuple[Question, ...]:
    """Return the same of a joint figure; its trend shows intervals, where it has some."""
    has_bounds = (facts.metrics[place.metric_id].interval_method or "none") != "none"
    lines = _LINES | (_BOUNDS if has_bounds else _LIMITS)
    return _questions(facts, place, joint_stem(place), lines)


def _questions(
    facts: Facts, place: CardPlace, stem: str, lines: Mapping[str, Settings]
) -> tuple[Question, ...]:
    described, title = facts.described(place), place.title
    found = [
        _value(facts, place, f"{stem}/value"),
        Question(f"{stem}/reading", f"{title}: reading", described, CARDS, reading(facts, place)),
        _trend(facts, place, f"{stem}/trend", lines),
    ]
    statement = rows(facts, place)
    if statement is not None:
        found.append(Question(f"{stem}/rows", f"{title}: rows behind", described, CARDS, statement))
    return tuple(found)


def _value(facts: Facts, place: CardPlace, key: str) -> Question:
    """Return a card's number, newest month first where Metabase compares nothing with it.

    Metabase compares in percent only, which says nothing of what can be negative: there the
    reading has the difference.
    """
    is_signed = place.metric_id in facts.definition.signed
    columns = ("Value", "Prior year", "Target")
    settings: dict[str, Any] = {
        "scalar.field": "Value",
        "column_settings": _columns(facts, place, columns),
    }
    if not is_signed:
        settings |= {
            "scalar.comparisons": [
                {"id": column, "type": "anotherColumn", "column": column, "label": label}
                for column, label in (("Prior year", "prior year"), ("Target", "target"))
            ],
            "scalar.switch_positive_negative": facts.metrics[place.metric_id].direction == "down",
        }
    statement = fill("value", **history(place), order="desc" if is_signed else "asc")
    display = "scalar" if is_signed else "smartscalar"
    described = facts.described(place)
    return Question(key, place.title, described, CARDS, statement, display, settings)


def _trend(facts: Facts, place: CardPlace, key: str, lines: Mapping[str, Settings]) -> Question:
    settings = {
        "graph.dimensions": ["Month"],
        "graph.metrics": list(lines),
        "graph.y_axis.auto_range": True,
        "graph.x_axis.labels_enabled": False,
        "graph.y_axis.labels_enabled": False,
        "graph.show_values": False,
        "series_settings": lines,
        "column_settings": _columns(facts, place, (*_LINES, *_LIMITS, *_BOUNDS)),
    }
    statement = fill("trend", series=series(place))
    title, described = f"{place.title}: trend", facts.described(place)
    return Question(key, title, described, CARDS, statement, "line", settings)


def _columns(facts: Facts, place: CardPlace, names: tuple[str, ...]) -> dict[str, Settings]:
    """Return how numbers are written: decimals and unit, as the definition says."""
    return {f'["name","{column}"]': metric_format(facts, place.metric_id) for column in names}


def metric_format(facts: Facts, metric_id: str) -> dict[str, Any]:
    """Return a metric's decimals and unit as Metabase's settings of a column."""
    metric = facts.metrics[metric_id]
    suffix = facts.definition.unit(metric.unit, facts.company.currency).suffix
    unit = {"suffix": f" {suffix}"} if suffix else {}
    return {"decimals": metric.decimals, **unit}


def choice_questions(facts: Facts) -> tuple[Question, ...]:
    """Return the questions that list what the filters offer."""
    others = [each for each in facts.definition.filters if each != "brand"]
    return (
        _around("choices/periods", "Months to choose from", fill("periods")),
        _around("choices/brands", "Brands to choose from", fill("brands")),
        _around(
            "choices/segments",
            "Segments to choose from",
            fill("segments", segment_names=literals(others)),
        ),
    )


def trust_questions(facts: Facts) -> tuple[Question, ...]:
    """Return the questions that say how far the numbers can be trusted, and how fresh they are."""
    labels, zone = facts.definition.trust_figures, literal(facts.company.time_zone)
    shown = ("identity_match", "persons_shared", "identifiers_refused", "quarantine", "freshness")
    figures = {each: labels[each] for each in shown}
    refresh = fill(
        "refresh",
        time_zone=zone,
        title=name(labels["refresh"]),
        gates=name(labels["gates"]),
    )
    trust = fill(
        "trust",
        time_zone=zone,
        title=name(facts.definition.trust_title),
        figures=choices(figures),
        figure_names=literals(figures),
    )
    return (
        _around(REFRESH, labels["refresh"], refresh),
        _around(TRUST, facts.definition.trust_title, trust),
        _around(RESTATEMENTS, "Restated figures", _restatements(facts)),
    )


def _restatements(facts: Facts) -> str:
    titles = {each.metric_id: each.name for each in facts.metrics.values()}
    return fill("restatements", titles=choices(titles), metrics=literals(titles))


def alert_question(facts: Facts) -> Question:
    """Return the question that has a row for each card whose signal just turned to worsening."""
    places = ", ".join(f"({literals((card.metric_id, *card.segment))})" for card in facts.places)
    titles = {card.metric_id: card.title for card in facts.places}
    statement = fill("turned_worse", titles=choices(titles), places=places)
    return _around(TURNED_WORSE, "Signals that turned to worsening", statement)


def _around(question_key: str, title: str, statement: str) -> Question:
    return Question(question_key, title, marker(question_key), CARDS, statement)
