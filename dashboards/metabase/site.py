"""The whole specification, from facts and dashboards.yml: collections, questions, dashboards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from dashboards.metabase import layout
from dashboards.metabase.facts import Facts
from dashboards.metabase.questions import (
    TURNED_WORSE,
    alert_question,
    card_questions,
    choice_questions,
    joint_questions,
    metric_format,
    trust_questions,
)
from dashboards.metabase.spec import (
    Alert,
    Collection,
    Dashboard,
    Group,
    Question,
    Site,
    Weekly,
    marker,
)
from dashboards.metabase.statements import (
    fill,
    literal,
    literals,
    month_to_show,
    name,
    rows_filters,
    value_title,
)


@dataclass(frozen=True)
class Mailing:
    """Which addresses get the scorecard each week, by group, and when; alerts go to all of them."""

    recipients: Mapping[str, tuple[str, ...]]
    day: str
    hour: int
    alert_hour: int


def build(facts: Facts, mailing: Mailing | None = None) -> Site:
    """Return all that there should be in Metabase."""
    document = _document()
    shared = [
        *choice_questions(facts),
        *(each for place in facts.places for each in card_questions(facts, place)),
        *(each for place in facts.joint for each in joint_questions(facts, place)),
        *trust_questions(facts),
        alert_question(facts),
    ]
    sections = {entry["key"]: _sections(facts, entry) for entry in document["dashboards"]}
    own = [each for titled in sections.values() for _, questions in titled for each in questions]
    keys = {question.key for question in shared}
    return Site(
        collections=tuple(
            Collection(key, entry["title"], entry.get("parent"))
            for key, entry in document["collections"].items()
        ),
        questions=(*shared, *own),
        dashboards=tuple(
            _dashboard(facts, entry, keys, sections[entry["key"]])
            for entry in document["dashboards"]
        ),
        groups=tuple(
            Group(entry["name"], entry["collections"], entry["queries"])
            for entry in document["groups"]
        ),
        weeklies=_weeklies(facts, mailing),
        alerts=_alerts(mailing),
    )


@cache
def _document() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("dashboards.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def group_names() -> tuple[str, ...]:
    """Return the names of the groups that are made."""
    return tuple(entry["name"] for entry in _document()["groups"])


Section = tuple[str, tuple[Question, ...]]


def _dashboard(
    facts: Facts, entry: Mapping[str, Any], keys: set[str], sections: Sequence[Section]
) -> Dashboard:
    key, title = entry["key"], entry.get("title") or facts.definition.title
    described = f"{facts.company.name}: {facts.definition.title}. {marker(key)}"
    dashcards = layout.dashcards(facts, keys, sections)
    return Dashboard(key, title, described, entry["collection"], dashcards)


def _sections(facts: Facts, entry: Mapping[str, Any]) -> tuple[Section, ...]:
    found = []
    for section in entry["sections"]:
        questions = (_question(facts, entry, each) for each in section["questions"])
        kept = tuple(question for question in questions if question is not None)
        if kept:
            found.append((section["title"], kept))
    return tuple(found)


def _question(
    facts: Facts, dashboard: Mapping[str, Any], entry: Mapping[str, Any]
) -> Question | None:
    """Return a department's own question, or None where nothing that it shows is measured."""
    key, collection = f"{dashboard['key']}/{entry['key']}", dashboard["collection"]
    if "intervals" in entry:
        return _intervals(facts, key, collection, entry)
    if "segment" in entry:
        return _by_segment(facts, key, collection, entry)
    if entry["reads"] not in facts.readable:
        return None
    filters = rows_filters(facts, facts.readable[entry["reads"]])
    statement = fill(entry["statement"], filters=filters, month=month_to_show())
    return Question(
        key, entry["title"], marker(key), collection, statement, entry["display"], entry["settings"]
    )


def _by_segment(
    facts: Facts, key: str, collection: str, entry: Mapping[str, Any]
) -> Question | None:
    metrics = [facts.metrics[each] for each in entry["metrics"] if each in facts.metrics]
    if not metrics:
        return None
    columns = ",\n    ".join(
        f"max(s.value) filter (where s.metric_id = {literal(each.metric_id)}) as {name(each.name)}"
        for each in metrics
    )
    statement = fill(
        "by_segment",
        label=_label(facts, entry["segment"]),
        title=name(facts.definition.segment_title(entry["segment"]).capitalize()),
        columns=columns,
        segment_name=literal(entry["segment"]),
        metric_ids=literals(each.metric_id for each in metrics),
        month=month_to_show(),
    )
    settings = {
        "column_settings": {
            f'["name","{each.name}"]': metric_format(facts, each.metric_id) for each in metrics
        }
    }
    described = "\n".join((marker(key), *(f"{each.name}: {each.definition}" for each in metrics)))
    return Question(key, entry["title"], described, collection, statement, "table", settings)


def _intervals(
    facts: Facts, key: str, collection: str, entry: Mapping[str, Any]
) -> Question | None:
    """Return a metric's months by segment with their intervals, in words what the page draws."""
    metric, words = facts.metrics.get(entry["intervals"]), facts.definition
    if metric is None:
        return None
    statement = fill(
        "intervals",
        segment=name(words.segment_title(entry["segment"]).capitalize()),
        segment_value=value_title(words.segment_values),
        value=name(metric.name),
        metric_id=literal(metric.metric_id),
        segment_name=literal(entry["segment"]),
        month=month_to_show(card=f"and shown.metric_id = {literal(metric.metric_id)}"),
        **{side: literal(said) for side, said in words.sides_of_zero.items()},
    )
    columns = (metric.name, "95 % from", "95 % to")
    formats = {f'["name","{each}"]': metric_format(facts, metric.metric_id) for each in columns}
    described = f"{marker(key)}\n{metric.name}: {metric.definition}"
    title, settings = f"{metric.name}, month by month", {"column_settings": formats}
    return Question(key, title, described, collection, statement, "table", settings)


def _label(facts: Facts, segment: str) -> str:
    """Return what a segment's value is called: a campaign by its name, where there is one."""
    if segment != "campaign" or "campaign_results" not in facts.readable:
        return "s.segment_value"
    named = "select max(c.campaign_name) from published.campaign_results as c"
    return f"coalesce(({named} where c.campaign = s.segment_value), s.segment_value)"


def _weeklies(facts: Facts, mailing: Mailing | None) -> tuple[Weekly, ...]:
    if mailing is None:
        return ()
    return tuple(
        Weekly(
            f"weekly/{group}",
            f"{facts.definition.title}, weekly, for {group}",
            "scorecard",
            addresses,
            mailing.day,
            mailing.hour,
        )
        for group, addresses in mailing.recipients.items()
        if addresses
    )


def _alerts(mailing: Mailing | None) -> tuple[Alert, ...]:
    if mailing is None:
        return ()
    addresses = tuple(dict.fromkeys(one for each in mailing.recipients.values() for one in each))
    if not addresses:
        return ()
    title = "A signal turned to worsening"
    return (Alert(TURNED_WORSE, title, TURNED_WORSE, addresses, mailing.alert_hour),)
