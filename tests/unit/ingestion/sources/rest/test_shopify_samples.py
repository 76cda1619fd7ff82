"""Risk: an API that was declared by its user loses orders, lines or money of real answers.

Shopify's REST API of 2021-10, as somebody would declare it whose shop still speaks it, in answers
that the vendor publishes; a connector knows the GraphQL one. Carts, drafts and checkouts are no
orders, so their endpoints are not asked.
"""

import tomllib
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.samples import needs, sample
from tests.fixtures.vendor_api import Listing, Vendor, link_header

API = "/admin/api/2021-10"
SECTION = """
kind = "rest"
base_url = "{url}/admin/api/2021-10"
auth = { type = "api_key", name = "X-Shopify-Access-Token", key = "a-token" }
pages = { type = "link_header" }

[[endpoints]]
name = "orders"
path = "/orders.json"
params = { status = "any", limit = 250 }
records = "orders"
since = { param = "updated_at_min", field = "updated_at" }

[[endpoints]]
name = "refunds"
path = "/orders/{id}/refunds.json"
records = "refunds"
parent = "orders"

[[endpoints]]
name = "customers"
path = "/customers.json"
params = { limit = 250 }
records = "customers"
since = { param = "updated_at_min", field = "updated_at" }

[[entities]]
entity = "orders"
endpoint = "orders"
[entities.columns]
order_id = "id"
customer_id = "customer.id"
ordered_at = { first_of = ["processed_at", "created_at"] }
gross_amount = "total_price"
currency = "currency"
channel = { from = "source_name", map = { web = "web", pos = "store" }, optional = true }
[entities.columns.status]
from = "financial_status"
map = { refunded = "refunded", voided = "cancelled" }
default = "completed"
when = [
    { column = "test", is = true, then = { value = "test" } },
    { column = "cancelled_at", is_set = true, then = { value = "cancelled" } },
]

[[entities]]
entity = "order_lines"
endpoint = "orders"
rows = "line_items"
[entities.columns]
order_id = "id"
line_id = "line_items.id"
product_id = "line_items.product_id"
product_name = "line_items.title"
quantity = "line_items.quantity"
amount = { multiply = ["line_items.price", "line_items.quantity"] }

[[entities]]
entity = "refunds"
endpoint = "refunds"
rows = "transactions"
where = [
    { column = "transactions.kind", is = "refund" },
    { column = "transactions.status", is = "success" },
]
[entities.columns]
refund_id = "transactions.id"
order_id = "order_id"
refunded_at = "created_at"
amount = "transactions.amount"
currency = "transactions.currency"

[[entities]]
entity = "customers"
endpoint = "customers"
[entities.columns]
customer_id = "id"
email = "email"
phone = { from = "phone", optional = true }
created_at = "created_at"
"""


@pytest.fixture
def shop():
    orders, refunds, customers = ("orders", "refunds", "customers")
    changed, pages = ("updated_at_min", "updated_at"), link_header()
    listings = (
        Listing(orders, f"{API}/orders.json", orders, pages, changed),
        Listing(refunds, f"{API}/orders/{{order_id}}/refunds.json", refunds, pages),
        Listing(customers, f"{API}/customers.json", customers, pages, changed),
    )
    with serving(Vendor(listings, {"X-Shopify-Access-Token": "a-token"})) as shop:
        yield shop


@pytest.mark.shared
@needs("shopify_fixtures")
def test_published_answers_are_loaded_whole(shop):
    def published(name: str):
        return sample(f"shopify_fixtures/{name}.json")

    # An order as it is listed, without its lines, and as it was when it was asked for alone.
    shop.objects["orders"] = [*published("orders")["orders"], published("order")["order"]]
    shop.objects["refunds"] = [published("refund")["refund"]]
    shop.objects["customers"] = [
        *published("customers_search")["customers"],
        published("customer")["customer"],
        *published("customer_saved_search_customers")["customers"],
    ]
    loaded = load(source_of(shop, tomllib.loads(SECTION)))
    assert not any(loaded.rejects.values())
    assert loaded.emptied == []
    assert loaded.of("orders", "order_id", "gross_amount", "ordered_at", "status") == [
        ("450789469", Decimal(total), datetime(2008, 1, 10, 16, tzinfo=UTC), "completed")
        for total in ("598.94", "409.94")
    ]
    assert loaded.of("order_lines", "line_id", "quantity", "amount") == [
        (line, 1, Decimal(199)) for line in ("466157049", "518995019", "703073504")
    ]
    assert set(loaded.of("refunds", "order_id", "amount")) == {("450789469", Decimal(209))}
    known = loaded.of("customers", "customer_id")
    assert known == ["207119551", "207119551", "112223902"]
