"""Risk: a company with one source sees a page of empty cards, or a reason that isn't its own."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.scorecard import definition
from dashboards.scorecard.image import svg
from dashboards.scorecard.page import Filters, ScorecardPage, metrics_page, scorecard_page
from dashboards.scorecard.publication import publish
from dashboards.scorecard.queries import open_reader
from dashboards.scorecard.records import Company
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT, NOW

pytestmark = pytest.mark.postgres

OPENED = datetime(2025, 4, 3, 9, tzinfo=UTC)


def test_a_desk_alone_sees_its_figures_and_why_it_has_no_others(warehouse: DbtWarehouse) -> None:
    tickets = [
        {
            "ticket_id": str(number),
            "created_at": OPENED + timedelta(days=30 * (number % 2), hours=number),
            "solved_at": OPENED + timedelta(days=30 * (number % 2), hours=number + 5),
            "status": "solved",
        }
        for number in range(120)
    ]
    warehouse.load("tickets", tickets, LOADED_AT)
    page, notes = published(warehouse)
    assert {card.state for card in cards(page)} <= {"value", "suppressed"}
    assert "full_resolution_time" in {card.metric_id for card in cards(page)}
    assert page.kicker == "In place of the north star, Retained customers who advocate"
    assert "With orders: Retention rate, Back in month 3, Won back and" in page.missing
    assert notes["retention_rate"] == "no data: needs orders"
    assert notes["nps"] == "no data: needs survey responses"
    assert notes["first_reply_time"] == "no data: needs messages"
    assert notes["full_resolution_time"] == ""


def test_a_desk_without_orders_is_not_told_that_it_sells_nothing(warehouse: DbtWarehouse) -> None:
    tickets = [
        {"ticket_id": str(n), "customer_id": f"c{n}", "created_at": OPENED + timedelta(hours=n)}
        for n in range(60)
    ]
    replies = [
        {
            "message_id": f"m{ticket['ticket_id']}",
            "ticket_id": ticket["ticket_id"],
            "sent_at": ticket["created_at"] + timedelta(hours=1),
            "direction": "outbound",
            "author_kind": "agent",
            "is_public": False,
        }
        for ticket in tickets
    ]
    warehouse.load("tickets", tickets, LOADED_AT)
    warehouse.load("messages", replies, LOADED_AT)
    _, notes = published(warehouse)
    assert notes["service_sales_rate"] == "no data: needs orders"
    assert notes["first_reply_time"] == ""


def test_campaigns_alone_are_told_that_nobody_heard_of_a_backlash(
    warehouse: DbtWarehouse,
) -> None:
    days = {"starts_on": OPENED.date(), "ends_on": OPENED.date() + timedelta(days=5)}
    cost = {"campaign_id": "k1", "channel": "email", "cost_kind": "media", "amount": 100}
    warehouse.load("campaigns", [{"campaign_id": "k1", **days}], LOADED_AT)
    warehouse.load("campaign_costs", [{**cost, "cost_date": OPENED.date()}], LOADED_AT)
    _, notes = published(warehouse)
    assert notes["campaign_backlash"] == "no data: needs messages"
    assert notes["spend_at_risk_share"] == "no data: needs messages"


def test_a_young_shop_is_told_that_its_history_is_short(warehouse: DbtWarehouse) -> None:
    customers = [{"customer_id": f"c{n}", "email": f"c{n}@example.com"} for n in range(80)]
    warehouse.load("customers", customers, LOADED_AT)
    load_orders(warehouse, customer="c{}")
    page, notes = published(warehouse)
    assert {card.state for card in cards(page)} <= {"value", "partial", "suppressed"}
    assert notes["retention_rate"].startswith("history too short: needs orders over more than")
    assert notes["cohort_retention"].startswith("horizon not reached: needs orders over")
    assert notes["new_customers"] == ""
    assert "Not yet: Retention rate" in page.missing


def test_a_picture_says_that_its_month_is_running(warehouse: DbtWarehouse) -> None:
    load_orders(warehouse, customer="c{}")
    published(warehouse)
    with open_reader(warehouse.url) as reader:
        page = scorecard_page(reader, Filters(period=NOW.date().replace(day=1)), definition.load())
    assert "partial" in {card.state for card in cards(page)}
    assert "Jun 2025 (partial)" in svg(page)


def test_a_shop_without_a_list_of_customers_is_not_told_that_its_orders_have_no_persons(
    warehouse: DbtWarehouse,
) -> None:
    load_orders(warehouse, customer="c{}")
    _, notes = published(warehouse)
    assert notes["retention_rate"].startswith("history too short: needs orders over more than")


def test_orders_of_nobody_say_that_they_have_no_persons(warehouse: DbtWarehouse) -> None:
    load_orders(warehouse, customer=None)
    _, notes = published(warehouse)
    assert notes["retention_rate"] == "orders without persons"
    assert notes["repeat_purchase_rate"] == "orders without persons"


def load_orders(warehouse: DbtWarehouse, customer: str | None) -> None:
    rows = [
        {
            "order_id": str(number),
            "customer_id": customer and customer.format(number),
            "ordered_at": NOW - timedelta(days=40, hours=number),
            "gross_amount": 50,
        }
        for number in range(80)
    ]
    warehouse.load("orders", rows, LOADED_AT)


def published(warehouse: DbtWarehouse) -> tuple[ScorecardPage, dict[str, str]]:
    """Build and publish; return the page, and what each metric says beside its figure."""
    warehouse.build(**AS_OF)
    publish(warehouse.url, Company("Acme"), [], NOW)
    with open_reader(warehouse.url) as reader:
        page = scorecard_page(reader, Filters(), definition.load())
        every = metrics_page(reader, Filters(), definition.load())
    return page, {card.metric_id: card.note for _, area in every.areas for card in area}


def cards(page: ScorecardPage) -> list:
    star = [page.north_star] if page.north_star else []
    return [*star, *(card for _, row in page.rows for card in row)]
