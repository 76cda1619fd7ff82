"""A server that dies or stumbles in the middle must be one that a client can go on with."""

import pytest
import requests

from tests.fixtures.metabase_server import Trouble

CUT_OFF = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def make(hands, name):
    return hands.post("collection", {"name": name}).status


def kept(hands):
    return [each["name"] for each in hands.fake.collections.values()]


def test_a_server_that_dies_after_a_write_has_done_it(hands):
    hands.fake.die_after(2)
    assert make(hands, "first") == 200
    with pytest.raises(CUT_OFF):
        make(hands, "second")
    assert make(hands, "third") == hands.get("card").status == hands.get("health").status == 503
    assert kept(hands) == ["first", "second"]
    hands.fake.revive()
    assert make(hands, "fourth") == 200
    assert kept(hands) == ["first", "second", "fourth"]


def test_a_server_that_dies_before_a_write_has_not_done_it(hands):
    hands.fake.die_before(2)
    assert make(hands, "first") == 200
    with pytest.raises(CUT_OFF):
        make(hands, "second")
    assert hands.get("health").status == 503
    hands.fake.revive()
    assert kept(hands) == ["first"]


def test_only_writes_bring_the_end_nearer(hands):
    number = hands.card(hands.database())
    before = len(hands.fake.writes)
    hands.fake.die_after(1)
    hands.get("card")
    hands.post(f"card/{number}/query", {})
    hands.post("dataset", {"type": "native", "database": 1, "native": {"query": "select 1"}})
    hands.post("database/validate", {"details": {"engine": "postgres", "details": {}}})
    hands.post("session", {"username": "a", "password": "b"})
    assert len(hands.fake.writes) == before
    with pytest.raises(CUT_OFF):
        make(hands, "last")
    assert [(each.method, each.path) for each in hands.fake.writes[before:]] == [
        ("POST", "/api/collection")
    ]
    assert hands.fake.writes[-1].status == 0


def test_a_trouble_stands_for_one_answer(hands):
    hands.fake.trouble("/collection", Trouble(503, {"Retry-After": "7"}), Trouble(drop=True))
    url = f"{hands.fake.url}/api/collection"
    told = requests.post(url, json={"name": "A"}, headers=hands.headers, timeout=20)
    assert (told.status_code, told.headers["Retry-After"]) == (503, "7")
    with pytest.raises(CUT_OFF):
        make(hands, "second")
    assert kept(hands) == []
    assert make(hands, "third") == 200
    assert [each.status for each in hands.fake.log] == [503, 0, 200]


def test_an_answer_that_is_cut_came_from_a_write_that_was_done(hands):
    hands.fake.trouble("/collection", Trouble(cut=True))
    with pytest.raises(CUT_OFF):
        make(hands, "first")
    assert kept(hands) == ["first"]


def test_an_answer_may_take_too_long(hands):
    hands.fake.trouble("/collection", Trouble(hang=0.3))
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{hands.fake.url}/api/collection", headers=hands.headers, timeout=0.05)


def test_what_people_change_by_hand_shows_in_answers(hands):
    number = hands.card(hands.database(), name="Ours")
    hands.fake.cards[number]["name"] = "Theirs"
    assert hands.get(f"card/{number}").body["name"] == "Theirs"
    sent = hands.fake.log[1].body
    assert sent["name"] == "Ours"
