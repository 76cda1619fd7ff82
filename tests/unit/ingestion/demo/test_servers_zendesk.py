"""The simulated desk must page and refuse as Zendesk does, or the connector learns nothing."""

import base64
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np
import pytest

from ingestion.demo.company import simulate
from ingestion.demo.exports import write_exports
from ingestion.demo.parameters import TEAMS, TICKET_CHANNELS, TICKET_KINDS, TOPICS
from ingestion.demo.records import size
from ingestion.demo.servers import serve, zendesk
from ingestion.demo.service import MERGED, SPAM, TRIAL
from ingestion.sources import build
from tests.fixtures.connectors import Loaded, load

CONFIGURATION = Path(__file__).parents[4] / "concord.toml"
EXPORT = "/api/v2/incremental"
EVENTS = f"{EXPORT}/ticket_events?include=comment_events"


@pytest.fixture(scope="module")
def base_url(small):
    with serve(small, "zendesk") as url:
        yield url


@pytest.fixture(scope="module")
def loaded(small, tmp_path_factory):
    """Give what the connector reads of a folder's desk, by the section of the demo company."""
    folder = tmp_path_factory.mktemp("demo")
    write_exports(small, folder)
    with serve(folder, "zendesk") as url:
        yield read(url)


def read(url: str, state: dict | None = None) -> Loaded:
    section = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))["sources"]["desk"]
    return load(build("desk", {**section, "address": url}, Path()), state)


def get(url: str, name: str = "admin@alderwren.example.com/token", token: str = "demo-desk"):
    signed = base64.b64encode(f"{name}:{token}".encode()).decode()
    with urlopen(Request(url, headers={"Authorization": f"Basic {signed}"})) as answer:
        return json.load(answer)


def by_cursor(url: str, name: str) -> Iterator[dict]:
    while True:
        page = get(url)
        yield from page[name]
        if page["end_of_stream"]:
            return
        url = page["after_url"]


def by_time(base_url: str, since: int = 0) -> Iterator[dict]:
    while True:
        page = get(f"{base_url}{EVENTS}&start_time={since}")
        yield from page["ticket_events"]
        if page["end_of_stream"]:
            return
        since = page["end_time"]


def seconds(times: np.ndarray) -> list[datetime]:
    return [datetime.fromtimestamp(at, UTC) for at in np.sort(times[times > 0]).tolist()]


@pytest.mark.parametrize("name", ["tickets", "users"])
def test_following_the_cursors_gives_every_object_once_and_in_order(small, base_url, name):
    url = f"{base_url}{EXPORT}/{name}/cursor?start_time=0&per_page=70"
    found = list(by_cursor(url, name))
    assert len({each["id"] for each in found}) == len(found) > 140
    times = [each["updated_at"] for each in found]
    assert times == sorted(times)
    if name == "tickets":
        assert len(found) == size(small.tickets)


@pytest.mark.parametrize("most", [3, 500])
def test_each_page_of_events_leads_on_however_many_share_a_second(
    small, base_url, monkeypatch, most
):
    """Stale tickets are all closed in one second."""
    monkeypatch.setattr(zendesk, "LARGEST_PAGE", most)
    closed = small.tickets.closed_at
    assert np.unique(closed[closed > 0], return_counts=True)[1].max() > 3
    found = {each["id"]: each for each in by_time(base_url)}
    times = [each["timestamp"] for each in by_time(base_url)]
    assert times == sorted(times)
    children = [child for each in found.values() for child in each["child_events"]]
    kinds = Counter(child["event_type"] for child in children)
    assert kinds["Comment"] == size(small.messages)
    assert kinds["Create"] == size(small.tickets)


def test_what_changed_since_a_day_comes_again(as_of, base_url, small):
    day = as_of - timedelta(days=20)
    before = simulate(7, 800, 3, day, small.clock.first_month)
    with serve(before, "zendesk") as url:
        cursor = "/tickets/cursor?start_time="
        earlier = {each["id"]: each for each in by_cursor(f"{url}{EXPORT}{cursor}0", "tickets")}
        updates = {each["id"]: each for each in by_time(url)}
    since = int(day.timestamp()) - 600
    now = {each["id"]: each for each in by_cursor(f"{base_url}{EXPORT}{cursor}0", "tickets")}
    changed = list(by_cursor(f"{base_url}{EXPORT}{cursor}{since}", "tickets"))
    assert len(changed) < len(now)
    assert now == earlier | {each["id"]: each for each in changed}
    later = {each["id"]: each for each in by_time(base_url, since)}
    assert updates | later == {each["id"]: each for each in by_time(base_url)}


def test_comments_come_only_where_they_are_asked_for(base_url):
    page = get(f"{base_url}{EXPORT}/ticket_events?start_time=0")
    children = [child for each in page["ticket_events"] for child in each["child_events"]]
    assert {child["event_type"] for child in children} == {"Create", "Change"}


