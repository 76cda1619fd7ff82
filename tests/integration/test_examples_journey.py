"""Risk: on a real archive of orders the scorecard says something else than the files do.

Everything expected is counted here from the raw files, by another way than Concord's.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from tests.fixtures.example_archives import DATA, Example, built_example, needs_archives

pytestmark = [pytest.mark.shared, pytest.mark.postgres, needs_archives]

FOLDER = DATA / "complete_journey"
WINDOW = pd.Timedelta(days=90)
MONTHS = pd.date_range("2017-01-01", "2017-12-01", freq="MS")
# Nobody can have lapsed before a whole window of the archive has passed.
JUDGED = [month for month in MONTHS if month - WINDOW >= pd.Timestamp("2017-01-01")]


@pytest.fixture(scope="module")
def example(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    dbt_folder = tmp_path_factory.getbasetemp() / "dbt"
    with built_example("complete_journey", server_url, dbt_folder) as built:
        yield built


@pytest.fixture(scope="module")
def baskets() -> pd.DataFrame:
    """Give one row per basket: household, day in New York, hour of the day in UTC, dollars."""
    lines = pd.read_csv(FOLDER / "transactions_sample.csv.gz", dtype={"household_id": str})
    moments = pd.to_datetime(lines.transaction_timestamp, utc=True)
    lines["hour"] = moments.dt.hour
    lines["day"] = moments.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.normalize()
    found = lines.groupby("basket_id").agg(
        household=("household_id", "first"),
        day=("day", "first"),
        hour=("hour", "first"),
        dollars=("sales_value", "sum"),
        weeks=("week", "nunique"),
    )
    return found.reset_index()


def active(baskets: pd.DataFrame, end: pd.Timestamp) -> Counter[str]:
    """Count the baskets of each household in the window that ends before `end`."""
    within = baskets[(baskets.day >= end - WINDOW) & (baskets.day < end)]
    return Counter(within.household)


def first_months(baskets: pd.DataFrame) -> pd.Series:
    return baskets.groupby("household").day.min().dt.to_period("M").dt.to_timestamp()


def after(month: pd.Timestamp) -> pd.Timestamp:
    return month + pd.offsets.MonthBegin()


def test_times_are_utc_for_only_so_do_weeks_begin_at_midnight_in_new_york() -> None:
    lines = pd.read_csv(FOLDER / "transactions_sample.csv.gz")
    utc = pd.to_datetime(lines.transaction_timestamp, utc=True)
    local = utc.dt.tz_convert("America/New_York")
    assert lines.groupby(local.dt.date).week.nunique().max() == 1
    assert lines.groupby(utc.dt.date).week.nunique().max() == 2


def test_every_line_of_the_files_arrives(example: Example) -> None:
    files = {
        "customers": "demographics",
        "orders": "transactions_sample",
        "order_lines": "transactions_sample",
        "campaigns": "campaign_descriptions",
        "campaign_touches": "campaigns",
    }
    for entity, file in files.items():
        with gzip.open(FOLDER / f"{file}.csv.gz", "rt", encoding="utf-8", newline="") as text:
            lines = sum(1 for _ in csv.reader(text)) - 1
        (part,) = example.parts["journey", entity]
        assert (part.received, part.loaded + part.folded) == (lines, lines), entity
        assert part.file == f"../../../shared/data/complete_journey/{file}.csv.gz"


def test_a_basket_is_an_order_and_a_household_a_person(
    example: Example, baskets: pd.DataFrame
) -> None:
    ((orders, persons, dollars),) = example.rows(
        "select count(*), count(distinct person_number), sum(net_amount)"
        " from intermediate.int_orders"
    )
    assert (orders, persons) == (len(baskets), baskets.household.nunique())
    assert float(dollars) == pytest.approx(baskets.dollars.sum())
    touched = pd.read_csv(FOLDER / "campaigns.csv.gz", dtype=str).household_id
    ((known,),) = example.rows("select count(*) from intermediate.int_persons")
    assert known == len({*baskets.household, *touched})


def test_retention_by_month(example: Example, baskets: pd.DataFrame) -> None:
    expected = {}
    for month in JUDGED:
        before, later = set(active(baskets, month)), set(active(baskets, after(month)))
        expected[month.date()] = (len(before & later), len(before))
    found = example.company("retention_rate")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected
    for month, (kept, had) in expected.items():
        assert found[month].value == pytest.approx(100 * kept / had)


def test_retention_by_age_band(example: Example, baskets: pd.DataFrame) -> None:
    demographics = pd.read_csv(FOLDER / "demographics.csv.gz", dtype=str)
    band = demographics.set_index("household_id").age
    month = pd.Timestamp("2017-12-01")
    before, later = set(active(baskets, month)), set(active(baskets, after(month)))
    had = Counter(band.get(each, "unknown") for each in before)
    kept = Counter(band.get(each, "unknown") for each in before & later)
    found = example.measures("retention_rate", "generation")
    assert set(had) == {*band, "unknown"}
    assert {
        name: (it.numerator, it.denominator)
        for (start, name), it in found.items()
        if start == month.date()
    } == {name: (kept[name], had[name]) for name in had}


def test_repeat_rate_by_month(example: Example, baskets: pd.DataFrame) -> None:
    first = baskets.groupby("household").day.min()
    expected = {}
    for month in MONTHS:
        end = after(month)
        watched = first[first <= end - WINDOW].index
        bought = {name: n for name, n in active(baskets, end).items() if name in watched}
        if bought:
            expected[month.date()] = (sum(n >= 2 for n in bought.values()), len(bought))
    found = example.company("repeat_purchase_rate")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected


def test_new_customers_and_their_cohorts(example: Example, baskets: pd.DataFrame) -> None:
    cohort = first_months(baskets)
    found = example.company("new_customers")
    assert {month: it.n for month, it in found.items()} == {
        month.date(): int((cohort == month).sum()) for month in MONTHS
    }
    months = baskets.day.dt.to_period("M").dt.to_timestamp()
    third = example.company("cohort_retention")
    for month in MONTHS[3:]:
        members = set(cohort[cohort == month - pd.DateOffset(months=3)].index)
        again = members & set(baskets[months == month].household)
        measure = third[month.date()]
        assert (measure.numerator, measure.denominator) == (len(again), len(members)), month


def test_a_redemption_marks_the_baskets_of_its_day(example: Example, baskets: pd.DataFrame) -> None:
    redeemed = pd.read_csv(FOLDER / "coupon_redemptions.csv.gz", dtype=str)
    first = redeemed.drop_duplicates(["household_id", "redemption_date"])
    of_day = first.set_index(["household_id", "redemption_date"]).campaign_id.to_dict()
    days = zip(baskets.household, baskets.day.dt.strftime("%Y-%m-%d"), strict=True)
    campaign = pd.Series([of_day.get(each) for each in days])
    in_the_day = campaign[baskets.hour >= 5].dropna()
    expected = Counter(f"journey:{each}" for each in in_the_day)
    assert campaign.notna().sum() > len(in_the_day) > 0.8 * campaign.notna().sum()
    query = "select campaign, sum(attributed_order_count) from marts.campaign_results group by 1"
    assert {name: n for name, n in example.rows(query) if n} == expected


def test_a_campaign_is_sent_on_its_first_day(example: Example) -> None:
    starts = pd.read_csv(FOLDER / "campaign_descriptions.csv.gz", dtype=str)
    sends = pd.read_csv(FOLDER / "campaigns.csv.gz", dtype=str)
    expected = Counter(sends.merge(starts, on="campaign_id").start_date)
    zone = example.settings.company.time_zone
    day = f"(sent_at at time zone '{zone}')::date"
    query = f"select {day}, count(*) from intermediate.int_sends group by 1"
    assert {str(day): n for day, n in example.rows(query)} == expected


def test_cards_without_data_say_what_they_need(example: Example) -> None:
    notes = example.notes()
    shown = {"retention_rate", "repeat_purchase_rate", "rfm_segment", "reactivation_rate"}
    assert {notes[metric] for metric in shown} == {""}
    assert notes["nps"] == "no data: needs survey responses"
    assert notes["csat"] == "no data: needs satisfaction ratings"
    assert notes["net_sentiment"] == "no data: needs messages"
    for metric in ("first_reply_time", "campaign_roi", "cost_per_person_reached"):
        assert notes[metric].startswith("no data: needs"), metric
    assert date(2017, 12, 1) in example.company("retention_rate")


def test_six_cards_are_filled(example: Example) -> None:
    states = [card.state for card in example.cards()]
    assert sorted(states) == ["suppressed", *["value"] * 5]
