"""Risk: an API and the warehouse differ after edits, faults, and loads that are killed."""

import random
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import psycopg
import pytest

from ingestion import loading
from ingestion.loading import LoadReport
from ingestion.retries import RetryPolicy
from ingestion.sources import build
from ingestion.sources.rest.source import RestSource
from tests.fixtures.databases import Copied
from tests.fixtures.rest_server import Fault, JsonApi, serving

pytestmark = pytest.mark.postgres

ORDERS = """
kind = "rest"
base_url = "{url}"
pages = {{ type = "cursor", path = "meta.after", param = "after", has_more = "meta.more" }}
[[endpoints]]
name = "orders"
path = "/orders"
records = "data"
since = {{ param = "since", field = "changed", lag_minutes = 60 }}
[[entities]]
entity = "orders"
endpoint = "orders"
where = [{{ column = "state", is_not = "deleted" }}]
[entities.columns]
order_id = "id"
customer_id = "customer.id"
ordered_at = "placed"
gross_amount = "total"
currency = {{ value = "EUR" }}
[[entities]]
entity = "order_lines"
endpoint = "orders"
rows = "lines"
where = [{{ column = "state", is_not = "deleted" }}]
[entities.columns]
order_id = "id"
line_id = "lines.id"
product_id = "lines.sku"
quantity = "lines.quantity"
"""
# Listed first: what it removes leaves whatever comes after it.
EVENTS = """
[[endpoints]]
name = "events"
path = "/events"
records = "data"
[[entities]]
entity = "orders"
endpoint = "events"
removes = true
where = [{{ column = "verb", is = "destroy" }}]
columns = {{ order_id = "subject" }}
"""
WITH_EVENTS = ORDERS.replace("[[endpoints]]", EVENTS + "[[endpoints]]", 1)
TOUCHES = """
kind = "rest"
base_url = "{url}"
[[endpoints]]
name = "got"
path = "/got"
records = "data"
[[endpoints]]
name = "opened"
path = "/opened"
records = "data"
[[entities]]
entity = "campaign_touches"
endpoint = "got"
[entities.columns]
touch_id = "id"
campaign_id = {{ value = "spring" }}
sent_at = "at"
status = {{ value = "delivered" }}
[[entities]]
entity = "campaign_touches"
endpoint = "opened"
overrides = true
[entities.columns]
touch_id = "id"
campaign_id = {{ value = "spring" }}
sent_at = "at"
status = {{ value = "opened" }}
"""
_LOAD_ALONE = """
import sys, tomllib
from pathlib import Path
from ingestion import loading
from ingestion.sources import build
loading.load(build("shop", tomllib.loads(sys.argv[1]), Path()), sys.argv[2])
"""
_LOAD_IN_PIECES = f"""
from ingestion.sources.rest import reading
reading.PIECE_RECORDS = 100
{_LOAD_ALONE}
"""
TIMES = [f"2024-05-{day:02}T{hour:02}:30:00Z" for day in range(1, 31) for hour in range(24)]


def order(number: int, changed: str, total: str = "10.00", **other: Any) -> dict[str, Any]:
    lines = [{"id": line, "sku": f"p{line}", "quantity": 1} for line in range(number % 3)]
    return {
        "id": number,
        "customer": {"id": f"c{number % 7}"},
        "placed": "2024-05-01T08:00:00Z",
        "total": total,
        "state": "open",
        "changed": changed,
        "lines": lines,
        **other,
    }


def event(subject: int | None, verb: str) -> dict[str, Any]:
    return {"subject": subject, "verb": verb}


@pytest.fixture
def api() -> Iterator[JsonApi]:
    orders = [order(number, TIMES[number]) for number in range(40)]
    with serving(JsonApi({"/orders": orders}, "cursor", 15, since=("since", "changed"))) as api:
        yield api


@pytest.fixture
def url(copied: Copied) -> str:
    return copied(loading.prepare)


def source_of(base_url: str, section: str = ORDERS) -> RestSource:
    source = build("shop", tomllib.loads(dedent(section).format(url=base_url)), Path())
    assert isinstance(source, RestSource)
    return RestSource(source.mapping, RetryPolicy(attempts=9), lambda _: None)


