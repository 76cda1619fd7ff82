"""Days of builds of changes, of all kinds at random, must leave what one full build leaves."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
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

ALL_MODELS = "path:seeds,resource_type:seed path:models,resource_type:model"
SEED, DAYS = 3, 3
# What a build notes about itself.
BOOKKEEPING = {"loaded_at", "build_since", "refreshed_at"}
# What describes a build rather than the company.
ABOUT_BUILDS = (
    "touched_months",
    "int_%months%",
    "%months_to_%",
    "person_months",
    "wait_counts",
    "wait_survival",
    "conversation_horizons",
)


@pytest.fixture(scope="module")
def work_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture
def warehouse(database_url: str, work_dir: Path, monkeypatch: pytest.MonkeyPatch) -> DbtWarehouse:
    # The project's own tests have a run of their own; here they would only take time.
    monkeypatch.setenv("DBT_INDIRECT_SELECTION", "empty")
    warehouse = DbtWarehouse(database_url, work_dir)
    warehouse.prepare()
    return warehouse


def test_days_of_changes_leave_what_a_full_build_leaves(warehouse: DbtWarehouse) -> None:
    dice, company = random.Random(SEED), random_company(SEED)
    load_company(warehouse, company)
    clock = NOW - timedelta(days=DAYS)
    warehouse.build(ALL_MODELS, **AS_OF | {"as_of": clock.isoformat()})
    for changed_since, loaded_at in days():
        before, clock = clock, clock + timedelta(days=1)
        change(warehouse, company, dice, loaded_at)
        build = {"changed_since": changed_since, "built_as_of": before.isoformat()}
        warehouse.build(ALL_MODELS, **AS_OF | {"as_of": clock.isoformat()}, **build)
    incremental = everything(warehouse)
    warehouse.build(ALL_MODELS, **AS_OF)
    full = everything(warehouse)

    assert incremental.keys() == full.keys()
    differing = {name: differences(incremental[name], rows) for name, rows in full.items()}
    assert not any(differing.values()), {name: rows[:4] for name, rows in differing.items() if rows}
    assert sum(map(len, full.values())) > 5_000


def days() -> Iterator[tuple[str, str]]:
    """Return, for each day, the end of the build before and the instant of the day's loads."""
    loaded_at = datetime.fromisoformat(LOADED_AT).astimezone(UTC)
    for number in range(DAYS):
        since = loaded_at + timedelta(days=number, hours=12)
        yield since.isoformat(), (since + timedelta(hours=6)).isoformat()


def change(warehouse: DbtWarehouse, company: Company, dice: random.Random, at: str) -> None:
    """Load a day's new rows, and old ones that became others."""

    def some(entity: str, count: int) -> list[Row]:
        return dice.sample(company.rows[entity], count)

    def customer() -> str:
        return f"c{dice.randrange(130)}"

    def instant() -> datetime:
        return NOW - timedelta(minutes=dice.randrange(10, 700 * 1440))

    changes: dict[str, list[Row]] = {
        "orders": [
            *({**row, "order_id": f"{at}-{row['order_id']}"} for row in some("orders", 5)),
            *({**row, "customer_id": customer()} for row in some("orders", 3)),
            *({**row, "ordered_at": instant()} for row in some("orders", 3)),
            *({**row, "status": "cancelled"} for row in some("orders", 3)),
            *({**row, "refunded_amount": 40} for row in some("orders", 3)),
            *({**row, "currency": "USD"} for row in some("orders", 3)),
            *({**row, "referrer_customer_id": customer()} for row in some("orders", 3)),
        ],
        "exchange_rates": [
            {"currency": "USD", "rate_date": instant().date(), "rate": dice.choice([0.5, 0.75])}
        ],
        "customers": [
            # Two records of one person from now on, and perhaps two persons again tomorrow.
            *({**row, "email": f"{customer()}@example.org"} for row in some("customers", 3)),
            *({**row, "birth_year": 1950 + dice.randrange(55)} for row in some("customers", 3)),
            *({**row, "is_test": dice.random() < 0.5} for row in some("customers", 2)),
            {"customer_id": f"c{120 + dice.randrange(10)}"},
        ],
        "customer_identities": [
            {"customer_id": customer(), "identity_type": "mastodon", "identity_value": customer()}
        ],
        "tickets": [
            *({**row, "status": "spam"} for row in some("tickets", 3)),
            *({**row, "customer_id": customer()} for row in some("tickets", 3)),
            *({**row, "created_at": instant()} for row in some("tickets", 3)),
        ],
        "messages": [
            *({**row, "is_spam": True} for row in some("messages", 4)),
            *({**row, "text": "Great help"} for row in some("messages", 4)),
            *({**row, "sent_at": instant()} for row in some("messages", 4)),
            *(
                {**row, "message_id": f"{at}-{row['message_id']}", "author_handle": customer()}
                | {"author_id": None}
                for row in some("messages", 4)
            ),
        ],
        "satisfaction_ratings": [
            *({**row, "score": 5, "rated_at": instant()} for row in some("satisfaction_ratings", 4))
        ],
        "campaign_touches": [
            *({**row, "customer_id": customer()} for row in some("campaign_touches", 3)),
            *({**row, "status": "bounced"} for row in some("campaign_touches", 3)),
        ],
        "campaign_costs": [{**row, "amount": 7} for row in some("campaign_costs", 2)],
    }
    for entity, rows in changes.items():
        warehouse.load(entity, rows, at)


def everything(warehouse: DbtWarehouse) -> dict[str, list[str]]:
    """Return the rows of every table of the marts and below, as sorted text."""
    columns = warehouse.rows(
        "select table_schema || '.' || table_name,"
        " string_agg(quote_ident(column_name), ', ' order by column_name)"
        " from information_schema.columns where table_schema in ('intermediate', 'marts')"
        " and not table_name like any (%s) and not column_name = any (%s) group by 1",
        list(ABOUT_BUILDS),
        list(BOOKKEEPING),
    )
    return {
        name: sorted(row for (row,) in warehouse.rows(f"select row({kept})::text from {name}"))
        for name, kept in columns
    }


def differences(found: list[str], expected: list[str]) -> list[Any]:
    """Return the rows that are in one of the lists alone."""
    return sorted(set(found) ^ set(expected)) or ([] if found == expected else ["repeated rows"])
