"""Days of changes, of all kinds at random, must leave what one build of the last day leaves."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.dbt_build import ALL_MODELS, DbtWarehouse
from tests.fixtures.small_company import (
    AS_OF,
    LOADED_AT,
    NOW,
    Company,
    Row,
    load_company,
    random_company,
)

pytestmark = pytest.mark.postgres

SEED, DAYS = 3, 3
BRANDS = ("Alpha", "Beta")
# When a table was built.
ABOUT_BUILDS = ["refreshed_at"]


def test_days_of_changes_leave_what_a_build_from_nothing_leaves(warehouse: DbtWarehouse) -> None:
    dice, company = random.Random(SEED), asking_company()
    load_company(warehouse, company)
    clock = NOW - timedelta(days=DAYS)
    warehouse.build(ALL_MODELS, **AS_OF | {"as_of": clock.isoformat()})
    for loaded_at in days():
        clock += timedelta(days=1)
        change(warehouse, company, dice, loaded_at)
        warehouse.build(ALL_MODELS, **AS_OF | {"as_of": clock.isoformat()})
    daily = everything(warehouse)
    warehouse.drop_models()
    warehouse.build(ALL_MODELS, **AS_OF)
    anew = everything(warehouse)

    assert daily.keys() == anew.keys()
    differing = {name: differences(daily[name], rows) for name, rows in anew.items()}
    assert not any(differing.values()), {name: rows[:4] for name, rows in differing.items() if rows}
    assert sum(map(len, anew.values())) > 5_000


def days() -> Iterator[str]:
    """Return, for each day, the instant of its loads."""
    loaded_at = datetime.fromisoformat(LOADED_AT).astimezone(UTC)
    for number in range(DAYS):
        yield (loaded_at + timedelta(days=number, hours=18)).isoformat()


def asking_company() -> Company:
    """Return the small company, which also sends surveys and notes what happens to its tickets."""
    company = random_company(SEED)
    day = Day(company, random.Random(SEED), LOADED_AT)
    company.rows["survey_responses"] = [
        {
            "response_id": f"a{number}",
            "customer_id": day.customer(),
            "answered_at": day.instant(),
            "score": day.dice.randrange(11),
            "survey_kind": "relational",
            "brand": day.dice.choice(BRANDS),
        }
        for number in range(300)
    ]
    company.rows["ticket_events"] = [
        {
            "event_id": f"e{number}",
            "ticket_id": ticket["ticket_id"],
            "event_type": day.dice.choice(["solved", "reopened"]),
            "occurred_at": ticket["created_at"] + timedelta(hours=day.dice.randrange(1, 2_000)),
        }
        for number, ticket in enumerate(day.some("tickets", 200))
    ]
    return company


def change(warehouse: DbtWarehouse, company: Company, dice: random.Random, at: str) -> None:
    """Load a day's new rows, and old ones that became others."""
    day = Day(company, dice, at)
    for changes in (persons(day), orders(day), conversations(day), answers(day), campaigns(day)):
        for entity, rows in changes.items():
            warehouse.load(entity, rows, at)


@dataclass(frozen=True)
class Day:
    """What a day's changes are drawn from."""

    company: Company
    dice: random.Random
    at: str

    def some(self, entity: str, count: int) -> list[Row]:
        return self.dice.sample(self.company.rows[entity], count)

    def customer(self) -> str:
        return f"c{self.dice.randrange(130)}"

    def instant(self) -> datetime:
        return NOW - timedelta(minutes=self.dice.randrange(10, 700 * 1440))


def persons(day: Day) -> dict[str, list[Row]]:
    """Records come and change; two become one person, and perhaps two again tomorrow."""
    handle = {"identity_type": "mastodon", "identity_value": day.customer()}
    return {
        "customers": [
            *(
                {**row, "email": f"{day.customer()}@example.org"}
                for row in day.some("customers", 3)
            ),
            *(
                {**row, "birth_year": 1950 + day.dice.randrange(55)}
                for row in day.some("customers", 3)
            ),
            *({**row, "is_test": day.dice.random() < 0.5} for row in day.some("customers", 2)),
            {"customer_id": f"c{120 + day.dice.randrange(10)}"},
        ],
        "customer_identities": [{"customer_id": day.customer(), **handle}],
    }


