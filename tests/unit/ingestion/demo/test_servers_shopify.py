"""The simulated shop must page, search and refuse as Shopify does, or the source learns nothing."""

import json
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np
import pytest

from ingestion.demo.commerce import DELETED, is_at_till
from ingestion.demo.company import Company, simulate
from ingestion.demo.customers import customer_records
from ingestion.demo.records import size
from ingestion.demo.servers import serve
from ingestion.demo.servers.shopify import TOKEN
from ingestion.sources import build
from tests.fixtures.connectors import Loaded, load

CONFIGURATION = Path(__file__).parents[4] / "concord.toml"
QUERY = "query (...) { %s(first: %s, after: $after, query: $query, sortKey: UPDATED_AT) { nodes }"


@pytest.fixture(scope="module")
def base_url(small):
    with serve(small, "shopify") as url:
        yield url


def post(url: str, body: bytes, token: str = TOKEN) -> Any:
    headers = {"X-Shopify-Access-Token": token} if token else {}
    with urlopen(Request(url, body, headers)) as answer:
        return json.load(answer)


def ask(
    base_url: str, name: str, size: int | str = 7, token: str = TOKEN, **variables: str | int
) -> Any:
    body = json.dumps({"query": QUERY % (name, size), "variables": variables}).encode()
    return post(f"{base_url}/admin/api/2026-10/graphql.json", body, token)


def nodes(
    base_url: str, name: str, size: int = 90, **variables: str | int
) -> Iterator[dict[str, Any]]:
    """Yield the records of all pages."""
    while True:
        page = ask(base_url, name, size, **variables)["data"][name]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        variables["after"] = page["pageInfo"]["endCursor"]


def test_pages_give_every_record_once_in_the_order_of_changes(small, base_url):
    wanted = {
        "orders": (~is_at_till(small.orders.channel)).sum(),
        "customers": size(customer_records(small)),
    }
    for name, count in wanted.items():
        found = list(nodes(base_url, name))
        assert len({node["legacyResourceId"] for node in found}) == len(found) == count
        times = [node["updatedAt"] for node in found]
        assert times == sorted(times)


