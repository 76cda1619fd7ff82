"""Risk: a question in Metabase shows another figure than the page, or a filter does nothing.

Every question's SQL is run by the fake server as the role that Metabase reads with.
"""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dashboards.scorecard import definition, formatting
from orchestration.metabase import facts
from tests.browser.seeded_warehouse import EVENT_MONTHS, MONTHS, SUPPRESSED_SEGMENT
from tests.fixtures.metabase_server import FakeMetabase
from tests.fixtures.metabase_site import MetabaseSite, open_metabase

pytestmark = pytest.mark.postgres
LATEST, EARLIER = MONTHS[-2], MONTHS[-6]
CHOICES: dict[str, tuple[dict[str, Any], tuple[str, str], date]] = {
    "nothing": ({}, ("company", "all"), LATEST),
    "month": ({"period": f"{EARLIER:%Y-%m}"}, ("company", "all"), EARLIER),
    "brand": ({"brand": "Harbour"}, ("brand", "Harbour"), LATEST),
    "segment": ({"segment": "channel:app"}, ("channel", "app"), LATEST),
    "brand and month": (
        {"brand": ["Harbour"], "period": [f"{EARLIER:%Y-%m}"]},
        ("brand", "Harbour"),
        EARLIER,
    ),
}


@pytest.fixture(scope="module")
def site(module_database_url: str) -> Iterator[MetabaseSite]:
    with open_metabase(module_database_url, warehouse_url=module_database_url) as opened:
        opened.publish()
        yield opened


def row(site: MetabaseSite, metric_id: str, segment: tuple[str, str], month: date) -> Any:
    """Return the scorecard's row of one metric, segment and month."""
    found = site.query(
        "select value, prior_year_value, target, n, ci_low, ci_high, numerator, denominator,"
        " limit_low, limit_high from published.scorecard where metric_id = %s"
        " and segment_name = %s and segment_value = %s and period_start = %s",
        (metric_id, *segment, month),
    )
    assert len(found) == 1
    return found[0]


def result(site: MetabaseSite, name: str, chosen: dict[str, Any]) -> list[dict[str, Any]]:
    columns, rows = site.fake.run_card(site.card(name)["id"], chosen)
    return [dict(zip(columns, each, strict=True)) for each in rows]


@pytest.mark.parametrize("choice", CHOICES)
def test_each_card_equals_the_scorecard_with_and_without_each_filter(
    site: MetabaseSite, choice: str
) -> None:
    chosen, segment, month = CHOICES[choice]
    for place in site.facts.places:
        wanted = row(site, place.metric_id, segment, month)
        last = shown(site, place.title, chosen)
        assert (last["Month"], last["Value"]) == (month, wanted[0]), place.title
        assert (last["Prior year"], last["Target"]) == wanted[1:3], place.title
        drawn = result(site, f"{place.title}: trend", chosen)[-1]
        assert (drawn["Month"], drawn["Value"]) == (month, wanted[0])
        assert (drawn["95 % from"], drawn["95 % to"]) == wanted[4:6]
        assert (drawn["Lower limit"], drawn["Upper limit"]) == wanted[8:10]
        (said,) = result(site, f"{place.title}: reading", chosen)
        decimals = site.facts.metrics[place.metric_id].decimals
        value, low, high = (on_the_page(wanted[each], decimals) for each in (0, 4, 5))
        assert said["Reading"].startswith(f"{month:%b %Y}: {value}"), place.title
        assert f" (95 %: {low} to {high}), n {wanted[3]:,}" in said["Reading"], place.title


def test_each_joint_figure_equals_the_scorecards_of_its_own_segment(site: MetabaseSite) -> None:
    assert [place.title for place in site.facts.joint] == [
        card.title for card in definition.load().joint.cards
    ]
    for place in site.facts.joint:
        month = EVENT_MONTHS[-1] if place.metric_id == "retention_after" else LATEST
        wanted = row(site, place.metric_id, place.segment, month)
        last = shown(site, place.title, {})
        assert (last["Month"], last["Value"]) == (month, wanted[0]), place.title
        drawn = result(site, f"{place.title}: trend", {})[-1]
        assert (drawn["95 % from"], drawn["95 % to"]) == wanted[4:6]
        (said,) = result(site, f"{place.title}: reading", {})
        decimals = site.facts.metrics[place.metric_id].decimals
        value = on_the_page(wanted[0], decimals)
        assert said["Reading"].startswith(f"{month:%b %Y}: {value}"), place.title


