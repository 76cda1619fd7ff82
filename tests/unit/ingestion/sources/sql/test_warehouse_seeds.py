"""Risk: tables that another tool landed in a warehouse lose rows on the way, or money.

The mappings in tests/fixtures/warehouse_seeds are what a user would write. No row is quarantined,
and no value left empty. Reports by ad, keyword or region aren't mapped, for they have the money of
the campaigns once more; nor are figures for which the contract has no place, such as views.
"""

import csv
import sqlite3
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.sources import build
from tests.fixtures.connectors import Loaded, load
from tests.fixtures.samples import SAMPLES, needs

pytestmark = [pytest.mark.shared, needs("warehouse_seeds")]
SEEDS = SAMPLES / "warehouse_seeds"
MAPPINGS = Path(__file__).parents[4] / "fixtures" / "warehouse_seeds"
# Of each platform: its campaigns, its report, the column of what was paid, and in which unit.
MICRO = Decimal("0.000001")
SPENT = {
    "amazon": (1, "amazon_ads_campaign_level_report", "cost", 1),
    "apple": (1, "apple_search_campaign_report", "local_spend_amount", 1),
    "facebook": (4, "facebook_ads_basic_ad", "spend", 1),
    "google": (1, "google_ads_campaign_stats", "cost_micros", MICRO),
    "linkedin": (12, "linkedin_ad_analytics_by_campaign", "cost_in_local_currency", 1),
    "microsoft": (3, "microsoft_ads_campaign_performance_daily_report", "spend", 1),
    "pinterest": (1, "pinterest_campaign_report", "spend_in_micro_dollar", MICRO),
    "reddit": (10, "reddit_ads_campaign_report", "spend", MICRO),
    "snapchat": (30, "snapchat_campaign_hourly_report", "spend", MICRO),
    "tiktok": (0, "tiktok_campaign_report_hourly", "SPEND", 1),
    "twitter": (16, "twitter_campaign_report", "billed_charge_local_micro", MICRO),
}


def seed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """Return a folder with a database for each folder of the seeds; each value is a text."""
    folder = tmp_path_factory.mktemp("warehouse")
    for path in sorted(SEEDS.glob("*/*.csv")):
        rows = seed(path)
        names = ", ".join(f'"{name}"' for name in rows[0])
        holes = ", ".join("?" * len(rows[0]))
        values = [[value or None for value in row.values()] for row in rows]
        with sqlite3.connect(folder / f"{path.parent.name}.db") as database:
            database.execute(f'create table "{path.stem}" ({names})')
            database.executemany(f'insert into "{path.stem}" values ({holes})', values)
    return folder


def loaded_whole(warehouse: Path, mappings: str, name: str) -> Loaded:
    """Return what a section brings, of which every row and every value has to be readable."""
    section = tomllib.loads((MAPPINGS / mappings).read_text(encoding="utf-8"))[name]
    folder = SEEDS if section["kind"] == "files" else warehouse
    loaded = load(build(name, section, folder))
    assert not any(loaded.rejects.values())
    assert loaded.emptied == []
    return loaded


@pytest.mark.parametrize("platform", SPENT)
def test_what_a_platform_charged_is_what_its_campaigns_cost(warehouse, platform):
    campaigns, report, paid, unit = SPENT[platform]
    rows = seed(SEEDS / "ad_reporting" / f"{report}_data.csv")
    loaded = loaded_whole(warehouse, "ads.toml", platform)
    spent = sum(Decimal(row[paid]) for row in rows)
    assert sum(loaded.of("ad_days", "spend")) == spent * unit
    assert len(loaded.of("campaigns")) == campaigns


@pytest.mark.parametrize(
    ("network", "brought"),
    [
        # 99 posts, one of them twice, of which two are hidden
        ("facebook", {"social_accounts": 1, "audience_snapshots": 6, "messages": 97}),
        ("facebook_files", {"messages": 97}),
        # three posts, as they were on a hundred days
        ("instagram", {"social_accounts": 1, "messages": 3}),
        ("linkedin", {"messages": 75}),
        ("twitter", {"social_accounts": 1, "messages": 100}),
    ],
)
def test_each_post_of_a_network_is_one_message_of_the_brand(warehouse, network, brought):
    loaded = loaded_whole(warehouse, "networks.toml", network)
    assert {entity: len(rows) for entity, rows in loaded.rows.items()} == brought
    assert set(loaded.of("messages", "direction")) == {"outbound"}


def test_a_desks_history_is_its_last_state_and_its_parts_are_messages_and_events(warehouse):
    loaded = loaded_whole(warehouse, "desk.toml", "intercom")
    assert loaded.of("tickets", "ticket_id", "status", "agent_id") == [
        ("156643300001311", "closed", "4077639"),
        ("156643300001372", "closed", "4077639"),
    ]
    assert loaded.of("messages", "direction", "is_internal") == [
        ("inbound", None),
        ("inbound", None),
        ("outbound", True),
    ]
    assert loaded.of("ticket_events", "event_type") == ["closed"] * 8
    assert len(loaded.of("customers")) == 9
    assert sorted(loaded.of("agents", "team")) == [
        "Customer support",
        "Customer support",
        "Management",
        "Robots",
    ]
