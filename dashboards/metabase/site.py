"""The whole specification, from facts and boards.yml: folders, questions, dashboards, groups."""

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
    metric_format,
    trust_questions,
)
from dashboards.metabase.spec import (
    MARKER,
    Alert,
    Board,
    Folder,
    Group,
    Question,
    Site,
    Weekly,
)
from dashboards.metabase.statements import fill, literal, literals, name, rows_filters


@dataclass(frozen=True)
class Mailing:
    """Which addresses get the scorecard each week, by group, and when; alerts go to all of them."""

    recipients: Mapping[str, tuple[str, ...]]
    day: str
    hour: int
    alert_hour: int


def build(facts: Facts, mailing: Mailing | None = None) -> Site:
    """Return all that there should be in Metabase."""
    document = _boards()
    shared = [
        *choice_questions(facts),
        *(it for place in facts.places for it in card_questions(facts, place)),
        *trust_questions(facts),
        alert_question(facts),
    ]
    sections = {entry["key"]: _sections(facts, entry) for entry in document["boards"]}
    own = [it for each in sections.values() for _, questions in each for it in questions]
    keys = {question.key for question in shared}
    return Site(
        folders=tuple(
            Folder(folder, it["title"], MARKER, it.get("parent"))
            for folder, it in document["folders"].items()
        ),
        questions=(*shared, *own),
        boards=tuple(
            _board(facts, entry, keys, sections[entry["key"]]) for entry in document["boards"]
        ),
        groups=tuple(Group(it["name"], it["folders"], it["queries"]) for it in document["groups"]),
        weeklies=_weeklies(facts, mailing),
        alerts=_alerts(mailing),
    )


@cache
def _boards() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("boards.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def group_names() -> tuple[str, ...]:
    """Return the names of the groups that are made."""
    return tuple(it["name"] for it in _boards()["groups"])


Section = tuple[str, tuple[Question, ...]]


def _board(
    facts: Facts, entry: Mapping[str, Any], keys: set[str], sections: Sequence[Section]
) -> Board:
    title = entry.get("title") or facts.definition.title
    places = layout.places(facts, keys, sections)
    words = f"{facts.company.name}: {facts.definition.title}. {MARKER}"
    return Board(entry["key"], title, words, entry["folder"], places)


def _sections(facts: Facts, entry: Mapping[str, Any]) -> tuple[Section, ...]:
    found = []
    for section in entry["sections"]:
        questions = (_question(facts, entry, it) for it in section["questions"])
        kept = tuple(question for question in questions if question is not None)
        if kept:
            found.append((section["title"], kept))
    return tuple(found)


def _question(facts: Facts, board: Mapping[str, Any], it: Mapping[str, Any]) -> Question | None:
    """Return a department's own question, or None where nothing that it shows is measured."""
    key = f"{board['key']}/{it['key']}"
    if "segment" in it:
        return _by_segment(facts, key, board["folder"], it)
    if it["reads"] not in facts.readable:
        return None
    filters = rows_filters(facts, facts.readable[it["reads"]])
    statement = fill(it["statement"], filters=filters)
    return Question(
        key, it["title"], MARKER, board["folder"], statement, it["display"], it["settings"]
    )


def _by_segment(facts: Facts, key: str, folder: str, it: Mapping[str, Any]) -> Question | None:
    metrics = [facts.metrics[one] for one in it["metrics"] if one in facts.metrics]
    if not metrics:
        return None
    columns = ",\n    ".join(
        f"max(s.value) filter (where s.metric_id = {literal(one.metric_id)}) as {name(one.name)}"
        for one in metrics
    )
    statement = fill(
        "by_segment",
        label=_label(facts, it["segment"]),
        title=name(facts.definition.segment_title(it["segment"]).capitalize()),
        columns=columns,
        segment_name=literal(it["segment"]),
        metric_ids=literals(one.metric_id for one in metrics),
    )
    settings = {
        "column_settings": {
            f'["name","{one.name}"]': metric_format(facts, one.metric_id) for one in metrics
        }
    }
    described = "\n".join((MARKER, *(f"{one.name}: {one.definition}" for one in metrics)))
    return Question(key, it["title"], described, folder, statement, "table", settings)


def _label(facts: Facts, segment: str) -> str:
    """Return what a segment's value is called: a campaign by its name, where there is one."""
    if segment != "campaign" or "campaign_results" not in facts.readable:
        return "s.segment_value"
    named = "select max(c.campaign_name) from published.campaign_results as c"
    return f"coalesce(({named} where c.campaign = s.segment_value), s.segment_value)"


def _weeklies(facts: Facts, mailing: Mailing | None) -> tuple[Weekly, ...]:
    if mailing is None:
        return ()
    title = facts.definition.title
    return tuple(
        Weekly(
            f"weekly/{group}",
            f"{title}, weekly, for {group}",
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
    addresses = tuple(dict.fromkeys(it for each in mailing.recipients.values() for it in each))
    if not addresses:
        return ()
    title = "A signal turned to worsening"
    return (Alert(TURNED_WORSE, title, TURNED_WORSE, addresses, mailing.alert_hour),)
