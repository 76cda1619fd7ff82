"""Risk: what is published names a metric by itself, a person, or an id that changes."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dashboards.metabase import site as building
from dashboards.metabase.facts import Facts
from dashboards.metabase.site import Mailing, build
from dashboards.metabase.spec import FILTERS, Site, entity_id
from dashboards.scorecard import definition
from dashboards.scorecard.privacy import WITHHELD
from dashboards.scorecard.records import Company, MetricDefinition, Owners

ROOT = Path(__file__).parents[4]
MART = {"period_start": "date", "channel": "text", "brand": "text", "generation": "text"}
TABLES = re.compile(r"\bpublished\.\"?(\w+)\"?")


def metrics() -> dict[str, MetricDefinition]:
    with (ROOT / "dbt_project/seeds/metric_definitions.csv").open(encoding="utf-8") as file:
        return {row["metric_id"]: metric(row) for row in csv.DictReader(file)}


def metric(row: dict[str, str]) -> MetricDefinition:
    names = MetricDefinition.__dataclass_fields__
    values = {name: row.get(name) or None for name in names}
    values |= {"decimals": int(row["decimals"] or 0), "needs": tuple(row["needs"].split(","))}
    return MetricDefinition(**values)


def known() -> Facts:
    found = metrics()
    readable: dict[str, dict[str, str]] = {"campaign_reach": MART, "campaign_results": MART}
    for each in found.values():
        counted = {name: "bigint" for name in (each.rows_numerator, each.rows_denominator) if name}
        readable.setdefault(each.rows_mart or "", dict(MART)).update(counted)
    owners = Owners("nps", "company", "all", 32, "Ann", "Ben", "Bonus", None)
    return Facts(definition.load(), found, [owners], Company("Northwind"), readable)


@pytest.fixture(scope="module")
def site() -> Site:
    return build(known(), Mailing({"Executives": ("a@example.com",), "Marketing": ()}, "mon", 7, 7))


def test_nothing_about_a_metric_is_written_a_second_time() -> None:
    """Names of metrics may stand in dashboards.yml, as they do in definition.yml; words may not."""
    folder = ROOT / "dashboards" / "metabase"
    texts = {
        path: path.read_text()
        for path in folder.rglob("*")
        if path.suffix in {".py", ".yml", ".sql"}
    }
    for each in metrics().values():
        words = {each.name, each.definition, each.question, each.numerator}
        places = [
            path.name for path, text in texts.items() for word in words if f'"{word}"' in text
        ]
        assert places == [], each.metric_id
        whole = re.compile(rf"\b{each.metric_id}\b")
        named = {path.name for path, text in texts.items() if whole.search(text)}
        assert named <= {"dashboards.yml"}, each.metric_id


def test_every_metric_that_the_boards_name_exists() -> None:
    named = {
        metric_id
        for board in building._document()["dashboards"]
        for section in board["sections"]
        for question in section["questions"]
        for metric_id in (*question.get("metrics", []), question.get("intervals"))
        if metric_id
    }
    assert named <= metrics().keys()


def test_keys_and_ids_are_each_used_once_and_never_change(site: Site) -> None:
    keys = [each.key for each in site.questions]
    ids = [entity_id(key) for key in keys]
    assert len(set(keys)) == len(keys) == len(set(ids))
    assert all(re.fullmatch(r"[\w-]{21}", each) for each in ids)
    for board in site.dashboards:
        places = [each.key for each in board.dashcards]
        assert len(set(places)) == len(places)
    # What hangs on these ids (subscriptions, links) would be lost with another value.
    assert entity_id("card/nps/value") == "SnR4oM7H65j45T1AaU341"
    assert {name: each.parameter_id for name, each in FILTERS.items()} == {
        "period": "e4e2584e",
        "brand": "7575a88e",
        "segment": "4ff2fa51",
    }


def test_no_question_names_a_column_that_leads_to_a_person(site: Site) -> None:
    for question in site.questions:
        assert not set(re.findall(r"\w+", question.sql)) & (WITHHELD - {"text"}), question.key
        assert "r.text" not in question.sql and '"text"' not in question.sql


def test_every_question_reads_what_is_published_and_nothing_else(site: Site) -> None:
    schemas = {
        each
        for question in site.questions
        for each in re.findall(r"(?:from|join) (\w+)\.", question.sql)
    }
    assert schemas == {"published"}


def test_lineage_names_each_dashboard_and_the_marts_that_it_reads(site: Site) -> None:
    path = ROOT / "dbt_project/models/marts/scorecard/_scorecard__exposures.yml"
    exposures = yaml.safe_load(path.read_text())["exposures"]
    by_label = {
        each["label"]: set(re.findall(r"'(\w+)'", str(each["depends_on"]))) for each in exposures
    }
    assert by_label.keys() == {board.title for board in site.dashboards}
    of_publication = {"publication_state", "signal_changes", "restatements"}
    for board in site.dashboards:
        shown = [site.by_key[each.question] for each in board.dashcards if each.question]
        behind = [site.by_key[each.opens] for each in board.dashcards if each.opens]
        read = {table for each in (*shown, *behind) for table in TABLES.findall(each.sql)}
        described = {"metric_definitions", "scorecard_owners"}
        assert read - of_publication | described == by_label[board.title], board.title


def test_the_joint_figures_are_those_of_the_page_on_every_dashboard(site: Site) -> None:
    joint = definition.load().joint
    for board in site.dashboards:
        by_key = {each.key: each for each in board.dashcards}
        assert by_key["joint"].text == joint.title
        shown = [each.title for each in board.dashcards if re.match("joint/.*/value$", each.key)]
        assert shown == [card.title for card in joint.cards], board.title


def test_two_joint_figures_of_one_metric_are_not_taken_for_one(site: Site) -> None:
    stem = "joint/retention_after/event"
    solved = site.by_key[f"{stem}/solved_complaint/value"]
    broken = site.by_key[f"{stem}/broken_promise/value"]
    assert "s.segment_value = 'solved_complaint'" in solved.sql
    assert "s.segment_value = 'broken_promise'" in broken.sql
    opened = {each.key: each.opens for each in site.dashboards[0].dashcards}
    assert opened[solved.key] == f"{stem}/solved_complaint/rows"


def test_without_joint_figures_no_heading_stands_alone() -> None:
    facts = known()
    without = replace(facts.definition, joint=replace(facts.definition.joint, cards=()))
    found = build(replace(facts, definition=without))
    assert not [
        each for board in found.dashboards for each in board.dashcards if "joint" in each.key
    ]


def test_a_quote_in_a_name_stays_a_name() -> None:
    facts = known()
    rude = replace(facts.metrics["nps"], needs_detail="it's; drop table x --", name='N"PS')
    found = build(replace(facts, metrics={**facts.metrics, "nps": rude}))
    assert "it''s; drop table x --'" in found.by_key["card/nps/reading"].sql


def test_a_metric_without_readable_rows_opens_nothing() -> None:
    facts = known()
    found = build(replace(facts, readable={}))
    assert not [each for board in found.dashboards for each in board.dashcards if each.opens]
    assert "card/nps/rows" not in found.by_key
    assert not [each for each in found.questions if each.key.endswith("/tickets")]
    assert build(facts).by_key["card/nps/rows"]


def test_a_group_without_addresses_gets_no_mail(site: Site) -> None:
    assert [each.title for each in site.weeklies] == ["Corporate scorecard, weekly, for Executives"]
    assert [each.recipients for each in site.alerts] == [("a@example.com",)]
    assert build(known()).weeklies == () == build(known()).alerts


def test_the_staff_strip_says_what_it_needs(site: Site) -> None:
    (strip,) = [each for each in site.dashboards[0].dashcards if each.key == "staff/strip"]
    assert strip.text == definition.load().staff_absence == "no data: needs staff records"
