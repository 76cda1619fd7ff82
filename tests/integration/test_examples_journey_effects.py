"""Risk: on a real archive of campaigns a matched comparison says something else than the files do.

Everything expected is computed here from the raw files, household by household. What is drawn is
read from the warehouse: which of its cases' instants each of the others is compared as of.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import hypot, sqrt

import numpy as np
import pandas as pd
import pytest

from tests.fixtures.example_archives import DATA, Example, built_example, needs_archives

pytestmark = [pytest.mark.shared, pytest.mark.postgres, needs_archives]

FOLDER = DATA / "complete_journey"
ZONE = "America/New_York"
AS_OF = pd.Timestamp("2018-01-01", tz=ZONE)
YEAR, QUARTER = pd.Timedelta(days=365), pd.Timedelta(days=90)
ACTIVE = pd.Timedelta(days=90)  # activity_window_days of the example
OUTCOMES = ("ordered_within_90_days", "active_after_90_days")


@dataclass(frozen=True)
class Effect:
    """What a comparison comes to: persons, what was dropped, points and their interval."""

    cases: int
    others: int
    matched: int
    dropped: str
    points: float
    low: float
    high: float


@pytest.fixture(scope="module")
def example(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    dbt_folder = tmp_path_factory.getbasetemp() / "dbt"
    with built_example("complete_journey", server_url, dbt_folder) as built:
        yield built


@pytest.fixture(scope="module")
def baskets() -> dict[str, pd.DataFrame]:
    """Give the baskets of each household: when, and for how many dollars."""
    lines = pd.read_csv(FOLDER / "transactions_sample.csv.gz", dtype={"household_id": str})
    lines["at"] = pd.to_datetime(lines.transaction_timestamp, utc=True)
    found = lines.groupby(["household_id", "basket_id"]).agg(
        at=("at", "last"), dollars=("sales_value", "sum")
    )
    return {name: each.sort_values("at") for name, each in found.groupby("household_id")}


@pytest.fixture(scope="module")
def sends() -> pd.DataFrame:
    """Give the first send to each household in each month: household, month, instant."""
    starts = pd.read_csv(FOLDER / "campaign_descriptions.csv.gz", dtype=str)
    sent = pd.read_csv(FOLDER / "campaigns.csv.gz", dtype=str).merge(starts, on="campaign_id")
    sent["day"] = pd.to_datetime(sent.start_date)
    sent["month"] = sent.day.dt.to_period("M").dt.to_timestamp()
    sent["at"] = sent.day.dt.tz_localize(ZONE).dt.tz_convert("UTC")
    return sent.groupby(["month", "household_id"]).at.min().reset_index()


@pytest.fixture(scope="module")
def ages() -> dict[str, str]:
    known = pd.read_csv(FOLDER / "demographics.csv.gz", dtype=str)
    return dict(zip(known.household_id, known.age, strict=True))


def compared(example: Example, month: date) -> pd.DataFrame:
    """Return who is compared in a month, as of which instant, and who got something."""
    rows = example.rows(
        "select split_part(links.customer_key, ':', 2), subjects.happened_at, subjects.had_it"
        " from intermediate.int_comparison_subjects as subjects"
        " inner join intermediate.int_comparisons as comparisons using (comparison_number)"
        " inner join intermediate.int_person_links as links using (person_number)"
        f" where comparisons.event = 'marketing' and comparisons.period_start = '{month}'"
    )
    found = pd.DataFrame(rows, columns=["household", "at", "had_it"])
    return found.assign(at=pd.to_datetime(found["at"], utc=True), had_it=found.had_it.astype(bool))


def known(orders: pd.DataFrame, at: pd.Timestamp) -> dict[str, object] | None:
    """Return what was known of a household before an instant, and what came of it."""
    before, later = orders[orders["at"] < at], orders[orders["at"] > at]
    if before.empty:
        return None
    year = before[before["at"] >= at - YEAR]
    days = (at - before["at"].max()).days
    upto = orders[orders["at"] <= at + QUARTER]
    return {
        "recency": next((end for end in (30, 90, 180, 365) if days <= end), 366),
        "frequency": 4 if len(year) >= 4 else 2 if len(year) >= 2 else len(year),
        "spend": round(year.dollars.sum(), 2),
        "ordered_within_90_days": bool((later["at"] <= at + QUARTER).any()),
        "active_after_90_days": bool(upto["at"].max() > at + QUARTER - ACTIVE),
    }


def histories(
    subjects: pd.DataFrame,
    baskets: dict[str, pd.DataFrame],
    ages: dict[str, str],
    begin: pd.Timestamp,
) -> pd.DataFrame:
    """Return what was known of each; thirds are those of all customers when the month began."""
    rows = []
    for each in subjects.itertuples():
        found = known(baskets[each.household], each.at)
        if found is not None:
            rows.append({"had_it": each.had_it, "age": ages.get(each.household, "?"), **found})
    table = pd.DataFrame(rows)
    spent = [found["spend"] for each in baskets.values() if (found := known(each, begin))]
    low, high = np.quantile(spent, (1 / 3, 2 / 3), method="inverted_cdf") if spent else (-1, -1)
    return table.assign(third=1 + (table.spend > low).astype(int) + (table.spend > high))


def wilson(share: float, n: float) -> tuple[float, float]:
    z = 1.959964
    middle = share + z * z / (2 * n)
    around = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - around) / (1 + z * z / n), (middle + around) / (1 + z * z / n)


def effect(table: pd.DataFrame, outcome: str) -> Effect | None:
    """Return the difference by strata with Newcombe's interval, as the definition has it."""
    cases = int(table.had_it.sum())
    traits = ["recency", "frequency", "third", "age"]
    for kept, dropped in ((4, "nothing"), (3, "generation"), (2, "generation, money")):
        had_it, had_not = (
            table[table.had_it == side].groupby(traits[:kept])[outcome].agg(["sum", "count"])
            for side in (True, False)
        )
        strata = had_it.add_suffix("_had").join(had_not.add_suffix("_others"), how="inner")
        matched = int(strata.count_had.sum())
        if 5 * matched >= 4 * cases and matched >= 30:
            weights = strata.count_had / matched
            had = strata.sum_had.sum() / matched
            others = float((weights * strata.sum_others / strata.count_others).sum())
            n = 1 / float((weights**2 / strata.count_others).sum())
            (low, high), (other_low, other_high) = wilson(had, matched), wilson(others, n)
            return Effect(
                cases,
                len(table) - cases,
                matched,
                dropped,
                100 * (had - others),
                100 * (had - others - hypot(had - low, other_high - others)),
                100 * (had - others + hypot(high - had, others - other_low)),
            )
    return None


