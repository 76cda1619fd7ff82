"""Risk: what two sources know of one customer or one campaign stays apart, or is mixed up."""

from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT

pytestmark = pytest.mark.postgres

SPACES = ("customers", "campaigns", "tickets", "agents")


def same_keys(**owners: str) -> dict[str, Any]:
    """Return the variable that says of sources whose ids they have."""
    said = owners | {owner: owner for owner in owners.values()}
    return {"key_spaces": dict.fromkeys(SPACES, said)}


def cost(campaign: str, amount: float = 100, source: str = "ads") -> dict[str, Any]:
    return {
        "source_name": source,
        "campaign_id": campaign,
        "channel": "search",
        "cost_kind": "media",
        "cost_date": "2025-05-10",
        "amount": amount,
    }


def order(number: int, campaign: str | None, source: str = "shop") -> dict[str, Any]:
    return {
        "source_name": source,
        "order_id": f"o{number}",
        "customer_id": f"c{number}",
        "ordered_at": "2025-05-12T12:00:00Z",
        "gross_amount": 50,
        "margin_amount": 20,
        "campaign_id": campaign,
    }


def campaign(key: str, name: str, source: str) -> dict[str, Any]:
    return {"source_name": source, "campaign_id": key, "name": name}


def results(warehouse: DbtWarehouse, **variables: Any) -> dict[str, tuple[float, int]]:
    """Build, and return spend and orders by campaign."""
    warehouse.build("+campaign_results", **AS_OF, **variables)
    rows = warehouse.rows(
        "select campaign, spend::float, attributed_order_count from marts.campaign_results"
    )
    return {name: (spend, orders) for name, spend, orders in rows}


def test_costs_and_orders_of_a_campaign_that_nobody_lists_are_one(warehouse: DbtWarehouse) -> None:
    warehouse.load("campaign_costs", [cost("spring")], LOADED_AT)
    warehouse.load("orders", [order(n, "spring") for n in range(10)], LOADED_AT)
    assert results(warehouse) == {"ads:spring": (100, 10)}
    # Said otherwise, they are two.
    own = same_keys(ads="ads", shop="shop")
    assert results(warehouse, **own) == {"ads:spring": (100, 0), "shop:spring": (0, 10)}
    assert results(warehouse, **same_keys(ads="shop")) == {"shop:spring": (100, 10)}


def test_a_campaigns_name_joins_where_one_campaign_has_it(warehouse: DbtWarehouse) -> None:
    warehouse.load("campaigns", [campaign("17", "Spring", "ads")], LOADED_AT)
    warehouse.load("campaign_costs", [cost("17")], LOADED_AT)
    warehouse.load("orders", [order(1, "spring "), order(2, "17")], LOADED_AT)
    assert results(warehouse) == {"ads:17": (100, 2)}
    # Now somebody else's campaign has that name, too.
    warehouse.load("campaigns", [campaign("90", "SPRING", "mail")], LOADED_AT)
    assert results(warehouse) == {"ads:17": (100, 1), "shop:spring ": (0, 1)}


def test_a_campaign_that_sources_spell_in_capitals_or_not_is_one(warehouse: DbtWarehouse) -> None:
    warehouse.load("campaign_costs", [cost("spring"), cost("aB3"), cost("Ab3", 50)], LOADED_AT)
    orders = [order(1, "Spring "), order(2, "SPRING ", "till"), order(3, "Ab3")]
    warehouse.load("orders", orders, LOADED_AT)
    found = results(warehouse)
    assert found.pop("ads:spring") == (100, 2)
    # One source has both, so that they are two.
    assert found == {"ads:aB3": (100, 0), "ads:Ab3": (50, 1)}


def test_two_campaigns_with_one_id_stay_two(warehouse: DbtWarehouse) -> None:
    listed = [campaign("1", "Spring", "ads"), campaign("1", "Winter", "shop")]
    warehouse.load("campaigns", listed, LOADED_AT)
    warehouse.load("campaign_costs", [cost("1")], LOADED_AT)
    warehouse.load("orders", [order(1, "1"), order(2, "1", source="till")], LOADED_AT)
    assert results(warehouse) == {"ads:1": (100, 0), "shop:1": (0, 1), "till:1": (0, 1)}
    one = same_keys(ads="shop")
    assert results(warehouse, **one) == {"shop:1": (100, 2)}


