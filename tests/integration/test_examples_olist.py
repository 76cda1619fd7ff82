"""Risk: of real deliveries and reviews the scorecard says something else than the files do.

Everything expected is counted here from the raw files, by another way than Concord's.
"""

from collections.abc import Iterator

import pandas as pd
import pytest

from tests.fixtures.example_archives import DATA, Example, built_example, needs_archives

pytestmark = [pytest.mark.shared, pytest.mark.postgres, needs_archives]

FOLDER = DATA / "olist"
YEAR = pd.Timedelta(days=365)
END = pd.Timestamp("2018-09-01")
NEVER_SOLD = ("canceled", "unavailable")
MONTHS = pd.date_range("2016-09-01", "2018-08-01", freq="MS")


@pytest.fixture(scope="module")
def example(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    dbt_folder = tmp_path_factory.getbasetemp() / "dbt"
    with built_example("olist", server_url, dbt_folder) as built:
        yield built


def read(file: str, *times: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"olist_{file}_dataset.csv.gz", parse_dates=list(times))


@pytest.fixture(scope="module")
def promises() -> pd.DataFrame:
    """Give one row per order of the file: its person, when it was due, and when it came."""
    orders = read(
        "orders",
        "order_purchase_timestamp",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ).merge(read("customers"), on="customer_id")
    orders = orders.rename(
        columns={
            "customer_unique_id": "person",
            "order_purchase_timestamp": "placed",
            "order_delivered_customer_date": "came",
            "order_estimated_delivery_date": "due",
        }
    )
    orders["month"] = month_of(orders.placed)
    orders["is_late"] = orders.came > orders.due
    return orders


@pytest.fixture(scope="module")
def sales(promises: pd.DataFrame) -> pd.DataFrame:
    """Give the orders that were sold, with price and freight of their items."""
    items = read("order_items")
    paid = (items.price + items.freight_value).groupby(items.order_id).sum().rename("paid")
    sold = promises.merge(paid, left_on="order_id", right_index=True)
    return sold[~sold.order_status.isin(NEVER_SOLD) & (sold.placed < END)]


@pytest.fixture(scope="module")
def reviews(promises: pd.DataFrame) -> pd.DataFrame:
    answered = read("order_reviews", "review_answer_timestamp")
    return answered.merge(promises, on="order_id")


def month_of(times: pd.Series) -> pd.Series:
    return times.dt.to_period("M").dt.to_timestamp()


def instants(times: pd.Series) -> pd.Series:
    return times.dt.tz_localize("America/Sao_Paulo", ambiguous=True, nonexistent="shift_forward")


def after(month: pd.Timestamp) -> pd.Timestamp:
    return month + pd.offsets.MonthBegin()


def active(sales: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """Count the orders of each person in the 365 days that end before `end`."""
    days = sales.placed.dt.normalize()
    return sales[(days >= end - YEAR) & (days < end)].groupby("person").size()


def test_every_row_of_the_files_arrives(example: Example) -> None:
    files = {
        "customers": "customers",
        "customer_identities": "customers",
        "orders": "order_items",
        "tickets": "orders",
        "satisfaction_ratings": "order_reviews",
    }
    left_out = {"orders": 1, "tickets": 20, "satisfaction_ratings": 98}
    for entity, file in files.items():
        (part,) = example.parts["olist", entity]
        assert (part.received, part.quarantined) == (len(read(file)), 0), entity
        assert part.filtered == left_out.get(entity, 0), entity
        assert part.loaded + part.folded == part.received - part.filtered, entity


def test_a_person_has_several_customer_records(example: Example, sales: pd.DataFrame) -> None:
    ((orders, persons, paid),) = example.rows(
        "select count(*), count(distinct person_number), sum(net_amount)"
        " from intermediate.int_orders"
    )
    assert (orders, persons) == (len(sales), sales.person.nunique())
    assert persons < sales.customer_id.nunique()
    assert float(paid) == pytest.approx(sales.paid.sum())


def test_late_orders_are_reviewed_worse(example: Example, reviews: pd.DataFrame) -> None:
    """Of the whole file 2.50 and 4.28; what was answered after as_of isn't loaded."""
    came = reviews[reviews.came.notna()]
    whole = came.groupby("is_late").review_score.mean()
    assert (round(whole[True], 2), round(whole[False], 2)) == (2.50, 4.28)
    loaded = came[came.review_answer_timestamp < END].groupby("is_late").review_score
    found = example.rows("""
        select tickets.solved_at > tickets.solve_due_at, avg(ratings.score), count(*)
        from raw.satisfaction_ratings as ratings
        inner join raw.tickets as tickets on ratings.ticket_id = tickets.ticket_id
        where tickets.solved_at is not null
        group by 1
    """)
    means, counts = loaded.mean(), loaded.count()
    assert {is_late: n for is_late, _, n in found} == counts.to_dict()
    for is_late, mean, _ in found:
        assert float(mean) == pytest.approx(means[is_late])


def test_satisfaction_by_month(example: Example, reviews: pd.DataFrame) -> None:
    """Of several reviews of an order in a month the latest counts."""
    rated = reviews[reviews.review_answer_timestamp < END]
    rated = rated.assign(month=month_of(rated.review_answer_timestamp))
    rated = rated.sort_values(["review_answer_timestamp", "review_id"])
    latest = rated.drop_duplicates(["order_id", "month"], keep="last")
    counted = latest.groupby("month").review_score.agg([lambda it: (it >= 4).sum(), "count"])
    expected = {month.date(): tuple(row) for month, row in counted.T.items()}
    found = example.company("csat")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected


def test_share_delivered_on_time_by_month(example: Example, promises: pd.DataFrame) -> None:
    """What has not come counts as late once it is due, unless it was cancelled."""
    placed = promises[promises.placed < END]
    is_open = ~placed.order_status.isin((*NEVER_SOLD, "delivered"))
    judged = placed[placed.came.notna() | is_open & (placed.due < END)]
    expected = {
        month.date(): (int((group.came <= group.due).sum()), len(group))
        for month, group in judged.groupby("month")
    }
    found = example.company("sla_attainment")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected


def test_share_of_kept_promises_by_month(example: Example, sales: pd.DataFrame) -> None:
    """In the month in which an order came in time, or in which its time was up."""
    kept = sales.came <= sales.due
    decided = sales.came.where(kept, sales.due)
    judged = pd.DataFrame({"kept": kept, "month": month_of(decided)})[decided < END]
    counted = judged.groupby("month").kept.agg(["sum", "count"])
    expected = {month.date(): tuple(row) for month, row in counted.T.items()}
    found = example.company("promise_kept_rate")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected


def test_gap_to_the_estimated_day_by_month(example: Example, sales: pd.DataFrame) -> None:
    """Minutes that passed: on the day on which summer time begins there are 60 fewer."""
    came = sales[sales.came < END]
    minutes = (instants(came.came) - instants(came.due)).dt.total_seconds() / 60
    expected = minutes.groupby(month_of(came.came)).agg(["mean", "count"])
    found = example.rows(
        "select period_start, value, n from marts.scorecard where metric_id = 'promise_gap'"
        " and segment_value = 'estimated_day'"
    )
    assert {month: n for month, _, n in found} == {
        month.date(): n for month, n in expected["count"].items()
    }
    means = {month.date(): mean for month, mean in expected["mean"].items()}
    assert {month: float(value) for month, value, _ in found if value is not None} == {
        month: pytest.approx(mean)
        for month, mean in means.items()
        if expected["count"][pd.Timestamp(month)] >= 30
    }


def test_retention_by_month(example: Example, sales: pd.DataFrame) -> None:
    expected = {}
    for month in MONTHS:
        before, later = active(sales, month), active(sales, after(month))
        if month - YEAR >= sales.placed.min().normalize():
            expected[month.date()] = (len(before.index.intersection(later.index)), len(before))
    found = example.company("retention_rate")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected


def test_repeat_rate_by_month(example: Example, sales: pd.DataFrame) -> None:
    first = sales.groupby("person").placed.min().dt.normalize()
    expected = {}
    for month in MONTHS:
        end = after(month)
        bought = active(sales, end)
        watched = bought[bought.index.isin(first[first <= end - YEAR].index)]
        if len(watched):
            expected[month.date()] = (int((watched >= 2).sum()), len(watched))
    found = example.company("repeat_purchase_rate")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected


def test_new_customers_by_month(example: Example, sales: pd.DataFrame) -> None:
    cohort = month_of(sales.groupby("person").placed.min())
    found = example.company("new_customers")
    assert {month: it.n for month, it in found.items()} == {
        month.date(): int((cohort == month).sum()) for month in MONTHS
    }


def test_ten_cards_are_filled(example: Example) -> None:
    assert [card.state for card in example.cards()] == ["value"] * 10


def test_cards_without_data_say_what_they_need(example: Example) -> None:
    notes = example.notes()
    assert notes["nps"] == "no data: needs survey responses"
    assert notes["net_sentiment"] == "no data: needs messages"
    for metric in ("first_reply_time", "reopen_rate", "one_touch_rate", "campaign_roi"):
        assert notes[metric].startswith("no data: needs"), metric