def test_the_trend_of_a_joint_difference_shows_its_interval(site: MetabaseSite) -> None:
    drawn = site.card("Kept after a solved complaint: trend")["visualization_settings"]
    assert {"Value", "95 % from", "95 % to"} <= set(drawn["graph.metrics"])
    usual = site.card("Retention rate: trend")["visualization_settings"]
    assert {"95 % from", "95 % to"}.isdisjoint(usual["graph.metrics"])


def test_the_rows_behind_a_joint_figure_are_those_of_its_own_event(site: MetabaseSite) -> None:
    (only,) = result(site, "Kept after a broken promise: rows behind", {})
    assert only["event"] == "broken_promise"
    # 5 points less, of 400 matched persons.
    assert (only["retention effect count"], only["retention matched count"]) == (-20, 400)


@pytest.mark.parametrize("board", ["Marketing", "Customer Service"])
def test_intervals_by_event_say_on_which_side_of_zero_each_month_lies(
    site: MetabaseSite, board: str
) -> None:
    (card,) = [
        site.fake.cards[each["card_id"]]
        for each in site.board(board)["dashcards"]
        if each["visualization_settings"]["concord.place"].endswith("/events")
    ]
    columns, found = site.fake.run_card(card["id"], {})
    rows = [dict(zip(columns, each, strict=True)) for each in found]
    newest = {each["Event"]: each for each in rows if each["Month"] == EVENT_MONTHS[-1]}
    assert {event: each["Interval"] for event, each in newest.items()} == {
        "broken promise": "below 0",
        "complaint": "includes 0",
        "solved complaint": "above 0",
        "unanswered mention": "suppressed",
    }
    solved, hidden = newest["solved complaint"], newest["unanswered mention"]
    named = site.facts.metrics["retention_after"].name
    assert (solved[named], solved["95 % from"], solved["95 % to"], solved["n"]) == (6, 2, 10, 400)
    assert (hidden[named], hidden["Left out"]) == (None, "not enough comparable persons")
    _, earlier = site.fake.run_card(card["id"], {"period": f"{EVENT_MONTHS[3]:%Y-%m}"})
    assert max(each[0] for each in earlier) == EVENT_MONTHS[3]


@pytest.mark.parametrize("month", [EARLIER, LATEST])
def test_a_past_month_is_as_of_its_own_end_and_never_of_today(
    site: MetabaseSite, month: date
) -> None:
    chosen = {} if month == LATEST else {"period": f"{month:%Y-%m}"}
    next_month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    for place in site.facts.places:
        (said,) = result(site, f"{place.title}: reading", chosen)
        last_day = next_month - timedelta(days=1)
        assert said["Data as of"] == f"{last_day:%d %b %Y}", place.title
    not_measured = result(site, f"{site.facts.places[0].title}: reading", {"period": "2020-01"})
    assert not_measured[0]["Data as of"] is None


def shown(site: MetabaseSite, title: str, chosen: dict[str, Any]) -> dict[str, Any]:
    """Return the row that Metabase shows: a number's first, a smart number's newest."""
    rows = result(site, title, chosen)
    return rows[0] if site.card(title)["display"] == "scalar" else rows[-1]


def test_what_can_be_negative_has_its_difference_in_points_and_no_percent(
    site: MetabaseSite,
) -> None:
    value, prior = row(site, "nps", ("company", "all"), LATEST)[:2]
    (said,) = result(site, "Net promoter score: reading", {})
    # to_char writes +; a difference below 0 has its own sign.
    difference = f"{on_the_page(value - prior, 0)} points vs prior year"
    assert said["Reading"].endswith(difference if value < prior else f"+{difference}")
    assert "scalar.comparisons" not in site.card("Net promoter score")["visualization_settings"]
    (steady,) = result(site, "Retention rate: reading", {})
    assert "vs prior year" not in steady["Reading"]


def on_the_page(value: Decimal, decimals: int) -> str:
    return formatting.number(float(value), decimals).replace(formatting.MINUS, "-")


@pytest.mark.parametrize(("metric_id", "column"), [("retention_rate", "is retained")])
def test_the_rows_behind_a_card_add_up_to_it(
    site: MetabaseSite, metric_id: str, column: str
) -> None:
    title = next(each.title for each in site.facts.places if each.metric_id == metric_id)
    rows = result(site, f"{title}: rows behind", {})
    wanted = row(site, metric_id, ("company", "all"), LATEST)
    assert sum(each[column] for each in rows) == wanted[6]
    assert sum(each["is active at start"] for each in rows) == wanted[7]


