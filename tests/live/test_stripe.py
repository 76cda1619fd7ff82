"""Risk: payments of a server that is none of ours differ from what was paid and refunded there.

localstripe imitates Stripe's API statefully. It lists nothing by time and knows no disputes
(tests/fixtures/localstripe_server.py says what takes their place), gives the oldest first, and its
payments have no `payment_method_details`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.sources import build
from ingestion.sources.rest.source import RestSource
from tests.fixtures.connectors import load
from tests.fixtures.live_servers import LOCALSTRIPE, PYTHON, Client, free_port, require, running

pytestmark = pytest.mark.live


@pytest.fixture
def stripe(tmp_path: Path) -> Iterator[Client]:
    require(PYTHON, "make test-live installs it")
    port = free_port()
    with running([PYTHON, LOCALSTRIPE, port], port, tmp_path) as url:
        yield Client(f"{url}/v1", {"Authorization": "Bearer sk_test_live"})


@pytest.fixture
def source(stripe: Client) -> RestSource:
    section = {
        "kind": "stripe",
        "address": stripe.url.removesuffix("/v1"),
        "api_key": "sk_test_live",
        "start_date": datetime.now(UTC).date(),
    }
    return build("payments", section, Path())


def customer(stripe: Client, email: str, number: str = "4242424242424242") -> str:
    """Create a customer who pays with a card of this number."""
    card = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    method = stripe.call("POST", "/payment_methods", json={"type": "card", "card": card})["id"]
    made = stripe.call("POST", "/customers", json={"email": email, "phone": "+49301234567"})["id"]
    stripe.call("POST", f"/payment_methods/{method}/attach", json={"customer": made})
    invoices = {"invoice_settings": {"default_payment_method": method}}
    stripe.call("POST", f"/customers/{made}", json=invoices)
    return made


def charge(stripe: Client, payer: str, amount: int, currency: str = "eur", **given: Any) -> str:
    paid = {"customer": payer, "amount": amount, "currency": currency, **given}
    return stripe.call("POST", "/charges", json=paid)["id"]


def test_orders_refunds_and_customers_follow_what_happens_at_the_server(stripe, source):
    ann, ben = customer(stripe, "ann@example.com"), customer(stripe, "ben@example.com")
    paid, yen = charge(stripe, ann, 4990), charge(stripe, ben, 4990, "jpy")
    held = charge(stripe, ann, 2000, capture=False)
    back = stripe.call("POST", "/refunds", json={"charge": paid, "amount": 1000})["id"]

    first = load(source)
    orders = first.of("orders", "order_id", "customer_id", "gross_amount", "currency", "status")
    assert set(orders) == {
        (paid, ann, Decimal("49.90"), "EUR", "test"),
        (yen, ben, Decimal("4990"), "JPY", "test"),
    }
    refunds = first.of("refunds", "refund_id", "order_id", "amount", "currency")
    assert refunds == [(back, paid, Decimal("10.00"), "EUR")]
    customers = first.of("customers", "customer_id", "email", "is_test")
    assert set(customers) == {(ann, "ann@example.com", True), (ben, "ben@example.com", True)}

    stripe.call("POST", f"/charges/{held}/capture", json={"amount": 1500})
    stripe.call("POST", f"/customers/{ann}", json={"email": "ann@new.example"})
    stripe.call("DELETE", f"/customers/{ben}")
    second = load(source, first.state)
    assert second.of("orders", "order_id", "gross_amount") == [(held, Decimal("20.00"))]
    assert second.of("refunds", "order_id", "amount") == [(held, Decimal("5.00"))]
    assert second.of("customers", "customer_id", "email") == [(ann, "ann@new.example")]


def test_a_long_list_is_read_to_its_end(stripe, source):
    ann = customer(stripe, "ann@example.com")
    made = [charge(stripe, ann, 100 + number) for number in range(230)]
    loaded = load(source)
    assert sorted(loaded.of("orders", "order_id")) == sorted(made)
    assert (
        sum(loaded.of("orders", "gross_amount")) == sum(Decimal(100 + n) for n in range(230)) / 100
    )


def test_a_card_that_is_declined_brings_no_order(stripe, source):
    ann = customer(stripe, "ann@example.com", "4000000000000341")
    with pytest.raises(AssertionError, match="402"):
        charge(stripe, ann, 4990)
    (tried,) = stripe.call("GET", "/charges")["data"]
    assert tried["status"] == "failed"
    assert load(source).of("orders") == []