def load(api: JsonApi, url: str, section: str = ORDERS) -> LoadReport:
    report = loading.load(source_of(api.url, section), url)
    assert report.is_balanced
    return report


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def held(url: str) -> dict[str, tuple[str, int]]:
    """Return each order's amount and number of lines, as the warehouse has them."""
    found = rows(
        url,
        "select o.order_id, o.gross_amount::numeric(9, 2)::text, count(l.line_id)"
        " from raw.orders as o left join raw.order_lines as l using (source_name, order_id)"
        " group by 1, 2",
    )
    return {key: (amount, lines) for key, amount, lines in found}


def shown(api: JsonApi) -> dict[str, tuple[str, int]]:
    """Return the same as the API shows it."""
    alive = [each for each in api.lists["/orders"] if each["state"] != "deleted"]
    return {str(each["id"]): (each["total"], len(each["lines"])) for each in alive}


def test_what_the_api_edits_and_deletes_is_so_in_the_warehouse(api: JsonApi, url: str):
    first = load(api, url)
    assert held(url) == shown(api)
    assert (first.total("received"), first.total("loaded")) == (40 + 39, 40 + 39)

    api.lists["/orders"][3] = order(3, TIMES[50], "12.50")
    api.lists["/orders"][5] = order(5, TIMES[51], state="deleted")
    api.lists["/orders"].append(order(40, TIMES[52]))
    load(api, url)
    assert held(url) == shown(api)
    assert len(held(url)) == 40


def test_what_a_list_of_deletions_names_leaves_and_comes_again_when_it_is_restored(
    api: JsonApi, url: str
):
    api.lists["/events"] = [event(1, "destroy"), event(2, "create")]
    load(api, url, WITH_EVENTS)
    api.lists["/orders"][1:2] = []
    assert held(url) == shown(api)

    gone = api.lists["/orders"].pop(3)
    api.lists["/orders"].append(order(7, TIMES[50], "12.50"))
    api.lists["/events"] = [event(gone["id"], "destroy"), event(7, "destroy"), event(99, "destroy")]
    report = load(api, url, WITH_EVENTS)
    api.lists["/orders"] = [each for each in api.lists["/orders"] if each["id"] != 7]
    assert held(url) == shown(api)
    assert {part.file: part.filtered for part in report.parts}["events"] == 3

    api.lists["/events"] = []
    api.lists["/orders"].append(order(gone["id"], TIMES[60]))
    load(api, url, WITH_EVENTS)
    assert held(url) == shown(api)


def test_a_deletion_without_a_key_is_in_quarantine_and_removes_nothing(api: JsonApi, url: str):
    load(api, url)
    api.lists["/events"] = [event(None, "destroy"), event(2, "destroy")]
    report = load(api, url, WITH_EVENTS)
    assert len(held(url)) == 39
    assert report.total("quarantined") == 1


def test_an_order_that_cannot_be_read_is_in_quarantine_once_though_it_is_read_again(
    api: JsonApi, url: str
):
    api.lists["/orders"].append(order(40, TIMES[40], placed="soon"))
    assert load(api, url).total("quarantined") == 1
    assert load(api, url).total("quarantined") == 0
    assert len(rows(url, "select 1 from raw.orders")) == 40
    assert len(rows(url, "select 1 from quarantine.rejected_rows")) == 1


def test_orders_end_as_the_apis_when_answers_fail_and_loads_are_killed(api: JsonApi, url: str):
    dice = random.Random(20240501)
    api.lists["/orders"] = [order(number, TIMES[number % 700]) for number in range(1_600)]
    api.lists["/orders"].sort(key=lambda each: each["changed"])
    api.size = 20
    faults = [Fault(500), Fault(429), Fault(200, b'{"data": [{"id'), Fault(502)]
    api.mishap = lambda: dice.choice(faults) if dice.random() < 0.05 else None
    section = dedent(ORDERS).format(url=api.url)
    killed = 0
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", _LOAD_ALONE, section, url])
        begun, wanted = len(api.asked), dice.randint(1, 40)
        while len(api.asked) < begun + wanted and process.poll() is None:
            time.sleep(0.01)
        killed += process.poll() is None
        process.kill()
        process.wait()
    assert killed >= 3
    load(api, url)
    assert held(url) == shown(api)
    assert len(held(url)) == 1_600