def test_a_post_about_a_campaign_of_another_source_is_about_that_campaign(
    warehouse: DbtWarehouse,
) -> None:
    warehouse.load("campaigns", [campaign("spring", "Spring", "ads")], LOADED_AT)
    post = {
        "source_name": "social",
        "message_id": "m1",
        "sent_at": "2025-05-12T12:00:00Z",
        "direction": "inbound",
        "channel": "mastodon",
        "is_public": True,
        "author_handle": "ann",
        "campaign_id": "spring",
        "text": "nice",
    }
    warehouse.load("messages", [post], LOADED_AT)
    touch = {"touch_id": "t", "campaign_id": "spring", "sent_at": "2025-05-12T12:00:00Z"}
    warehouse.load("campaign_touches", [touch | {"source_name": "mailer"}], LOADED_AT)
    warehouse.build("+mentions +int_sends", **AS_OF)
    assert warehouse.rows("select campaign from marts.mentions") == [("ads:spring",)]
    assert warehouse.rows("select campaign from intermediate.int_sends") == [("ads:spring",)]


def answers(count: int) -> list[dict[str, Any]]:
    return [
        {
            "source_name": "survey",
            "response_id": f"r{n}",
            "customer_id": f"c{n}",
            "answered_at": "2025-05-20T12:00:00Z",
            "score": 9,
        }
        for n in range(count)
    ]


def trust(warehouse: DbtWarehouse, **variables: Any) -> dict[tuple[str, str], tuple[Any, Any]]:
    warehouse.build("+scorecard_trust", **AS_OF, **variables)
    rows = warehouse.rows(
        "select figure, subject, numerator, denominator from marts.scorecard_trust"
    )
    return {(figure, subject): (top, base) for figure, subject, top, base in rows}


def test_sources_with_the_same_numbers_are_strangers_until_it_is_said(
    warehouse: DbtWarehouse,
) -> None:
    warehouse.load("orders", [order(n, None) for n in range(40)], LOADED_AT)
    warehouse.load("customers", [{"customer_id": f"c{n}"} for n in range(40)], LOADED_AT)
    warehouse.load("survey_responses", answers(24), LOADED_AT)
    found = trust(warehouse)
    assert found["persons_shared", "shop + survey"] == (0, 24)
    assert found["identity_match", "all"] == (40, 64)
    assert found["orders_without_person", "all"] == (0, 40)
    found = trust(warehouse, **same_keys(survey="shop"))
    assert found["persons_shared", "shop + survey"] == (24, 24)
    assert found["identity_match", "all"] == (64, 64)


def test_without_a_list_of_customers_nothing_is_matched(warehouse: DbtWarehouse) -> None:
    warehouse.load("orders", [order(n, None) for n in range(3)], LOADED_AT)
    assert trust(warehouse)["identity_match", "all"] == (None, 3)


def test_a_customer_and_a_ticket_that_two_sources_list_are_one(warehouse: DbtWarehouse) -> None:
    listed = [
        {"source_name": "shop", "customer_id": "1", "birth_year": 1970},
        {"source_name": "desk", "customer_id": "1", "is_staff": True},
        {"source_name": "shop", "customer_id": "2"},
        {"source_name": "desk", "customer_id": "2", "birth_year": 1980},
    ]
    warehouse.load("customers", listed, LOADED_AT)
    ticket = {"ticket_id": "7", "customer_id": "2", "created_at": "2025-05-10T12:00:00Z"}
    tickets = [
        ticket | {"source_name": "desk", "brand": "Alpha"},
        ticket | {"source_name": "chat", "brand": "Beta"},
    ]
    warehouse.load("tickets", tickets, LOADED_AT)
    spaces = {
        "customers": {"shop": "shop", "desk": "shop"},
        "tickets": {"desk": "desk", "chat": "desk"},
    }
    warehouse.build("+int_persons +int_conversations", **AS_OF, key_spaces=spaces)
    persons = warehouse.rows("select birth_year, is_customer from intermediate.int_persons")
    assert persons == [(1980, True)]
    conversations = warehouse.rows("select brand from intermediate.int_conversations")
    assert conversations == [("Alpha",)]


def test_an_identity_in_another_source_means_the_source_whose_ids_it_has(
    warehouse: DbtWarehouse,
) -> None:
    warehouse.load("customers", [{"customer_id": "1"}, {"customer_id": "x9"}], LOADED_AT)
    identity = {"customer_id": "x9", "identity_type": "desk", "identity_value": "1"}
    warehouse.load("customer_identities", [identity], LOADED_AT)
    warehouse.build("+int_persons", **AS_OF, **same_keys(desk="shop"))
    assert warehouse.rows("select customer_count from intermediate.int_persons") == [(2,)]