@pytest.mark.parametrize(
    ("path", "signed", "status"),
    [
        ("/api/v2/groups", {"token": "guessed"}, 401),
        ("/api/v2/groups", {"name": "admin@alderwren.example.com"}, 401),
        ("/api/v2/nothing", {}, 404),
        (f"{EXPORT}/tickets/cursor", {}, 400),
        (f"{EXPORT}/users/cursor?start_time=yesterday", {}, 400),
        (f"{EXPORT}/ticket_events?start_time=4000000000", {}, 400),
    ],
)
def test_what_zendesk_refuses_is_refused(base_url, path, signed, status):
    with pytest.raises(HTTPError, match=str(status)):
        get(f"{base_url}{path}", **signed)


def test_a_ticket_has_its_fields_nested_as_zendesk_nests_them(base_url):
    ticket = next(by_cursor(f"{base_url}{EXPORT}/tickets/cursor?start_time=0", "tickets"))
    assert set(ticket["via"]) == {"channel"}
    assert [set(each) for each in ticket["custom_fields"]] == [{"id", "value"}] * 2


def test_the_connector_reads_every_record_and_rejects_none(small, loaded):
    assert (sum(map(len, loaded.rejects.values())), loaded.emptied) == (0, [])
    messages = loaded.of("messages", "message_id")
    assert len(set(messages)) == size(small.messages)
    assert len(loaded.of("tickets")) == size(small.tickets)


def test_tickets_arrive_with_the_shops_customers_and_the_companys_words(small, loaded):
    t = small.tickets
    columns = ("ticket_id", "customer_id", "kind", "topic", "channel", "agent_id")
    wanted = zip(
        [str(500_000 + row) for row in range(size(t))],
        [f"K{record}" if record else None for record in t.record.tolist()],
        [TICKET_KINDS[kind] for kind in t.kind],
        [TOPICS[topic] for topic in t.topic],
        [TICKET_CHANNELS[channel] for channel in t.channel],
        [str(agent + 1) for agent in t.agent.tolist()],
        strict=True,
    )
    assert sorted(loaded.of("tickets", *columns)) == sorted(wanted)
    teams = dict(loaded.of("agents", "agent_id", "team"))
    assert teams == {str(number): TEAMS[number % len(TEAMS)] for number in range(1, 29)}


def test_spam_tests_and_merged_tickets_are_told_apart(small, loaded):
    found = Counter(loaded.of("tickets", "status"))
    fates = {"spam": SPAM, "test": TRIAL, "merged": MERGED}
    counted = {word: (small.tickets.fate == fate).sum() for word, fate in fates.items()}
    assert {word: found[word] for word in fates} == counted
    assert min(counted.values()) > 0


def test_solves_and_reopenings_are_dated_as_they_were(small, loaded):
    t = small.tickets
    columns = ("event_id", "event_type", "occurred_at")
    times: dict[str, list[datetime]] = {}
    for _, what, at in set(loaded.of("ticket_events", *columns)):
        times.setdefault(what, []).append(at)
    assert sorted(times["solved"]) == seconds(np.concatenate([t.solved_at, t.solved_before_at]))
    assert sorted(times["reopened"]) == seconds(t.reopened_at)
    assert sorted(times["closed"]) == seconds(t.closed_at)
    assert times["reopened"]


def test_notes_and_receipts_are_none_of_the_agents_answers(small, loaded):
    columns = ("message_id", "direction", "author_kind", "is_internal")
    found = Counter(row[1:] for row in set(loaded.of("messages", *columns)))
    customer, agent, bot, note = np.bincount(small.messages.author, minlength=4).tolist()
    assert found == {
        ("inbound", "customer", False): customer,
        ("outbound", "agent", False): agent,
        ("outbound", "bot", False): bot,
        ("outbound", "agent", True): note,
    }


def test_a_day_later_only_what_is_new_is_read(small, as_of):
    """At the same address: what another one gives is read anew."""
    later = simulate(7, 800, 3, as_of + timedelta(days=1), small.clock.first_month)
    with serve(small, "zendesk") as url:
        before = read(url)
    with serve(later, "zendesk", urlsplit(url).port or 0) as again:
        found, whole = read(again, before.state), read(again)
    known, every = (set(each.of("messages", "message_id")) for each in (before, whole))
    assert every - known == set(found.of("messages", "message_id")) - known
    assert 0 < len(found.of("messages")) < 0.1 * len(every)


def test_a_port_that_is_taken_is_no_hindrance(small, base_url):
    with serve(small, "zendesk", urlsplit(base_url).port or 0) as other:
        assert other != base_url
        assert get(f"{other}/api/v2/groups") == get(f"{base_url}/api/v2/groups")