@pytest.mark.parametrize("pieces", ["ascending = true", 'until = "to", window_days = 3'])
def test_a_backfill_that_is_killed_goes_on_after_its_last_piece(
    api: JsonApi, url: str, pieces: str
):
    dice = random.Random(20240502)
    api.lists["/orders"] = [order(number, TIMES[number]) for number in range(700)]
    api.size, api.until = 10, "to"
    section = "start_date = 2024-05-01\n" + dedent(ORDERS).format(url=api.url)
    section = section.replace("lag_minutes = 60", f"lag_minutes = 60, {pieces}")
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", _LOAD_IN_PIECES, section, url])
        begun, wanted = len(api.asked), dice.randint(12, 25)
        while len(api.asked) < begun + wanted and process.poll() is None:
            time.sleep(0.002)
        assert process.poll() is None
        process.kill()
        process.wait()
    assert rows(url, "select count(*) > 0 from concord.loads") == [(True,)]
    api.asked.clear()
    subprocess.run([sys.executable, "-c", _LOAD_IN_PIECES, section, url], check=True)
    assert api.asked[0].params["since"] > "2024-05-01T00:00:00Z"
    with_orders = [each for each in api.asked if each.params["since"] < "2024-06"]
    assert len(with_orders) < 70
    assert held(url) == shown(api)
    assert len(held(url)) == 700
    inserted = "select sum(inserted), sum(updated) from concord.loads where entity = 'orders'"
    assert rows(url, inserted) == [(700, 0)]
    ledger = "select bool_and(received = loaded + folded + quarantined + filtered)"
    assert rows(url, f"{ledger} from concord.loads") == [(True,)]


def test_who_opened_an_e_mail_takes_the_place_of_who_got_it_at_every_load(url: str):
    got = [{"id": number, "at": "2024-05-01T08:00:00Z"} for number in range(1, 4)]
    query = "select touch_id, status from raw.campaign_touches order by 1"
    with serving(JsonApi({"/got": got, "/opened": got[:1]}, "none")) as api:
        load(api, url, TOUCHES)
        assert rows(url, query) == [("1", "opened"), ("2", "delivered"), ("3", "delivered")]
        api.lists["/opened"] = got[:2]
        load(api, url, TOUCHES)
        assert rows(url, query) == [("1", "opened"), ("2", "opened"), ("3", "delivered")]


def test_who_clicks_and_opens_again_stays_one_who_clicked_until_the_source_is_reset(url: str):
    first, *others = ({"id": number, "at": "2024-05-01T08:00:00Z"} for number in range(1, 4))
    section = TOUCHES + TOUCHES[TOUCHES.rindex("[[entities]]") :].replace("opened", "clicked")
    clicks = '[[endpoints]]\nname = "clicked"\npath = "/clicked"\nrecords = "data"\n'
    section = section.replace("[[entities]]", f"{clicks}[[entities]]", 1)
    query = "select touch_id, status from raw.campaign_touches order by 1"
    lists = {"/got": [first, *others], "/opened": [first], "/clicked": [first]}
    with serving(JsonApi(lists, "none")) as api:
        load(api, url, section)
        assert rows(url, query) == [("1", "clicked"), ("2", "delivered"), ("3", "delivered")]

        api.lists.update({"/got": others, "/opened": [first, others[0]]})
        api.lists["/clicked"] = []
        report = load(api, url, section)
        assert rows(url, query) == [("1", "clicked"), ("2", "opened"), ("3", "delivered")]
        assert (report.total("updated"), report.total("unchanged")) == (1, 2)

        loading.reset(url, "shop")
        load(api, url, section)
        assert rows(url, query) == [("1", "opened"), ("2", "opened"), ("3", "delivered")]