def test_a_search_gives_what_changed_since_and_nothing_else(base_url):
    every = list(nodes(base_url, "orders"))
    since = every[len(every) // 2]["updatedAt"]
    found = list(nodes(base_url, "orders", query=f"updated_at:>='{since}'"))
    assert found == [node for node in every if node["updatedAt"] >= since]
    assert 0 < len(found) < len(every)
    assert list(nodes(base_url, "orders", query="updated_at:>='2100-01-01T00:00:00Z'")) == []


def test_the_size_of_a_page_may_be_a_variable(base_url):
    page = ask(base_url, "orders", "$first", first=9)
    assert page == ask(base_url, "orders", 9)
    assert len(page["data"]["orders"]["nodes"]) == 9


def test_what_nobody_signed_in_asks_for_is_refused(base_url):
    for token in ("", "another"):
        with pytest.raises(HTTPError, match="401"):
            ask(base_url, "orders", token=token)
    grant = {"grant_type": "client_credentials", "client_id": "demo-app"}
    with pytest.raises(HTTPError, match="400"):
        post(
            f"{base_url}/admin/oauth/access_token",
            urlencode({**grant, "client_secret": "guessed"}).encode(),
        )


@pytest.mark.parametrize(
    ("name", "size", "variables"),
    [
        ("products", 7, {}),
        ("orders", 251, {}),
        ("orders", 0, {}),
        ("orders", 7, {"query": "status:open"}),
    ],
)
def test_what_shopify_does_not_answer_is_an_error(base_url, name, size, variables):
    answer = ask(base_url, name, size, **variables)
    assert list(answer) == ["errors"]
    assert answer["errors"][0]["message"]


def test_a_list_ends_where_shopifys_does(base_url, monkeypatch):
    monkeypatch.setattr("ingestion.demo.servers.shopify.LARGEST_LIST", 100)
    every = list(nodes(base_url, "orders"))
    since = every[-1]["updatedAt"]
    assert len(every) == 100
    assert len(list(nodes(base_url, "orders", query=f"updated_at:>='{since}'"))) == 100


def test_an_order_has_what_it_was_sold_for_and_what_went_back(small, base_url):
    found = {node["legacyResourceId"]: node for node in nodes(base_url, "orders")}
    back = np.bincount(small.refunds.order, small.refunds.amount, size(small.orders))
    for row in np.flatnonzero(~is_at_till(small.orders.channel)).tolist():
        node = found[str(100_000 + row)]
        amounts = [amount(each["totalRefundedSet"]) for each in node["refunds"]]
        assert sum(amounts) == pytest.approx(back[row])
        assert amount(node["totalRefundedSet"]) == pytest.approx(back[row])
        assert amount(node["totalPriceSet"]) == small.orders.amount[row]
        assert (node["customer"] is None) == (small.orders.record[row] == 0)


def amount(price: dict[str, Any]) -> float:
    return float(price["shopMoney"]["amount"])


def test_an_order_deleted_later_comes_again_with_its_tag(as_of):
    before = simulate(7, 5_000, 3, as_of)
    after = simulate(7, 5_000, 3, as_of + timedelta(days=40), before.clock.first_month)
    o = after.orders
    late = o.deleted_at > before.clock.as_of
    rows = np.flatnonzero(late & (o.at <= before.clock.as_of) & ~is_at_till(o.channel))
    assert len(rows)
    with serve(after, "shopify") as url:
        changed = nodes(url, "orders", 250, query=f"updated_at:>='{as_of.isoformat()}'")
        tags = {node["legacyResourceId"]: node["tags"] for node in changed}
    assert all(tags[str(100_000 + row)] == ["deleted"] for row in rows.tolist())


def test_the_configured_source_reads_every_record(small, tmp_path):
    loaded = configured(small, tmp_path)
    o = small.orders
    is_web = ~is_at_till(o.channel)
    assert not any(loaded.rejects.values())
    assert len(loaded.of("customers")) == size(customer_records(small))
    assert len(loaded.of("orders")) == (is_web & (o.status != DELETED)).sum()
    assert len(loaded.of("refunds")) == is_web[small.refunds.order].sum()


def test_the_configured_columns_say_what_was_simulated(small, tmp_path):
    loaded = configured(small, tmp_path)
    o, d = small.orders, small.deliveries
    rows = {int(row["order_id"]) - 100_000: row for row in loaded.of("orders")}
    places = np.array(list(rows))
    for column, wanted in (
        ("ordered_at", o.at),
        ("promised_at", d.promised_at),
        ("delivered_at", d.delivered_at),
    ):
        times = [row[column] for row in rows.values()]
        assert [int(at.timestamp()) if at else 0 for at in times] == wanted[places].tolist()
    margins = [float(row["margin_amount"]) for row in rows.values()]
    assert margins == pytest.approx(o.margin[places])
    customers = [int((row["customer_id"] or "K0")[1:]) for row in rows.values()]
    assert customers == o.record[places].tolist()
    campaigns = [int((row["campaign_id"] or "camp-99")[5:]) - 100 for row in rows.values()]
    assert campaigns == o.campaign[places].tolist()
    assert sum(row["referrer_customer_id"] is not None for row in rows.values()) > 5


def test_tags_say_who_is_no_customer_and_who_was_born_when(small, tmp_path):
    customers = configured(small, tmp_path).of("customers")
    records = customer_records(small)
    assert sum(row["is_staff"] for row in customers) == records.is_staff.sum() > 0
    assert sum(row["is_test"] for row in customers) == records.is_test.sum() > 0
    assert sum(row["birth_year"] or 0 for row in customers) == records.birth_year.sum()


def configured(company: Company, folder: Path) -> Loaded:
    """Return what the source of concord.toml loads of a company."""
    section = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))["sources"]["shop"]
    with serve(company, "shopify") as url:
        return load(build("shop", {**section, "address": url}, folder))
