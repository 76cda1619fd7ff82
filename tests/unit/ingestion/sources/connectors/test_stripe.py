"""Risk: a payment by Stripe counts though nothing was paid, or in the wrong unit of its currency.

The vendor's answers follow https://docs.stripe.com/api and https://docs.stripe.com/currencies (read
in November 2026).
"""

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.samples import SAMPLES, needs, sample
from tests.fixtures.vendor_api import Listing, Pages, Vendor, after_key

SECTION = {
    "kind": "stripe",
    "address": "{url}",
    "api_key": "a-key",
    "start_date": "2026-03-01",
}
CREATED = 1777622400  # 2026-05-01T08:00:00Z
DAY = 86_400


def vendor() -> Vendor:
    """Return an account with a payment, of which a part was refunded, and a dispute."""
    pages = Pages(after_key("starting_after"), around=lambda turn: {"has_more": turn.has_more})
    created, until = ("created[gte]", "created"), "created[lt]"
    account = Vendor(
        (
            *(
                Listing(name, f"/v1/{name}", "data", pages, created, until=until, is_later=is_later)
                for name in ("charges", "refunds", "disputes")
            ),
            Listing("customers", "/v1/customers", "data", pages),
        ),
        {"Authorization": "Bearer a-key"},
    )
    charge(account, "ch_1")
    back = {"charge": "ch_1", "amount": 1000, "currency": "eur", "created": CREATED + DAY}
    account.put("refunds", {**back, "id": "re_1", "status": "succeeded"})
    account.put("disputes", {**back, "id": "dp_1", "status": "needs_response"})
    customer = {"email": "ann@example.com", "phone": "+49301234567", "created": CREATED}
    account.put("customers", {**customer, "id": "cus_1", "livemode": True})
    return account


def is_later(value: Any, since: str) -> bool:
    return int(value) >= int(since)


def charge(account: Vendor, name: str, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": name,
        "customer": "cus_1",
        "amount": 4990,
        "currency": "eur",
        "created": CREATED,
        "status": "succeeded",
        "captured": True,
        "amount_refunded": 1000,
        "livemode": True,
        "payment_method_details": {"type": "card"},
    }
    account.put("charges", given | changed)


@pytest.fixture
def account():
    with serving(vendor()) as account:
        yield account


def test_a_payment_is_an_order(account):
    assert load(source_of(account, SECTION)).one("orders") == {
        "order_id": "ch_1",
        "customer_id": "cus_1",
        "ordered_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "gross_amount": Decimal("49.90"),
        "currency": "EUR",
        "status": "completed",
        "channel": "web",
    }


@pytest.mark.parametrize(
    ("currency", "amount"), [("jpy", "4990"), ("ugx", "49.90"), ("kwd", "4.990"), ("usd", "49.90")]
)
def test_amounts_are_in_major_units_whatever_the_currency_has(account, currency, amount):
    charge(account, "ch_1", currency=currency)
    account.put("refunds", {"id": "re_1", "currency": currency, "amount": 4990})
    loaded = load(source_of(account, SECTION))
    assert loaded.of("orders", "gross_amount") == [Decimal(amount)]
    assert loaded.of("refunds", "amount") == [Decimal(amount)]


@pytest.mark.parametrize(
    "given", [{"status": "failed"}, {"status": "pending"}, {"captured": False}]
)
def test_what_failed_or_was_only_held_is_no_order(account, given):
    charge(account, "ch_1", **given)
    assert load(source_of(account, SECTION)).of("orders") == []


@pytest.mark.parametrize(
    ("currency", "taken"), [("eur", "30.00"), ("jpy", "3000"), ("kwd", "3.000")]
)
def test_what_was_held_and_not_taken_is_no_money_with_a_refund_of_it_or_without(
    account, currency, taken
):
    """Before version 2025-03-31 of the API what was not taken became a refund."""
    part = {"currency": currency, "amount_captured": 3000}
    charge(account, "ch_1", **part, amount_refunded=0)
    charge(account, "ch_2", **part, amount_refunded=1990)
    amounts = dict(load(source_of(account, SECTION)).of("orders", "order_id", "gross_amount"))
    assert amounts["ch_1"] == Decimal(taken)
    assert amounts["ch_2"] == Decimal(taken) * 4990 / 3000


def test_a_guest_at_a_terminal_of_a_test_account_is_all_that(account):
    details = {"type": "card_present"}
    charge(account, "ch_1", customer=None, livemode=False, payment_method_details=details)
    orders = load(source_of(account, SECTION)).of("orders", "customer_id", "channel", "status")
    assert orders == [(None, "store", "test")]


@pytest.mark.parametrize(
    ("name", "listing", "status", "is_money_back"),
    [
        ("re_1", "refunds", "pending", True),
        ("re_1", "refunds", "failed", False),
        ("dp_1", "disputes", "won", False),
        ("dp_1", "disputes", "lost", True),
    ],
)
def test_money_went_back_by_refunds_that_did_not_fail_and_disputes_that_were_lost(
    account, name, listing, status, is_money_back
):
    account.put(listing, {"id": name, "status": status})
    refunds = load(source_of(account, SECTION)).of("refunds", "refund_id", "order_id", "amount")
    assert ((name, "ch_1", Decimal("10.00")) in refunds) is is_money_back


def test_a_refund_that_fails_later_and_a_payment_that_is_captured_later_are_seen(account):
    lately = int(time.time()) - 20 * DAY
    charge(account, "ch_2", created=lately, captured=False)
    account.put("refunds", {"id": "re_1", "created": lately})
    source = source_of(account, SECTION)
    first = load(source)
    charge(account, "ch_2", created=lately, captured=True)
    account.put("refunds", {"id": "re_1", "status": "failed"})
    again = load(source, first.state)
    assert again.of("orders", "order_id") == ["ch_2"]
    assert [row["refund_id"] for row in again.left["refunds"]] == ["re_1"]


def test_every_page_of_the_newest_first_is_read(account):
    for number in range(2, 9):
        charge(account, f"ch_{number}")
    orders = load(source_of(account, SECTION)).of("orders", "order_id")
    assert sorted(orders) == [f"ch_{number}" for number in range(1, 9)]


@pytest.mark.shared
@needs("stripe_fixtures3.json")
def test_stripes_own_samples_have_the_fields_and_can_be_read(account):
    samples = sample("stripe_fixtures3.json")["resources"]
    for name in ("charge", "refund", "dispute", "customer"):
        known = account.objects[f"{name}s"][0]
        assert known.keys() <= samples[name].keys()
        account.put(f"{name}s", {**samples[name], "created": CREATED})
    loaded = load(source_of(account, SECTION))
    assert not any(loaded.rejects.values())
    assert len(loaded.of("customers")) == len(loaded.of("refunds")) == 2


@pytest.mark.shared
@needs("stripe")
def test_recorded_objects_are_loaded_whole(account):
    """Stripe gives cents: a charge with a text in dollars was converted by who recorded it."""
    account.objects = {name: [] for name in account.objects}
    for path in sorted((SAMPLES / "stripe").glob("*.json")):
        given = sample(f"stripe/{path.name}")
        if f"{given['object']}s" in account.objects and not isinstance(given.get("amount"), str):
            account.put(f"{given['object']}s", given)
    loaded = load(source_of(account, {**SECTION, "start_date": "2019-01-01"}))
    assert not any(loaded.rejects.values())
    assert loaded.of("orders", "gross_amount", "currency", "status") == [(20, "USD", "test")]
    assert (len(loaded.of("customers")), loaded.of("refunds")) == (4, [])
