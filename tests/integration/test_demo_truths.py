"""The scorecard must find what was planted in the demo company.

The whole way from files and network to the marts, at a fixed time; every value of the
scorecard is compared with the truth that the simulation knows.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

import analytics.identifiers.keeping
import analytics.text.scoring
import ingestion.loading
import ingestion.sources
from ingestion.demo.company import Company, simulate
from ingestion.demo.exports import write_exports
from ingestion.demo.manifest import read_manifest
from ingestion.demo.server import serve
from ingestion.demo.truths import Truth, truths
from orchestration import dbt, ledger
from orchestration.defs.enrichment import identifier_rules
from orchestration.settings import Settings, load_settings
from tests.fixtures.databases import open_database

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(1_200)]

AS_OF = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
CONFIGURATION = Path(__file__).parents[2] / "concord.toml"

# Planted sentiment is read by a lexicon, and a few Spanish texts pass for English.
TOLERANCES = {
    "net_sentiment": 4.0,
    "advocacy_rate": 0.15,
    "advocating_retained_share": 0.15,
    "open_complaint_send_rate": 0.6,
}
EXACT = 0.01

Found = dict[tuple, tuple[float | None, int | None]]


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(seed=7, persons=6_000, months=24, as_of=AS_OF)


@pytest.fixture(scope="module")
def truth(company: Company) -> tuple[Truth, ...]:
    return truths(company).rows


@pytest.fixture(scope="module")
def module_database(server_url: str) -> Iterator[str]:
    """Give one database to all tests of this module: building it takes most of their time."""
    with open_database(server_url, "test_demo_truths") as url:
        yield url


@pytest.fixture(scope="module")
def warehouse(company: Company, module_database: str, tmp_path_factory) -> str:
    """Load the demo company and build all models; give the warehouse's URL."""
    workspace = tmp_path_factory.mktemp("workspace")
    environment = {"CONCORD_DATABASE_URL": module_database}
    settings = _at(AS_OF, load_settings(CONFIGURATION, workspace, environment))
    settings.log_dir.mkdir(parents=True, exist_ok=True)
    write_exports(company, settings.demo_dir)
    _load(settings, module_database, settings.demo_dir)
    _build(settings, module_database)
    return module_database


def _at(as_of: datetime, settings: Settings) -> Settings:
    """Return the settings of a company whose clock stands still."""
    company = settings.company.model_copy(update={"as_of": as_of})
    configuration = settings.configuration.model_copy(update={"company": company})
    return replace(settings, configuration=configuration)


def _load(settings: Settings, url: str, folder: Path) -> None:
    ingestion.loading.prepare(url)
    ledger.prepare(url)
    analytics.text.scoring.prepare(url)
    analytics.identifiers.keeping.prepare(url)
    with serve(folder) as base_url:
        for name, section in settings.configuration.sources.items():
            served = {"base_url": base_url} if section["kind"] == "mastodon" else {}
            source = ingestion.sources.build(name, {**section, **served}, folder)
            report = ingestion.loading.load(source, url)
            if name == "exports":
                assert report.total("quarantined") == read_manifest(folder).broken


def _build(settings: Settings, url: str) -> None:
    company = settings.company
    names = [word for brand in company.brands for word in (brand.name, *brand.handles)]
    for select in ("resource_type:seed path:models/staging", "resource_type:model"):
        outcomes = dbt.build(settings, url, select)
        assert not [o for o in outcomes if o.resource_type == "model" and not o.is_fine]
        analytics.text.scoring.score_new_texts(url, languages=company.languages, brand_names=names)
        analytics.identifiers.keeping.normalise_new(url, identifier_rules(settings))


@pytest.fixture(scope="module")
def found(warehouse: str) -> Found:
    """Give value and n of the scorecard's rows by metric, month and segment."""
    query = """
        select metric_id, period_start, segment_name, segment_value, value, n
        from marts.scorecard
        where period_grain = 'month'
    """
    with psycopg.connect(warehouse) as connection:
        return {
            row[:4]: (None if row[4] is None else float(row[4]), row[5])
            for row in connection.execute(query)
        }


@pytest.mark.parametrize(
    "metric_id",
    [
        "retention_rate",
        "reactivation_rate",
        "new_customers",
        "cohort_retention",
        "repeat_purchase_rate",
        "net_revenue_retention",
        "nps",
        "advocacy_rate",
        "advocating_retained_share",
        "net_sentiment",
        "csat",
        "first_reply_time",
        "full_resolution_time",
        "ticket_volume",
        "backlog",
        "reopen_rate",
        "one_touch_rate",
        "sla_attainment",
        "social_response_rate_24h",
        "social_reply_time",
        "open_complaint_send_rate",
        "campaign_roi",
        "cost_per_person_reached",
    ],
)
def test_the_scorecard_finds_the_truth(metric_id: str, truth: tuple[Truth, ...], found: Found):
    """Compare every month and segment; what is suppressed for few rows says nothing."""
    wanted = [row for row in truth if row.metric_id == metric_id and row.value is not None]
    missing = [row.key for row in wanted if row.key not in found and row.segment_name == "company"]
    assert not missing
    tolerance = TOLERANCES.get(metric_id, EXACT)
    wrong = [
        (row.key, found[row.key], row.value)
        for row in wanted
        if found.get(row.key, (None,))[0] is not None
        and abs(found[row.key][0] - row.value) > tolerance
    ]
    assert not wrong


def test_the_shared_reception_address_makes_nobody_one_person(warehouse: str):
    with psycopg.connect(warehouse) as connection:
        largest = connection.execute(
            "select max(customer_count) from intermediate.int_persons"
        ).fetchone()
    assert largest is not None
    assert largest[0] <= 4


def test_second_records_are_found(company: Company, warehouse: str):
    """A person's records by the same e-mail or phone become one person."""
    persons = company.persons
    signed_up_twice = persons.has_second_record & (persons.second_record_at <= company.clock.as_of)
    with psycopg.connect(warehouse) as connection:
        row = connection.execute(
            """
            select count(*)
            from (
                select person_id
                from intermediate.int_person_links
                where customer_key like 'exports:K1%' or customer_key like 'exports:K3%'
                group by person_id
                having count(*) = 2
            ) as doubled
            """
        ).fetchone()
    assert row is not None
    assert row[0] == signed_up_twice.sum()
