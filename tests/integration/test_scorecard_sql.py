"""The scorecard must say what its rows say."""

from collections.abc import Mapping
from datetime import date
from statistics import mean

import pytest

from dashboards.scorecard import catalogue, definition
from tests.fixtures.dbt_build import ALL_MODELS, DbtWarehouse
from tests.fixtures.outcry import BEGAN, outcry
from tests.fixtures.small_company import (
    AS_OF,
    Company,
    load_company,
    random_company,
)
from tests.fixtures.small_company_figures import (
    Figures,
    campaign_figures,
    contact_figures,
    email_figures,
    engagement_figures,
    growth_figures,
)

pytestmark = pytest.mark.postgres

LEVELS = {
    "service_levels": [
        {"clock": "calendar", "first_reply_minutes": 1440, "full_resolution_minutes": 2880}
    ]
}


def test_an_empty_warehouse_has_definitions_but_no_rows(warehouse: DbtWarehouse) -> None:
    warehouse.build(ALL_MODELS, **AS_OF)
    defined = len(catalogue.read())
    assert warehouse.rows("select count(*) from marts.metric_definitions") == [(defined,)]
    assert warehouse.rows("select count(*) from marts.scorecard") == [(0,)]
    assert warehouse.rows("select count(*) from marts.scorecard_trust") == [(0,)]


def test_rows_behind_each_card_add_up_to_it(warehouse: DbtWarehouse) -> None:
    company = random_company()
    company.rows["messages"] += outcry()
    load_company(warehouse, company)
    warehouse.build(ALL_MODELS, **AS_OF, **LEVELS)

    assert_rows_add_up(warehouse)
    assert_waits_are_those_of_the_raw_rows(warehouse, company)
    assert_rates_are_those_of_the_raw_rows(warehouse, company)
    assert_tickets_are_those_of_the_raw_rows(warehouse, company)
    assert_figures_are_those_of_the_raw_rows(warehouse, contact_figures(company))
    assert_figures_are_those_of_the_raw_rows(warehouse, growth_figures(company))
    assert_figures_are_those_of_the_raw_rows(warehouse, campaign_figures(company, BEGAN.date()))
    assert_figures_are_those_of_the_raw_rows(warehouse, email_figures(company))
    assert_engagement_is_that_of_the_raw_rows(warehouse, company)
    assert_owners_are_those_of_the_one_target(warehouse)
    assert_what_is_about_no_campaign_is_no_campaign(warehouse)


def assert_rows_add_up(warehouse: DbtWarehouse) -> None:
    """Sum the drill-down columns of each metric over period and segment."""
    definitions = warehouse.rows(
        "select metric_id, rows_mart, rows_numerator, rows_denominator"
        " from marts.metric_definitions"
    )
    seen = set()
    for metric_id, mart, numerator, denominator in definitions:
        columns = columns_of(warehouse, mart)
        for segment in ("company", *segments_of(warehouse, metric_id, columns)):
            counted = (own_column(name, segment, columns) for name in (numerator, denominator))
            wrong = warehouse.rows(mismatches(mart, *counted, segment), metric_id)
            assert wrong == [], (metric_id, segment)
        seen |= {metric_id} if has_rows(warehouse, metric_id) else set()
    missing = {row[0] for row in definitions} - seen
    # No surveys, promises and control groups, and too short a history.
    promised = {"promise_kept_rate", "promise_gap", "promise_contact_lift"}
    tried = {"campaign_incremental_rate", "campaign_incremental_roi"}
    assert missing <= {"nps", "ces", "reactivation_rate", *promised, *tried}


def has_rows(warehouse: DbtWarehouse, metric_id: str) -> bool:
    return warehouse.rows(
        "select exists (select 1 from marts.scorecard where metric_id = %s and n > 0)", metric_id
    ) == [(True,)]


def columns_of(warehouse: DbtWarehouse, mart: str) -> set[str]:
    found = warehouse.rows(
        "select column_name from information_schema.columns"
        " where table_schema = 'marts' and table_name = %s",
        mart,
    )
    return {row[0] for row in found}


def segments_of(warehouse: DbtWarehouse, metric_id: str, columns: set[str]) -> set[str]:
    """Name the metric's segments that are columns of its mart."""
    found = warehouse.rows(
        "select distinct segment_name from marts.scorecard where metric_id = %s", metric_id
    )
    return {row[0] for row in found} & columns - definition.load().counted_otherwise


def own_column(name: str | None, segment: str, columns: set[str]) -> str | None:
    """Return the column that the segment's cards add up, where the whole's doesn't."""
    own = f"{name}_by_{segment}"
    return own if own in columns else name


def mismatches(mart: str, numerator: str, denominator: str | None, segment: str) -> str:
    """Write the query of cards whose rows don't add up."""
    value = "'all'" if segment == "company" else f"rows.{segment}"
    return f"""
        select card.period_start, card.segment_value, card.numerator, card.denominator
        from marts.scorecard as card
        left join (
            select
                period_start,
                {value} as segment_value,
                sum(cast(cast({numerator} as text) as {kind(numerator)})) as numerator,
                sum(cast(cast({denominator or "null"} as text) as {kind(denominator)}))
                    as denominator
            from marts.{mart} as rows
            group by 1, 2
        ) as summed using (period_start, segment_value)
        where
            card.metric_id = %s
            and card.segment_name = '{segment}'
            and (
                coalesce(card.numerator, 0) <> round(coalesce(summed.numerator, 0), 6)
                or (
                    '{denominator or ""}' <> ''
                    and card.denominator <> round(coalesce(summed.denominator, 0), 6)
                )
            )
    """.replace("as boolean)", "as boolean)::int")


