"""Risk: Metabase says something else than the page, or a run breaks what people made there."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from dashboards.metabase.client import Client
from dashboards.metabase.errors import MetabaseError
from dashboards.metabase.facts import Facts
from dashboards.metabase.spec import marker
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
    return [without_moments(each) for each in value] if isinstance(value, list) else value


def shape(fake: FakeMetabase) -> dict[str, list[str]]:
    """Return what there is by name, whatever its ids."""
    return {
        "collections": sorted(each["name"] for each in fake.collections.values()),
        "cards": sorted(each["name"] for each in fake.cards.values() if not each["archived"]),
        "dashboards": sorted(
            f"{each['name']}: {len(each['dashcards'])} places, {len(each['parameters'])} filters"
            for each in fake.dashboards.values()
        ),
        "groups": sorted(each["name"] for each in fake.groups.values()),
        "databases": sorted(each["name"] for each in fake.databases.values()),
        "pulses": sorted(each["name"] for each in fake.pulses.values()),
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
        assert {each.verb for each in first.report.actions} == {"create", "set"}
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
    assert [each for each in site.fake.cards.values() if each["name"] == "Retention rate"] == []


def test_links_lead_to_where_people_reach_metabase(site: MetabaseSite) -> None:
    outcome = site.publish()
    assert outcome.links["Marketing"].startswith(f"{site.fake.url}/dashboard/")
    site.fake.settings["site-url"] = "https://bi.example.com/"
    assert site.publish().links["Marketing"].startswith("https://bi.example.com/dashboard/")


def test_the_cards_stand_in_the_order_of_the_page(site: MetabaseSite) -> None:
    site.publish()
    wanted = definition(site)
    titles = [place.title for place in (*wanted.places, *wanted.joint.cards)]
    for board in ("Corporate scorecard", "Marketing", "Customer Service"):
        shown = sorted(site.board(board)["dashcards"], key=lambda each: (each["row"], each["col"]))
        values = [
            site.fake.cards[each["card_id"]]["name"]
            for each in shown
            if each["card_id"] and site.fake.cards[each["card_id"]]["display"].endswith("scalar")
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
    columns = site.card("Retention rate")["visualization_settings"]["scalar.comparisons"]
    assert [each["column"] for each in columns] == ["Prior year", "Target"]


def test_no_place_stands_on_another(site: MetabaseSite) -> None:
    site.publish()
    for board in site.fake.dashboards.values():
        taken = [
            (row, col)
            for each in board["dashcards"]
            for row in range(each["row"], each["row"] + each["size_y"])
            for col in range(each["col"], each["col"] + each["size_x"])
        ]
        assert len(taken) == len(set(taken))
        assert max(col for _, col in taken) < 24


def test_what_a_person_changed_in_ours_is_put_back_and_reported(site: MetabaseSite) -> None:
    site.publish()
    before = state(site.fake)
    card = site.card("Net promoter score")
    card["description"] = "Ask Kim"
    card["visualization_settings"]["graph.goal_value"] = 75
    board = site.board()
    place = next(each for each in board["dashcards"] if each["card_id"] == card["id"])
    place["row"] += 50
    place["visualization_settings"]["card.title"] = "Kim's"
    reported = [
        "overwrite question 'Net promoter score': description, visualization_settings",
        "overwrite dashboard 'Corporate scorecard': dashcard card/nps/value",
    ]
    assert [str(each) for each in site.publish(dry_run=True).report.overwritten] == reported
    assert [str(each) for each in site.publish().report.actions] == reported
    assert state(site.fake) == before
    assert site.publish().report.actions == []


def test_what_a_person_renamed_or_moved_keeps_its_id_and_is_put_back(site: MetabaseSite) -> None:
    """A new dashboard of the right name would leave subscriptions on the old one."""
    site.publish()
    before = state(site.fake)
    site.board("Marketing")["name"] = "Kim's dashboard"
    collections = {each["name"]: each for each in site.fake.collections.values()}
    collections["Customer Service"]["name"] = "Service desk"
    site.card("Net promoter score")["collection_id"] = collections["Concord"]["id"]
    assert [str(each) for each in site.publish().report.actions] == [
        "overwrite collection 'Customer Service': name",
        "overwrite question 'Net promoter score': collection_id",
        "overwrite dashboard 'Marketing': name",
    ]
    assert state(site.fake) == before


def test_what_a_person_threw_away_comes_back_as_the_same(site: MetabaseSite) -> None:
    site.publish()
    before = state(site.fake)
    client = Client(site.fake.url)
    client.use_api_key(site.credentials.api_key or "")
    collections = {each["name"]: each["id"] for each in site.fake.collections.values()}
    client.put(f"/api/collection/{collections['Customer Service']}", {"archived": True})
    client.put(f"/api/dashboard/{site.board('Marketing')['id']}", {"archived": True})
    client.put(f"/api/card/{site.card('Net promoter score')['id']}", {"archived": True})
    site.publish()
    assert state(site.fake) == before
    assert site.publish().report.actions == []


def test_what_an_earlier_version_published_is_taken_over_with_its_ids(site: MetabaseSite) -> None:
    """It marked collections and dashboards with other words, and questions not at all."""
    site.publish()
    before = state(site.fake)
    for held in (*site.fake.collections.values(), *site.fake.dashboards.values()):
        held["description"] = "Published by Concord; changes by hand are kept and reported."
    for card in site.fake.cards.values():
        del card["visualization_settings"]["concord.key"]
    assert {action.verb for action in site.publish().report.actions} == {"overwrite"}
    assert state(site.fake) == before


def test_copies_and_questions_of_peoples_own_are_left_alone_also_in_our_collections(
    site: MetabaseSite,
) -> None:
    site.publish()
    fake, board = site.fake, site.board()
    copy = deepcopy(site.card("Net promoter score"))
    copy |= {"id": 99_002, "name": "Kim's own", "entity_id": "k" * 21}
    fake.cards[99_002] = copy
    beside = deepcopy(board) | {"id": 99_003, "name": "Corporate scorecard - Duplicate"}
    fake.dashboards[99_003] = beside
    known = site.facts
    shorter = replace(known.definition, rows=known.definition.rows[:3])
    outcome = site.publish(replace(known, definition=shorter))
    assert names(outcome.report.actions, "archive")
    assert fake.cards[99_002] == copy and fake.dashboards[99_003] == beside


def test_what_a_person_put_on_our_dashboard_is_taken_off_but_a_filter_stays(
    site: MetabaseSite,
) -> None:
    """Taking a filter away would archive the subscriptions that use it, and mail their owners."""
    site.publish()
    fake, board = site.fake, site.board()
    before = {each["id"] for each in board["dashcards"]}
    own = {"id": 99_001, "card_id": None, "row": 90, "col": 0, "size_x": 4, "size_y": 2}
    own |= {"dashboard_id": board["id"], "dashboard_tab_id": None, "parameter_mappings": []}
    own |= {"visualization_settings": {"text": "Read this first"}, "series": []}
    board["dashcards"].append(own)
    desk = {"id": "theirs01", "name": "Desk", "slug": "desk", "type": "id"}
    board["parameters"].append(desk)
    kims = deepcopy(next(iter(fake.pulses.values()))) | {"id": 99_003, "name": "Kim's Monday"}
    fake.pulses[99_003] = kims | {"parameters": [{**desk, "value": [1]}]}
    assert [str(each) for each in site.publish().report.actions] == [
        "overwrite dashboard 'Corporate scorecard': dashcard added by hand, 99001"
    ]
    assert {each["id"] for each in site.board()["dashcards"]} == before
    assert [each["slug"] for each in site.board()["parameters"]][-1] == "desk"
    site.board()["parameters"][0]["name"] = "Kim's month"
    site.publish()
    assert [each["slug"] for each in site.board()["parameters"]][-1] == "desk"
    assert not fake.pulses[99_003]["archived"] and fake.mails == []


def test_tabs_that_a_person_made_are_taken_away_and_nothing_is_lost(site: MetabaseSite) -> None:
    site.publish()
    before = state(site.fake)
    board = site.board()
    board["tabs"] = [{"id": 3_900, "name": "Notes", "position": 0, "dashboard_id": board["id"]}]
    for place in board["dashcards"]:
        place["dashboard_tab_id"] = 3_900
    assert [str(each) for each in site.publish().report.actions] == [
        "overwrite dashboard 'Corporate scorecard': tab 'Notes'"
    ]
    assert state(site.fake) == before


def test_a_filter_stays_even_when_no_card_takes_it(site: MetabaseSite) -> None:
    """Removing it would archive the subscriptions that use it, and mail their owners."""
    site.publish()
    known = site.facts
    rows = tuple(
        replace(
            row,
            cards=tuple(replace(each, segment=("brand", "Harbour")) for each in row.cards),
        )
        for row in known.definition.rows
    )
    star = replace(known.definition.north_star, segment=("brand", "Harbour"))
    fixed = replace(known.definition, rows=rows, north_star=star)
    site.publish(replace(known, definition=fixed))
    assert [each["slug"] for each in site.board()["parameters"]] == ["period", "brand", "segment"]
    assert site.fake.mails == []


def test_subscriptions_and_alerts_of_people_survive_an_update(site: MetabaseSite) -> None:
    site.publish()
    fake, board = site.fake, site.board()
    brand = next(each for each in board["parameters"] if each["slug"] == "brand")
    ours = next(iter(fake.pulses.values()))
    theirs = deepcopy(ours) | {"id": 99_003, "name": "Kim's Monday"}
    theirs["parameters"] = [{**brand, "value": ["Northwind"]}]
    fake.pulses[99_003] = deepcopy(theirs)
    alert = deepcopy(next(iter(fake.notifications.values()))) | {"id": 99_004}
    alert["payload"] = {**alert["payload"], "card_id": site.card("Advocates")["id"]}
    fake.notifications[99_004] = deepcopy(alert)
    kept = {each["id"]: each["card_id"] for each in board["dashcards"]}
    known = site.facts
    metric = replace(known.metrics["nps"], decimals=3, definition="Changed.")
    site.publish(replace(known, metrics={**known.metrics, "nps": metric}))
    assert {each["id"]: each["card_id"] for each in site.board()["dashcards"]} == kept
    assert without_moments(fake.pulses[99_003]) == without_moments(theirs)
    assert without_moments(fake.notifications[99_004]) == without_moments(alert)
    assert fake.mails == []


def test_a_removed_card_goes_to_the_trash_and_comes_back_as_the_same(site: MetabaseSite) -> None:
    site.publish()
    at = site.card("Net promoter score")["id"]
    known = site.facts
    without = {key: each for key, each in known.metrics.items() if key != "nps"}
    outcome = site.publish(replace(known, metrics=without))
    assert "archive question 'Net promoter score'" in map(str, outcome.report.actions)
    assert site.fake.cards[at]["archived"]
    assert site.publish(replace(known, metrics=without)).report.actions == []
    site.publish()
    assert not site.fake.cards[at]["archived"]
    assert site.publish().report.actions == []


def test_a_dashboard_that_is_no_longer_defined_goes_to_the_trash(site: MetabaseSite) -> None:
    site.publish()
    old = deepcopy(site.board("Marketing")) | {"id": 99_005, "name": "Old"}
    site.fake.dashboards[99_005] = old | {"description": marker("old")}
    assert [str(action) for action in site.publish().report.actions] == ["archive dashboard 'Old'"]
    assert site.fake.dashboards[99_005]["archived"]
    assert site.publish().report.actions == []


def test_what_a_person_deleted_for_good_is_made_anew(site: MetabaseSite) -> None:
    site.publish()
    card = site.card("Net promoter score")
    del site.fake.cards[card["id"]]
    for board in site.fake.dashboards.values():
        board["dashcards"] = [each for each in board["dashcards"] if each["card_id"] != card["id"]]
    outcome = site.publish()
    assert "create question 'Net promoter score'" in map(str, outcome.report.actions)
    assert site.card("Net promoter score")["entity_id"] == card["entity_id"]


def test_a_companys_own_group_of_the_same_name_is_the_one_that_is_meant(
    site: MetabaseSite,
) -> None:
    site.fake.groups[77] = {"id": 77, "name": "Marketing"}
    site.publish()
    assert [each["id"] for each in site.fake.groups.values() if each["name"] == "Marketing"] == [77]


def test_a_dry_run_names_everything_and_writes_nothing(site: MetabaseSite) -> None:
    plan = site.publish(dry_run=True)
    assert site.fake.writes == []
    done = site.publish()
    assert names(plan.report.actions, "create") == names(done.report.actions, "create")


def two_cards(site: MetabaseSite) -> Facts:
    """Return a scorecard of two cards: every kind of call is made, and few of each."""
    known = site.facts
    kept = ("advocating_retained_share", "nps")
    return replace(known, metrics={each: known.metrics[each] for each in kept})


@pytest.mark.parametrize("dies", ["die_after", "die_before"])
def test_killed_at_any_write_the_next_run_ends_in_the_same_state(
    database_url: str, dies: str
) -> None:
    with open_metabase(database_url) as whole:
        whole.publish(two_cards(whole))
        wanted, writes = shape(whole.fake), len(whole.fake.writes)
    for number in range(1, writes + 1):
        with beside(database_url) as site:
            getattr(site.fake, dies)(number)
            with pytest.raises(MetabaseError):
                site.publish(two_cards(site))
            site.fake.revive()
            site.publish(two_cards(site))
            assert shape(site.fake) == wanted, number
            assert site.publish(two_cards(site)).report.actions == [], number
