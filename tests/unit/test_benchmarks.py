"""Risk: the benchmarks rot unseen, a ratio is computed the wrong way round, or the SQL that our
figures are compared with is wrong itself."""

import json
import tomllib
from datetime import datetime
from math import sqrt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import comparisons, crises, demo, loading, orders, placebos, reference, sources
from benchmarks.company import Run
from benchmarks.exports import ENTITIES, Exports
from benchmarks.finding import Finding, Verdict, at_least, at_most, within
from benchmarks.vendors import VENDORS, Zendesk
from ingestion import contract

MAKEFILE = Path(__file__).parents[2] / "Makefile"
TINY = 0.001


def by_words(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    exports = Exports(tmp_path_factory.mktemp("company") / "exports", TINY)
    exports.write_history()
    exports.write_day(1)
    return exports


def test_an_aim_is_judged_from_its_own_side() -> None:
    assert at_least(0.5).judge(0.6) is Verdict.MET
    assert at_least(0.5).judge(0.4) is Verdict.MISSED
    assert at_most(10).judge(9) is Verdict.MET
    assert at_most(10).judge(11) is Verdict.MISSED
    judged = [within(2, 8, " %").judge(value) for value in (1.9, 2, 8, 8.1)]
    assert judged == [Verdict.MISSED, Verdict.MET, Verdict.MET, Verdict.MISSED]
    assert str(within(2, 8, " %")) == "2 to 8 %"
    assert Finding("a", "b", 1, " s").verdict is Verdict.COMPARED


def test_a_source_half_as_fast_as_copy_has_the_ratio_one_half() -> None:
    seconds = {"source": [4, 10, 4], "keyed COPY": [2, 2, 9], "bare COPY": [1, 1, 1]}
    found = by_words(loading._findings(seconds, 1000))
    assert found["speed beside COPY into the same key"].value == 0.5
    assert found["speed beside COPY without a key"].value == 0.25
    assert found["rows a second, of 1,000"].value == 250


def test_a_connector_thrice_as_fast_as_dlt_has_the_ratio_three() -> None:
    seconds = {"connector": [2, 9, 2], "COPY": [1, 1, 1]}
    seconds |= {"dlt": [6, 6, 6], "dlt, nested as JSON": [4, 4, 4]}
    found = by_words(sources._findings("zendesk", seconds, 1000))
    assert found["zendesk, speed beside dlt"].value == 3
    assert found["zendesk, beside dlt with what is nested as JSON"].value == 2
    assert found["zendesk, beside COPY of the same rows"].value == 0.5
    assert found["zendesk, records a second, of 1,000"].value == 500


@pytest.mark.parametrize("kind", VENDORS)
def test_a_vendor_gives_each_record_once_and_a_time_its_own(kind: str) -> None:
    vendor = VENDORS[kind](1_203)
    for name, listing in vendor.lists.items():
        records, start, has_more = [], 0, True
        while has_more:
            page, start, has_more = listing.page(start)
            records += json.loads(page)
        keys = {each.get("id") or each["legacyResourceId"] for each in records}
        assert len(keys) == len(records) == listing.length, name


def test_a_vendor_that_is_asked_from_a_time_on_begins_with_the_record_of_that_time() -> None:
    vendor = Zendesk(100, size=10)
    path = "/api/v2/incremental/tickets/cursor"
    known = json.loads(vendor.answer(path, {"start_time": "0"}, b"") or b"")["tickets"]
    asked = {"start_time": str(known[7]["generated_timestamp"])}
    found = json.loads(vendor.answer(path, asked, b"") or b"")["tickets"]
    assert (found[0]["id"], len(found)) == (known[7]["id"], 10)


def test_every_second_of_a_run_belongs_to_one_part_of_it() -> None:
    steps = {
        "raw__exports": 1,
        "raw__exports_arrival": 2,
        "staging": 3,
        "analytics__text_scores": 4,
        "analytics__identifiers": 1,
        "paths": 2,
        "analytics__credit_effects": 1,
        "analytics__crises": 1,
        "intermediate": 5,
        "marts": 6,
        "marts__scorecard_publishable": 7,
        "published__scorecard": 8,
        "published__page": 9,
    }
    assert Run(55, steps).parts == {
        "gates": 9,
        "loading": 1,
        "dbt": 16,
        "scoring of texts": 4,
        "normalising of identifiers": 1,
        "credit and crises": 2,
        "publication": 8,
        "other steps": 9,
        "outside the steps": 5,
    }
    with pytest.raises(ValueError, match="renamed"):
        _ = Run(50, {"renamed": 1}).parts


def test_the_benchmarked_file_holds_as_many_different_orders_as_asked_for(tmp_path: Path) -> None:
    orders.write(tmp_path / "orders.csv", 10_001)
    lines = (tmp_path / "orders.csv").read_text().splitlines()
    assert [name.strip('"') for name in lines[0].split(",")] == list(orders.COLUMNS)
    assert len({line.split(",")[0] for line in lines[1:]}) == 10_001


@pytest.mark.parametrize("entity", ENTITIES)
def test_exports_hold_rows_of_the_contract_each_once(exports: Exports, entity: str) -> None:
    rows = pa.concat_tables(map(pq.read_table, exports.folder.glob(f"{entity}-*.parquet")))
    known = contract.ENTITIES[entity]
    assert set(rows.column_names) <= {column.name for column in known.columns}
    keys = rows.select(list(known.key)).to_pylist()
    assert len({tuple(key.values()) for key in keys}) == len(keys) > 0


def test_a_days_rows_are_of_that_day_and_the_history_of_before(exports: Exports) -> None:
    for number, begins in ((0, datetime(2023, 11, 1)), (1, datetime(2026, 11, 1))):
        ends = exports.clock(number)
        for entity, column in (("orders", "ordered_at"), ("messages", "sent_at")):
            moments = pq.read_table(exports.folder / f"{entity}-{number}.parquet")[column]
            assert all(
                begins.replace(tzinfo=ends.tzinfo) <= each < ends for each in moments.to_pylist()
            )


def test_the_configurations_hold_what_they_are_asked_to(exports: Exports) -> None:
    clock = exports.clock(1).isoformat()
    own = tomllib.loads(exports.configuration(("orders",)).replace("{as_of}", clock))
    assert [each["entity"] for each in own["sources"]["exports"]["entities"]] == ["orders"]
    shown = tomllib.loads(demo.configuration(200).replace("{as_of}", clock))
    assert shown["company"]["as_of"] == own["company"]["as_of"] == exports.clock(1)
    assert shown["demo"]["persons"] == 200


def test_the_hand_written_sql_gives_what_is_counted_by_hand(tmp_path: Path) -> None:
    """Ann orders three times, Bob once and is refunded a part, Cy once, too long ago."""
    names = ("order_id", "customer_id", "ordered_at", "brand", "channel", "gross", "refunded")
    rows = [
        ("1", "Cy", "2024-12-01", "Alpha", "web", 4, 0),
        ("2", "Ann", "2025-01-10", "Alpha", "web", 10, 0),
        ("3", "Bob", "2025-01-15", "Beta", "app", 8, 3),
        ("4", "Ann", "2025-03-05", "Beta", "web", 20, 0),
        ("5", "Ann", "2026-01-20", "Alpha", "store", 5, 0),
        ("6", None, "2026-01-21", "Alpha", "store", 99, 0),
    ]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    columns["ordered_at"] = [datetime.fromisoformat(day) for day in columns["ordered_at"]]
    columns["gross_amount"], columns["refunded_amount"] = (
        columns.pop("gross"),
        columns.pop("refunded"),
    )
    pq.write_table(pa.table(columns), tmp_path / "orders-0.parquet")
    found = reference.figures(tmp_path / "orders-*.parquet")
    january = {
        (*key[:1], *key[2:]): figure for key, figure in found.items() if key[1] == "2026-01-01"
    }
    assert january == {
        ("retention_rate", "company", "all"): (1, 2),
        ("retention_rate", "brand", "Beta"): (1, 2),
        ("retention_rate", "channel", "web"): (1, 1),
        ("retention_rate", "channel", "app"): (0, 1),
        ("repeat_purchase_rate", "company", "all"): (1, 1),
        ("repeat_purchase_rate", "brand", "Beta"): (1, 1),
        ("repeat_purchase_rate", "channel", "web"): (1, 1),
        ("net_revenue_retention", "company", "all"): (5, 15),
        ("net_revenue_retention", "brand", "Alpha"): (5, 10),
        ("net_revenue_retention", "brand", "Beta"): (0, 5),
        ("net_revenue_retention", "channel", "web"): (0, 10),
        ("net_revenue_retention", "channel", "app"): (0, 5),
        ("cohort_retention", "month_k", "12"): (1, 2),
    }
    assert found["cohort_retention", "2025-03-01", "brand", "Alpha"] == (0, 1)
    assert found["cohort_retention", "2025-03-01", "month_k", "2"] == (1, 2)


def test_a_figure_that_is_wrong_missing_or_too_much_is_named() -> None:
    row = {"metric_id": "retention_rate", "period_start": "2026-01-01", "segment_value": "all"}
    row |= {"segment_name": "company", "numerator": 1.0, "denominator": 2.0}
    key = ("retention_rate", "2026-01-01", "company", "all")
    ours = reference.exported([row, row | {"segment_name": "generation"}])
    assert ours == {key: (1, 2)}
    assert reference.differences(ours, {key: (1, 2)}) == []
    for theirs in ({key: (2.0, 2.0)}, {}, {key: (1.0, 2.0), ("csat", "", "", ""): (1.0, 1.0)}):
        assert len(reference.differences(ours, theirs)) == 1
    assert reference.exported([row | {"denominator": 0.0, "numerator": 0.0}]) == {}


def test_simulated_bursts_are_found_and_quiet_days_are_quiet() -> None:
    found = by_words(list(crises._findings(crises.SERIES[0], 50)))
    name = crises.SERIES[0].name
    within = [found[f"found within {hours} h, {name}"].value for hours in (1, 2, 3)]
    assert 50 < within[0] <= within[1] <= within[2] <= 100
    assert within[2] > 85
    assert found[f"false alarms in 30 days, {name}"].value < 0.4


def test_what_was_known_before_a_placebo_is_what_counts() -> None:
    done = placebos.Happenings(np.array([0, 0, 0, 2]), np.array([-400.0, -3.0, 5.0, 1.0]))
    at = np.array([5.0, 9.0, 1.0])
    assert done.before(at).tolist() == [2, 0, 0]
    assert done.before(at, 365).tolist() == [1, 0, 0]
    assert done.last(at).tolist() == [-3, -np.inf, -np.inf]


def test_a_placebo_hangs_on_what_was_known_before_it() -> None:
    company = placebos.company(seed=1, persons=50_000)
    assert list(company.events) == list(placebos.LIKELIHOODS)
    assert min(len(each.person) for each in company.events.values()) > 3_000
    ordered = company.orders.before(np.zeros(50_000), 365)
    hit = company.events["orders, all of them"].person
    assert ordered[hit].mean() > 1.5 * ordered.mean()
    again = placebos.company(seed=1, persons=50_000)
    assert np.array_equal(again.orders.day, company.orders.day)
    assert not np.array_equal(placebos.company(2, 50_000).generation, company.generation)


def test_intervals_without_0_are_counted_on_both_sides() -> None:
    bounds, outcome = [(1, 3), (-3, -1), (-2, 2), (-1, 5)], "spent_within_90_days"
    effects = [comparisons.Effect("e", outcome, (a + b) / 2, a, b, a > 0) for a, b in bounds]
    found = {each.what.split(",")[0]: each.value for each in comparisons._findings(effects)}
    assert found.pop("its standard error") == pytest.approx(sqrt(11 / 12))
    assert found == {
        "intervals without 0": 50,
        "of them above 0": 25,
        "mean effect": 0.5,
        "with a warning of imbalance": 25,
    }


def test_make_bench_runs_the_benchmarks() -> None:
    assert "python -m benchmarks" in MAKEFILE.read_text()