def test_the_rows_behind_follow_the_filters(site: MetabaseSite) -> None:
    title = "Retention rate: rows behind"
    every = result(site, title, {})
    one = result(site, title, {"brand": "Harbour"})
    assert 0 < len(one) < len(every) and {each["brand"] for each in one} == {"Harbour"}
    channel = result(site, title, {"segment": "channel:app"})
    assert {each["channel"] for each in channel} == {"app"}
    assert result(site, title, {"period": f"{EARLIER:%Y-%m}"}) == []


def test_a_brand_together_with_another_segment_shows_no_figure(site: MetabaseSite) -> None:
    chosen = {"brand": "Harbour", "segment": "channel:app"}
    assert result(site, "Retention rate", chosen) == []
    (said,) = result(site, "Retention rate: reading", chosen)
    assert said["Reading"] == "not measured for this segment"


def test_a_suppressed_month_shows_its_reason_and_no_older_figure(site: MetabaseSite) -> None:
    chosen = {"segment": ":".join(SUPPRESSED_SEGMENT)}
    assert result(site, "Retention rate", chosen) == []
    (said,) = result(site, "Retention rate: reading", chosen)
    assert said["Reading"] == f"{LATEST:%b %Y}: suppressed: n < 30"
    assert (said["Signal"], said["Target"]) == ("too little data", "no target set")
    drawn = result(site, "Retention rate: trend", chosen)
    assert {each["Lower limit"] for each in drawn} == {None}


def test_a_running_month_is_never_the_figure(site: MetabaseSite) -> None:
    assert result(site, "Retention rate", {})[-1]["Month"] == LATEST
    assert result(site, "Retention rate", {"period": f"{MONTHS[-1]:%Y-%m}"}) == []


def test_a_month_without_a_figure_shows_none_and_never_another_months(site: MetabaseSite) -> None:
    chosen = {"period": "2019-03", "brand": "Harbour"}
    assert result(site, "Retention rate", chosen) == []
    later = {"period": f"{MONTHS[-1]:%Y-%m}", "brand": "Harbour"}
    (said,) = result(site, "Retention rate: reading", later)
    assert said["Reading"] == f"not measured in {MONTHS[-1]:%b %Y}"


def test_a_trend_shows_two_years_and_no_more(site: MetabaseSite) -> None:
    months = [each["Month"] for each in result(site, "Retention rate: trend", {})]
    assert months == MONTHS[-25:-1][-24:]


def test_a_card_without_rows_gives_way_or_says_why_it_has_none(database_url: str) -> None:
    with open_metabase(database_url, warehouse_url=database_url) as site:
        site.query("delete from published.scorecard where metric_id = 'nps'")
        site.publish()
        assert "nps" not in {place.metric_id for place in site.facts.places}
        assert "Net promoter score" not in {card["name"] for card in site.fake.cards.values()}
        row = {"title": "Chosen", "cards": [{"metric": "nps"}]}
        site.publish(facts(database_url, definition.chosen(definition.load(), [row])))
        assert result(site, "Net promoter score", {}) == []
        (said,) = result(site, "Net promoter score: reading", {})
        assert said["Reading"] == site.facts.metrics["nps"].absence
        assert said["Reading"].startswith("no data: needs")


def test_each_filter_is_wired_to_every_card_that_can_take_it(site: MetabaseSite) -> None:
    """Through the dashboard, as a person chooses: a mapping that leads nowhere would do nothing."""
    board = site.board()
    places = {
        each["card_id"]: each["id"] for each in board["dashcards"] if each["card_id"] is not None
    }
    assert [each["slug"] for each in board["parameters"]] == ["period", "brand", "segment"]
    for place in site.facts.places:
        at = places[site.card(place.title)["id"]]
        wanted = row(site, place.metric_id, ("brand", "Harbour"), EARLIER)
        _, rows = site.fake.run_dashcard(
            board["id"], at, {"brand": "Harbour", "period": f"{EARLIER:%Y-%m}"}
        )
        assert {each[0]: each[1] for each in rows}[EARLIER] == wanted[0], place.title


@pytest.mark.parametrize("name", ["Corporate scorecard", "Marketing", "Customer Service"])
def test_no_place_leaves_out_a_filter_that_its_question_can_take(
    site: MetabaseSite, name: str
) -> None:
    board = site.board(name)
    slugs = {each["id"]: each["slug"] for each in board["parameters"]}
    placed = [each for each in board["dashcards"] if each["card_id"] is not None]
    for place in placed:
        query = site.fake.cards[place["card_id"]]["dataset_query"]["stages"][0]
        wired = {slugs[each["parameter_id"]] for each in place["parameter_mappings"]}
        assert wired == set(query.get("template-tags") or {}), place["visualization_settings"]
    cards = [each for each in placed if len(each["parameter_mappings"]) == 3]
    assert len(cards) >= 3 * len(site.facts.places)