def test_who_is_compared_got_something_or_did_not(
    example: Example, baskets: dict[str, pd.DataFrame], sends: pd.DataFrame
) -> None:
    for month, sent in sends[sends.month < "2017-09-01"].groupby("month"):
        subjects = compared(example, month.date())
        instants = dict(zip(sent.household_id, sent["at"], strict=True))
        got = subjects[subjects.had_it]
        first = {name: each["at"].min() for name, each in baskets.items()}
        ends = (month + pd.offsets.MonthBegin()).tz_localize(ZONE)
        customers = {name for name, at in first.items() if at < ends}
        assert {*got.household} == {*instants} & customers
        assert all(instants[each.household] == each.at for each in got.itertuples())
        others = subjects[~subjects.had_it]
        assert not {*others.household} & {*instants}
        assert {*others.household} <= customers
        assert {*others["at"]} <= {*got["at"]}


def test_what_campaigns_do_to_orders_and_activity(
    example: Example, baskets: dict[str, pd.DataFrame], ages: dict[str, str]
) -> None:
    published = {
        (row[0], row[1]): row[2:]
        for row in example.rows(
            "select period_start, outcome, compared_count, others_count, matched_count, dropped,"
            " effect, ci_low, ci_high from published.matched_comparisons"
            " where event = 'marketing' and is_comparable"
        )
    }
    judged = 0
    for month in pd.date_range("2017-01-01", "2017-12-01", freq="MS"):
        if (month + pd.offsets.MonthBegin() + QUARTER).tz_localize(ZONE) >= AS_OF:
            continue
        subjects = compared(example, month.date())
        begin = month.tz_localize(ZONE)
        table = histories(subjects, baskets, ages, begin) if len(subjects) else None
        for outcome in OUTCOMES:
            expected = effect(table, outcome) if table is not None else None
            found = published.get((month.date(), outcome))
            assert (found is None) == (expected is None), (month, outcome)
            if found is not None and expected is not None:
                judged += 1
                assert found[:4] == (
                    expected.cases,
                    expected.others,
                    expected.matched,
                    expected.dropped,
                )
                figures = (expected.points, expected.low, expected.high)
                assert tuple(map(float, found[4:])) == pytest.approx(figures, abs=1e-5)
    assert judged >= 8
