"""Risk: Metabase says something else than the page, or a run breaks what people made there."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from dashboards.metabase.errors import MetabaseError
from dashboards.metabase.facts import Facts
from dashboards.scorecard.definition import ScorecardDefinition
from tests.fixtures.metabase_server import FakeMetabase
from tests.fixtures.metabase_site import MetabaseSite, beside, open_metabase

pytestmark = pytest.mark.postgres
VERSIONS = ("v0.50.0", "v0.54.2", "v0.57.1", "v0.59.1", "v1.60.0")


@pytest.fixture
def site(database_url: str) -> Iterator[MetabaseSite]:
    with open_metabase(database_url) as opened:
        yield opened


def state(fake: FakeMetabase) -> dict[str, Any]:
    """Return all that people could see of the server, without the moments of changes."""
    names = ("collections", "cards", "dashboards", "groups", "databases", "pulses")
    names += ("notifications", "alerts", "permissions_graph", "collection_graph")
    return without_moments(deepcopy({name: getattr(fake, name, None) for name in names}))


def without_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_moments(v) for k, v in value.items() if not str(k).endswith("_at")}
    return [without_moments(it) for it in value] if isinstance(value, list) else value


def shape(fake: FakeMetabase) -> dict[str, list[str]]:
    """Return what there is by name, whatever its ids."""
    return {
        "collections": sorted(it["name"] for it in fake.collections.values()),
        "cards": sorted(it["name"] for it in fake.cards.values() if not it["archived"]),
        "dashboards": sorted(
            f"{it['name']}: {len(it['dashcards'])} places, {len(it['parameters'])} filters"
            for it in fake.dashboards.values()
        ),
        "groups": sorted(it["name"] for it in fake.groups.values()),
        "databases": sorted(it["name"] for it in fake.databases.values()),
        "pulses": sorted(it["name"] for it in fake.pulses.values()),
        "alerts": [str(len(fake.notifications) + len(fake.alerts))],
    }


def names(actions: list[Any], verb: str) -> list[str]:
    return [str(action) for action in actions if action.verb == verb]


@pytest.mark.parametrize("unknown_keys", ["refuse", "strip"])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_second_run_writes_nothing_on_any_version(
    database_url: str, version: str, unknown_keys: str
) -> None:
    server = {"version": version, "unknown_keys": unknown_keys, "warehouse_url": database_url}
    with open_metabase(database_url, **server) as site:
        first = site.publish()
        assert first.report.changed
        before, written = state(site.fake), len(site.fake.writes)
        again = site.publish()
        assert again.report.actions == []
        assert len(site.fake.writes) == written
        assert state(site.fake) == before
        assert site.fake.refusals == []


def test_both_faces_follow_one_definition(site: MetabaseSite) -> None:
    site.publish()
    known = site.facts
    first = known.definition.rows[0]
    renamed = replace(first.cards[0], title="Still with us")
    rows = (replace(first, cards=(renamed, *first.cards[1:])), *known.definition.rows[1:])
    metric = replace(
        known.metrics["retention_rate"], definition="Who stayed.", decimals=2, unit="points"
    )
    changed = replace(
        known,
        definition=replace(known.definition, rows=rows),
        metrics={**known.metrics, "retention_rate": metric},
    )
    site.publish(changed)
    card = site.card("Still with us")
    assert "Who stayed." in card["description"]
    column = card["visualization_settings"]["column_settings"]['["name","Value"]']
    assert column == {"decimals": 2, "suffix": " points"}
    assert [it for it in site.fake.cards.values() if it["name"] == "Retention rate"] == []


def test_links_lead_to_where_people_reach_metabase(site: MetabaseSite) -> None:
    outcome = site.publish()
    assert outcome.links["Marketing"].startswith(f"{site.fake.url}/dashboard/")
    site.fake.settings["site-url"] = "https://bi.example.com/"
    assert site.publish().links["Marketing"].startswith("https://bi.example.com/dashboard/")


def test_the_cards_stand_in_the_order_of_the_page(site: MetabaseSite) -> None:
    site.publish()
    titles = [place.title for place in definition(site).places]
    for board in ("Corporate scorecard", "Marketing", "Customer Service"):
        shown = sorted(site.board(board)["dashcards"], key=lambda it: (it["row"], it["col"]))
        values = [
            site.fake.cards[it["card_id"]]["name"]
            for it in shown
            if it["card_id"] and site.fake.cards[it["card_id"]]["display"] == "smartscalar"
        ]
        assert values == titles


def definition(site: MetabaseSite) -> ScorecardDefinition:
    return site.facts.definition


def test_each_card_carries_its_definition_and_both_owners(site: MetabaseSite) -> None:
    site.publish()
    for place in definition(site).places:
        described = site.card(place.title)["description"]
        metric = site.facts.metrics[place.metric_id]
        assert metric.definition and metric.definition in described
        assert f"definition version {metric.version}" in described
        if site.facts.owners_of(place):
            assert "Dana Ito" in described and "Lee Okafor" in described


def test_a_target_is_drawn_from_the_data_and_stands_in_no_setting(site: MetabaseSite) -> None:
    site.publish()
    for card in site.fake.cards.values():
        settings = str(card["visualization_settings"])
        assert "goal" not in settings
    columns = site.card("Net promoter score")["visualization_settings"]["scalar.comparisons"]
    assert [it["column"] for it in columns] == ["Prior year", "Target"]


def test_no_place_stands_on_another(site: MetabaseSite) -> None:
    site.publish()
    for board in site.fake.dashboards.values():
        taken = [
            (row, col)
            for it in board["dashcards"]
            for row in range(it["row"], it["row"] + it["size_y"])
            for col in range(it["col"], it["col"] + it["size_x"])
        ]
        assert len(taken) == len(set(taken))
        assert max(col for _, col in taken) < 24


def test_what_a_person_changed_is_named_and_kept_until_forced(site: MetabaseSite) -> None:
    site.publish()
    card = site.card("Net promoter score")
    card["description"] = "Ask Kim"
    board = site.board()
    place = next(it for it in board["dashcards"] if it["card_id"] == card["id"])
    place["row"] += 50
    before = state(site.fake)
    kept = site.publish()
    assert names(kept.report.actions, "keep") == [
        "keep question 'Net promoter score': description",
        "keep dashboard 'Corporate scorecard': place card/nps/value",
    ]
    assert kept.report.changed == []
    assert state(site.fake) == before
    forced = site.publish(force=True)
    assert len(names(forced.report.actions, "put back")) == 2
    assert "Ask Kim" not in site.card("Net promoter score")["description"]
    assert site.publish().report.actions == []


def test_our_own_change_beside_a_persons_reaches_the_card(site: MetabaseSite) -> None:
    site.publish()
    site.card("Net promoter score")["description"] = "Ask Kim"
    known = site.facts
    metric = replace(known.metrics["nps"], decimals=3)
    changed = replace(known, metrics={**known.metrics, "nps": metric})
    outcome = site.publish(changed)
    assert "update question 'Net promoter score': settings" in map(str, outcome.report.actions)
    card = site.card("Net promoter score")
    assert card["description"] == "Ask Kim"
    assert card["visualization_settings"]["column_settings"]['["name","Value"]']["decimals"] == 3


def test_how_a_person_dressed_a_place_outlives_our_change_of_it(site: MetabaseSite) -> None:
    site.publish()
    at = site.card("Retention rate: reading")["id"]
    place = next(it for it in site.board()["dashcards"] if it["card_id"] == at)
    settings = place["visualization_settings"]
    settings["table.pagination"] = True
    settings["column_settings"]['["name","Signal"]'] = {"text_align": "right"}
    assert site.publish().report.actions == []
    known = site.facts
    rows = tuple(
        replace(
            row,
            cards=tuple(
                replace(it, title="Still with us") if it.metric_id == "retention_rate" else it
                for it in row.cards
            ),
        )
        for row in known.definition.rows
    )
    renamed = replace(known, definition=replace(known.definition, rows=rows))
    site.publish(renamed)
    place = next(it for it in site.board()["dashcards"] if it["card_id"] == at)
    settings = place["visualization_settings"]
    assert settings["card.title"] == "Still with us"
    assert settings["table.pagination"] is True
    assert settings["column_settings"]['["name","Signal"]'] == {"text_align": "right"}
    assert "click_behavior" in settings["column_settings"]['["name","Reading"]']
    assert site.publish(renamed).report.actions == []


def test_what_people_added_beside_is_left_alone(site: MetabaseSite) -> None:
    site.publish()
    fake, board = site.fake, site.board()
    own = {"id": 99_001, "card_id": None, "row": 90, "col": 0, "size_x": 4, "size_y": 2}
    own |= {"dashboard_id": board["id"], "dashboard_tab_id": None, "parameter_mappings": []}
    own |= {"visualization_settings": {"text": "Read this first"}, "series": []}
    board["dashcards"].append(own)
    board["parameters"].append({"id": "theirs01", "name": "Desk", "slug": "desk", "type": "id"})
    collection = next(it for it in fake.collections.values() if it["name"] == "Concord")
    theirs = deepcopy(site.card("Net promoter score"))
    theirs |= {"id": 99_002, "name": "Kim's own", "entity_id": "k" * 21}
    theirs["collection_id"] = collection["id"]
    fake.cards[99_002] = theirs
    known = site.facts
    shorter = replace(known.definition, rows=known.definition.rows[:3])
    site.publish(replace(known, definition=shorter))
    board = site.board()
    assert [it for it in board["dashcards"] if it["id"] == 99_001]
    assert [it["slug"] for it in board["parameters"] if it["id"] == "theirs01"] == ["desk"]
    assert fake.cards[99_002] == theirs


def test_on_a_dashboard_that_a_person_gave_tabs_a_new_card_gets_one(site: MetabaseSite) -> None:
    known = site.facts
    without = {key: it for key, it in known.metrics.items() if key != "nps"}
    site.publish(replace(known, metrics=without))
    board = site.board()
    names_of_tabs = ("Scorecard", "Notes of ours")
    board["tabs"] = [
        {"id": 3_900 + at, "name": it, "position": at, "dashboard_id": board["id"]}
        for at, it in enumerate(names_of_tabs)
    ]
    for place in board["dashcards"]:
        place["dashboard_tab_id"] = 3_900
    site.publish()
    board = site.board()
    assert [it["name"] for it in board["tabs"]] == list(names_of_tabs)
    assert {it["dashboard_tab_id"] for it in board["dashcards"]} == {3_900}
    assert site.publish().report.actions == []


def test_a_filter_stays_even_when_no_card_takes_it(site: MetabaseSite) -> None:
    """Removing it would archive the subscriptions that use it, and mail their owners."""
    site.publish()
    known = site.facts
    rows = tuple(
        replace(
            row,
            cards=tuple(replace(it, segment=("brand", "Harbour")) for it in row.cards),
        )
        for row in known.definition.rows
    )
    star = replace(known.definition.north_star, segment=("brand", "Harbour"))
    fixed = replace(known.definition, rows=rows, north_star=star)
    site.publish(replace(known, definition=fixed))
    assert [it["slug"] for it in site.board()["parameters"]] == ["period", "brand", "segment"]
    assert site.fake.mails == []


def test_subscriptions_and_alerts_of_people_survive_an_update(site: MetabaseSite) -> None:
    site.publish()
    fake, board = site.fake, site.board()
    brand = next(it for it in board["parameters"] if it["slug"] == "brand")
    ours = next(iter(fake.pulses.values()))
    theirs = deepcopy(ours) | {"id": 99_003, "name": "Kim's Monday"}
    theirs["parameters"] = [{**brand, "value": ["Northwind"]}]
    fake.pulses[99_003] = deepcopy(theirs)
    alert = deepcopy(next(iter(fake.notifications.values()))) | {"id": 99_004}
    alert["payload"] = {**alert["payload"], "card_id": site.card("Advocates")["id"]}
    fake.notifications[99_004] = deepcopy(alert)
    kept = {it["id"]: it["card_id"] for it in board["dashcards"]}
    known = site.facts
    metric = replace(known.metrics["nps"], decimals=3, definition="Changed.")
    site.publish(replace(known, metrics={**known.metrics, "nps": metric}))
    assert {it["id"]: it["card_id"] for it in site.board()["dashcards"]} == kept
    assert without_moments(fake.pulses[99_003]) == without_moments(theirs)
    assert without_moments(fake.notifications[99_004]) == without_moments(alert)
    assert fake.mails == []


def test_a_removed_card_goes_to_the_trash_and_comes_back_as_the_same(site: MetabaseSite) -> None:
    site.publish()
    at = site.card("Net promoter score")["id"]
    known = site.facts
    without = {key: it for key, it in known.metrics.items() if key != "nps"}
    outcome = site.publish(replace(known, metrics=without))
    assert "archive question 'Net promoter score'" in map(str, outcome.report.actions)
    assert site.fake.cards[at]["archived"]
    assert site.publish(replace(known, metrics=without)).report.actions == []
    site.publish()
    assert not site.fake.cards[at]["archived"]
    assert site.publish().report.actions == []


def test_what_a_person_deleted_for_good_is_made_anew(site: MetabaseSite) -> None:
    site.publish()
    card = site.card("Net promoter score")
    del site.fake.cards[card["id"]]
    for board in site.fake.dashboards.values():
        board["dashcards"] = [it for it in board["dashcards"] if it["card_id"] != card["id"]]
    outcome = site.publish()
    assert "create question 'Net promoter score'" in map(str, outcome.report.actions)
    assert site.card("Net promoter score")["entity_id"] == card["entity_id"]


def test_a_group_that_a_person_renamed_stays_the_group_that_it_is(site: MetabaseSite) -> None:
    site.publish()
    group = next(it for it in site.fake.groups.values() if it["name"] == "Executives")
    group["name"] = "Board"
    kept = site.publish()
    assert [str(it) for it in kept.report.actions] == ["keep group 'Executives': name"]
    site.publish(force=True)
    assert group["name"] == "Executives"
    assert site.publish().report.actions == []


def test_a_companys_own_group_of_the_same_name_is_the_one_that_is_meant(
    site: MetabaseSite,
) -> None:
    site.fake.groups[77] = {"id": 77, "name": "Marketing"}
    site.publish()
    assert [it["id"] for it in site.fake.groups.values() if it["name"] == "Marketing"] == [77]


def test_a_dry_run_names_everything_and_writes_nothing(site: MetabaseSite) -> None:
    plan = site.publish(dry_run=True)
    assert site.fake.writes == []
    assert site.query("select count(*) from concord.metabase_objects") == [(0,)]
    done = site.publish()
    assert [str(it) for it in plan.report.actions if it.verb == "create"] == [
        str(it) for it in done.report.actions if it.verb == "create"
    ]
    site.card("Net promoter score")["display"] = "table"
    kept = site.publish(dry_run=True, force=True)
    assert [str(it) for it in kept.report.actions] == [
        "put back question 'Net promoter score': display"
    ]
    assert site.card("Net promoter score")["display"] == "table"


def test_a_new_warehouse_takes_over_what_is_right_and_asks_about_the_rest(
    site: MetabaseSite,
) -> None:
    site.publish()
    site.card("Net promoter score")["description"] = "Ask Kim"
    written = len(site.fake.writes)
    site.query("delete from concord.metabase_objects")
    outcome = site.publish()
    assert [str(it) for it in outcome.report.actions] == [
        "keep question 'Net promoter score': description"
    ]
    assert len(site.fake.writes) == written


def two_cards(site: MetabaseSite) -> Facts:
    """Return a scorecard of two cards: every kind of call is made, and few of each."""
    known = site.facts
    kept = ("advocating_retained_share", "nps")
    return replace(known, metrics={it: known.metrics[it] for it in kept})


@pytest.mark.parametrize("dies", ["die_after", "die_before"])
def test_killed_at_any_write_the_next_run_ends_in_the_same_state(
    database_url: str, dies: str
) -> None:
    with open_metabase(database_url) as whole:
        whole.publish(two_cards(whole))
        wanted, writes = shape(whole.fake), len(whole.fake.writes)
    for number in range(1, writes + 1):
        with beside(database_url) as site:
            site.query("delete from concord.metabase_objects")
            getattr(site.fake, dies)(number)
            with pytest.raises(MetabaseError):
                site.publish(two_cards(site))
            site.fake.revive()
            outcome = site.publish(two_cards(site))
            assert names(outcome.report.actions, "keep") == [], number
            assert shape(site.fake) == wanted, number
            assert site.publish(two_cards(site)).report.actions == [], number