def kind(column: str | None) -> str:
    """Columns that say yes or no count as 1 or 0."""
    return "boolean" if column and column.startswith(("is_", "has_")) else "numeric"


def assert_waits_are_those_of_the_raw_rows(warehouse: DbtWarehouse, company: Company) -> None:
    """Compare each month's median with the textbook formula over the raw tickets."""
    found = warehouse.rows(
        "select period_start, value, numerator, denominator from intermediate.int_wait_measures"
        " where metric_id = 'first_reply_time' and segment_name = 'company'"
    )
    waits = company.ticket_waits()
    assert {row[0] for row in found} == waits.keys()
    for month, value, numerator, denominator in found:
        expected = kaplan_meier_median(waits[month])
        assert (value is None) == (expected is None), month
        if expected is not None:
            assert float(value) == pytest.approx(expected), month
        assert int(numerator) == sum(is_answered for _, is_answered in waits[month]), month
        assert int(denominator) == len(waits[month]), month


def kaplan_meier_median(waits: list[tuple[float, bool]]) -> float | None:
    """Multiply the shares that stay; one censored at a time is still at risk at it."""
    survival = 1.0
    for time in sorted({wait for wait, is_answered in waits if is_answered}):
        at_risk = sum(wait >= time for wait, _ in waits)
        answered = sum(wait == time and is_answered for wait, is_answered in waits)
        survival *= 1 - answered / at_risk
        if survival <= 0.5 + 1e-9:
            return time
    return None


def assert_rates_are_those_of_the_raw_rows(warehouse: DbtWarehouse, company: Company) -> None:
    measures = {
        (metric, month): float(value)
        for metric, month, value in warehouse.rows(
            "select metric_id, period_start, value from marts.scorecard"
            " where segment_name = 'company' and value is not null"
        )
    }
    for month, scores in company.scores().items():
        key = ("csat", month)
        if key in measures:
            assert measures[key] == pytest.approx(100 * mean(score >= 4 for score in scores))
    assert any(metric == "csat" for metric, _ in measures)
    roi = {month: value for (metric, month), value in measures.items() if metric == "campaign_roi"}
    for month, value in roi.items():
        assert value == pytest.approx(company.return_of(month)), month
    assert len(roi) > 6
    assert measures[("cost_per_person_reached", date(2025, 5, 1))] == pytest.approx(
        company.spend_of(date(2025, 5, 1)) / company.reached_in(date(2025, 5, 1))
    )


def assert_tickets_are_those_of_the_raw_rows(warehouse: DbtWarehouse, company: Company) -> None:
    """Count the tickets that came, and those that were unsolved at the ends of months."""
    found = {
        (metric, month): int(value)
        for metric, month, value in warehouse.rows(
            "select metric_id, period_start, value from marts.scorecard"
            " where segment_name = 'company' and metric_id in ('ticket_volume', 'backlog')"
        )
    }
    opened, unsolved = company.tickets_opened(), company.tickets_unsolved()
    assert found == {
        **{("ticket_volume", month): count for month, count in opened.items()},
        **{("backlog", month): count for month, count in unsolved.items()},
    }
    assert len(unsolved) > 12


def assert_figures_are_those_of_the_raw_rows(
    warehouse: DbtWarehouse, figures: Mapping[str, Figures]
) -> None:
    """Compare what each month's figure was made of, where there was anything to count."""
    for metric_id, wanted in figures.items():
        rows = warehouse.rows(
            "select period_start, numerator, denominator from marts.scorecard"
            " where segment_name = 'company' and metric_id = %s and n > 0",
            metric_id,
        )
        found = {
            month: tuple(None if part is None else float(part) for part in parts)
            for month, *parts in rows
        }
        assert found == wanted, metric_id
        assert found, metric_id


def assert_engagement_is_that_of_the_raw_rows(warehouse: DbtWarehouse, company: Company) -> None:
    """Compare each network's own figures: there is none over all of them."""
    rows = warehouse.rows(
        "select period_start, segment_value, numerator, denominator from marts.scorecard"
        " where metric_id = 'engagement_rate' and n > 0"
    )
    found = {(month, network): (did, shown) for month, network, did, shown in rows}
    assert found == engagement_figures(company)


def assert_owners_are_those_of_the_one_target(warehouse: DbtWarehouse) -> None:
    """Both departments answer for csat from January on, and for nothing else."""
    rows = warehouse.rows(
        "select period_start, numerator, denominator from marts.scorecard"
        " where metric_id = 'joint_ownership_share' order by period_start"
    )
    metrics = len(catalogue.read())
    assert rows == [(date(2025, month, 1), 1, metrics) for month in range(1, 7)]


def assert_what_is_about_no_campaign_is_no_campaign(warehouse: DbtWarehouse) -> None:
    query = "select count(*) from marts.scorecard where segment_name = 'campaign'"
    assert warehouse.rows(query) != [(0,)]
    assert warehouse.rows(f"{query} and segment_value = 'none'") == [(0,)]