def orders(day: Day) -> dict[str, list[Row]]:
    """Orders come, move, go, are refunded and rated by another exchange rate."""
    rate = {"currency": "USD", "rate": day.dice.choice([0.5, 0.75])}
    return {
        "orders": [
            *({**row, "order_id": f"{day.at}-{row['order_id']}"} for row in day.some("orders", 5)),
            *({**row, "customer_id": day.customer()} for row in day.some("orders", 3)),
            *({**row, "ordered_at": day.instant()} for row in day.some("orders", 3)),
            *({**row, "status": "cancelled"} for row in day.some("orders", 3)),
            *({**row, "refunded_amount": 40} for row in day.some("orders", 3)),
            *({**row, "gross_amount": -40} for row in day.some("orders", 3)),
            *({**row, "currency": "USD"} for row in day.some("orders", 3)),
            *({**row, "referrer_customer_id": day.customer()} for row in day.some("orders", 3)),
            *({**row, "campaign_id": "k2"} for row in day.some("orders", 3)),
        ],
        "refunds": [
            {
                "refund_id": f"{day.at}-{row['order_id']}",
                "order_id": row["order_id"],
                "refunded_at": day.instant(),
                "amount": 15,
            }
            for row in day.some("orders", 3)
        ],
        "exchange_rates": [{**rate, "rate_date": day.instant().date()}],
    }


def conversations(day: Day) -> dict[str, list[Row]]:
    """Tickets, messages and ratings move, turn out to be spam, and get other authors."""

    def by_handle(row: Row) -> Row:
        return {**row, "author_handle": day.customer(), "author_id": None}

    def in_a_thread(row: Row) -> Row:
        answered = row.get("in_reply_to_id") if day.dice.random() < 0.3 else None
        thread = f"x{day.dice.randrange(15)}"
        return {**row, "conversation_id": thread, "in_reply_to_id": answered}

    return {
        "tickets": [
            *({**row, "status": "spam"} for row in day.some("tickets", 3)),
            *({**row, "customer_id": day.customer()} for row in day.some("tickets", 3)),
            *({**row, "created_at": day.instant()} for row in day.some("tickets", 3)),
        ],
        "messages": [
            *({**row, "is_spam": True} for row in day.some("messages", 4)),
            *({**row, "text": "Great help"} for row in day.some("messages", 4)),
            *({**row, "sent_at": day.instant()} for row in day.some("messages", 4)),
            *({**row, "channel": None} for row in day.some("messages", 4)),
            *({**row, "campaign_id": "k1"} for row in day.some("messages", 4)),
            *map(in_a_thread, day.some("messages", 40)),
            *({**row, "in_reply_to_id": "gone"} for row in day.some("messages", 4)),
            # Some of them are the company's own: its handles come, and go with others.
            *map(by_handle, day.some("messages", 30)),
            *(
                {**by_handle(row), "message_id": f"{day.at}-{row['message_id']}"}
                for row in day.some("messages", 4)
            ),
        ],
        "ticket_events": [
            {**row, "event_type": "solved", "occurred_at": day.instant()}
            for row in day.some("ticket_events", 4)
        ],
    }


def answers(day: Day) -> dict[str, list[Row]]:
    """Ratings and survey answers come late, move, and turn out to be somebody else's."""
    ratings, surveys = day.some("satisfaction_ratings", 4), day.some("survey_responses", 3)
    return {
        "satisfaction_ratings": [{**row, "score": 5, "rated_at": day.instant()} for row in ratings],
        "survey_responses": [
            *({**row, "score": 10, "answered_at": day.instant()} for row in surveys),
            *({**row, "customer_id": day.customer()} for row in day.some("survey_responses", 3)),
            *({**row, "survey_kind": "transactional"} for row in day.some("survey_responses", 3)),
            *({**row, "response_id": f"{day.at}-{row['response_id']}"} for row in surveys),
        ],
    }


def campaigns(day: Day) -> dict[str, list[Row]]:
    """Sends move and reach others or nobody; costs are corrected, some in another currency."""
    dollars = {"amount": 7, "currency": "USD"}
    return {
        "campaign_touches": [
            *({**row, "customer_id": day.customer()} for row in day.some("campaign_touches", 3)),
            *({**row, "status": "bounced"} for row in day.some("campaign_touches", 3)),
            *({**row, "campaign_id": "k1"} for row in day.some("campaign_touches", 3)),
            *({**row, "sent_at": day.instant()} for row in day.some("campaign_touches", 3)),
        ],
        "campaign_costs": [{**row, **dollars} for row in day.some("campaign_costs", 2)],
        "campaigns": [
            {**row, "brand": day.dice.choice(BRANDS)} for row in day.some("campaigns", 1)
        ],
    }


def everything(warehouse: DbtWarehouse) -> dict[str, list[str]]:
    """Return the rows of every table of the marts and below, as sorted text."""
    columns = warehouse.rows(
        "select table_schema || '.' || table_name,"
        " string_agg(quote_ident(column_name), ', ' order by column_name)"
        " from information_schema.columns where table_schema in ('intermediate', 'marts')"
        " and not column_name = any (%s) group by 1",
        ABOUT_BUILDS,
    )
    return {
        name: sorted(row for (row,) in warehouse.rows(f"select row({kept})::text from {name}"))
        for name, kept in columns
    }


def differences(found: list[str], expected: list[str]) -> list[Any]:
    """Return the rows that are in one of the lists alone."""
    return sorted(set(found) ^ set(expected)) or ([] if found == expected else ["repeated rows"])