def test_what_the_filters_offer_exists(site: MetabaseSite) -> None:
    assert [each["Period"] for each in result(site, "Months to choose from", {})] == [
        f"{month:%Y-%m}" for month in reversed(MONTHS[:-1])
    ]
    assert [each["Brand"] for each in result(site, "Brands to choose from", {})] == [
        "Harbour",
        "Northwind",
    ]
    offered = [each["Segment"] for each in result(site, "Segments to choose from", {})]
    assert "channel:app" in offered and "brand:Harbour" not in offered


def test_a_card_opens_the_rows_behind_it_under_the_same_filters(site: MetabaseSite) -> None:
    behind = site.card("Retention rate: rows behind")
    places = {each["card_id"]: each["visualization_settings"] for each in site.board()["dashcards"]}
    click = places[site.card("Retention rate")["id"]]["click_behavior"]
    assert places[site.card("Retention rate: trend")["id"]]["click_behavior"] == click
    columns = places[site.card("Retention rate: reading")["id"]]["column_settings"]
    assert columns == {'["name","Reading"]': {"click_behavior": click}}
    assert (click["linkType"], click["targetId"]) == ("question", behind["id"])
    sources = {each["source"]["id"] for each in click["parameterMapping"].values()}
    assert sources == {each["id"] for each in site.board()["parameters"]}


def test_a_held_publication_is_reported_beside_the_figures(database_url: str) -> None:
    from dashboards.scorecard import publication
    from dashboards.scorecard.records import Company, GateOutcome
    from tests.browser.seeded_warehouse import AS_OF

    with open_metabase(database_url, warehouse_url=database_url) as site:
        site.publish()
        assert result(site, "Last refresh", {})[0]["Gates"] == "checks passed"
        blocked = [GateOutcome("publishable", False, 41, ("nps fell by 62 %",))]
        publication.hold(database_url, Company("Northwind", True), blocked, AS_OF)
        held = result(site, "Last refresh", {})[0]
        assert held["Gates"] == "held, newer numbers failed a check: nps fell by 62 %"


def test_the_trust_strip_says_what_the_page_says(site: MetabaseSite) -> None:
    reported = {(each["Trust"], each["Of"]): each["Figure"] for each in result(site, "Trust", {})}
    assert reported[("Records of known customers", None)] == "97.9 %"
    assert reported[("Quarantine", None)] == "128 of 322,410 rows"
    assert reported[("Newest data", "helpdesk")] == "21 Nov 2026"


@pytest.mark.parametrize("board", ["Marketing", "Customer Service"])
def test_a_departments_own_lists_run(site: MetabaseSite, board: str) -> None:
    own = [
        site.fake.cards[each["card_id"]]
        for each in site.board(board)["dashcards"]
        if each["card_id"] and site.fake.cards[each["card_id"]]["name"] not in shared(site.fake)
    ]
    assert own
    for card in own:
        columns, _ = site.fake.run_card(card["id"], {})
        assert columns[0] in {"Month", "Channel", "Topic", "Brand"}


def test_every_question_runs_with_each_filter_that_it_takes_and_with_all(
    site: MetabaseSite,
) -> None:
    chosen = {"period": f"{EARLIER:%Y-%m}", "brand": "Harbour", "segment": "channel:app"}
    for card in site.fake.cards.values():
        tags = card["dataset_query"]["stages"][0].get("template-tags") or {}
        taken = {name: chosen[name] for name in tags}
        for choice in ({}, *({name: value} for name, value in taken.items()), taken):
            columns, _ = site.fake.run_card(card["id"], choice)
            assert columns, card["name"]


def shared(fake: FakeMetabase) -> set[str]:
    scorecard = next(
        each for each in fake.dashboards.values() if each["name"] == "Corporate scorecard"
    )
    return {
        fake.cards[each["card_id"]]["name"] for each in scorecard["dashcards"] if each["card_id"]
    }


def test_a_list_by_channel_holds_the_scorecards_figures(site: MetabaseSite) -> None:
    rows = result(site, "Service by channel, month by month", {})
    latest = {each["Channel"]: each for each in rows if each["Month"] == LATEST}
    for channel, metric_id in itertools.product(latest, ("csat", "first_reply_time")):
        named = site.facts.metrics[metric_id].name
        wanted = row(site, metric_id, ("channel", channel), LATEST)
        assert latest[channel][named] == wanted[0] and isinstance(wanted[0], Decimal)


def test_nothing_that_is_drawn_breaks_a_rule_of_metabase(site: MetabaseSite) -> None:
    """Columns that settings name exist, a smart scalar has its time, a chart its dimension."""
    assert site.fake.refusals == []
