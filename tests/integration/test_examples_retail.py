"""Risk: of invoices with cancellations and guests the scorecard says something else than the file.

Everything expected is counted here from the raw file, by another way than Concord's.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from tests.fixtures.example_archives import DATA, Example, built_example, needs_archives

pytestmark = [pytest.mark.shared, pytest.mark.postgres, needs_archives]

FILE = DATA / "online_retail" / "online_retail.csv.gz"
WINDOW = pd.Timedelta(days=90)
MONTHS = pd.date_range("2010-12-01", "2011-11-01", freq="MS")
# Nobody can have lapsed before a whole window of the archive has passed.
JUDGED = [month for month in MONTHS if month - WINDOW >= pd.Timestamp("2010-12-01")]


@pytest.fixture(scope="module")
def example(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    dbt_folder = tmp_path_factory.getbasetemp() / "dbt"
    with built_example("online_retail", server_url, dbt_folder) as built:
        yield built


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    return pd.read_csv(FILE, dtype={"InvoiceNo": str, "CustomerID": str})


@pytest.fixture(scope="module")
def invoices(lines: pd.DataFrame) -> pd.DataFrame:
    """Give one row per invoice with a price: customer (or none), day, pounds."""
    priced = lines[(lines.UnitPrice > 0) & ~lines.InvoiceNo.str.startswith("A")]
    priced = priced.assign(
        pounds=priced.Quantity * priced.UnitPrice,
        day=pd.to_datetime(priced.InvoiceDate).dt.normalize(),
    )
    return priced.groupby("InvoiceNo", as_index=False).agg(
        customer=("CustomerID", "first"), day=("day", "min"), pounds=("pounds", "sum")
    )


@pytest.fixture(scope="module")
def purchases(invoices: pd.DataFrame) -> pd.DataFrame:
    """Give the invoices of known customers that aren't cancellations."""
    return invoices[invoices.customer.notna() & ~invoices.InvoiceNo.str.startswith("C")]


def active(purchases: pd.DataFrame, end: pd.Timestamp) -> Counter[str]:
    """Count the purchases of each customer in the window that ends before `end`."""
    within = purchases[(purchases.day >= end - WINDOW) & (purchases.day < end)]
    return Counter(within.customer)


def after(month: pd.Timestamp) -> pd.Timestamp:
    return month + pd.offsets.MonthBegin()


def test_every_line_of_the_file_arrives(example: Example, lines: pd.DataFrame) -> None:
    no_sale = (lines.UnitPrice <= 0) | lines.InvoiceNo.str.startswith("A")
    filtered = {"customers": lines.CustomerID.isna(), "orders": no_sale}
    for entity, is_filtered in filtered.items():
        (part,) = example.parts["invoices", entity]
        assert (part.received, part.quarantined) == (len(lines), 0), entity
        assert part.filtered == is_filtered.sum(), entity
        assert part.loaded + part.folded == (~is_filtered).sum(), entity


def test_an_invoice_is_an_order_and_a_cancellation_a_return(
    example: Example, invoices: pd.DataFrame
) -> None:
    is_cancelled = invoices.InvoiceNo.str.startswith("C")
    query = """
        select is_return, count(*), count(*) filter (where person_number is null), sum(net_amount)
        from intermediate.int_orders group by 1
    """
    found = {is_return: row for is_return, *row in example.rows(query)}
    for is_return, group in invoices.groupby(is_cancelled):
        orders, guests, pounds = found[is_return]
        assert (orders, guests) == (len(group), group.customer.isna().sum())
        assert float(pounds) == pytest.approx(group.pounds.sum())


def test_persons_are_the_customers_of_the_file(example: Example, lines: pd.DataFrame) -> None:
    ((persons,),) = example.rows("select count(*) from intermediate.int_persons")
    assert persons == lines.CustomerID.nunique()


def test_retention_by_month(example: Example, purchases: pd.DataFrame) -> None:
    expected = {}
    for month in JUDGED:
        before, later = set(active(purchases, month)), set(active(purchases, after(month)))
        expected[month.date()] = (len(before & later), len(before))
    found = example.company("retention_rate")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected


def test_repeat_rate_by_month(example: Example, purchases: pd.DataFrame) -> None:
    first = purchases.groupby("customer").day.min()
    expected = {}
    for month in MONTHS:
        end = after(month)
        watched = first[first <= end - WINDOW].index
        bought = {name: n for name, n in active(purchases, end).items() if name in watched}
        if bought:
            expected[month.date()] = (sum(n >= 2 for n in bought.values()), len(bought))
    found = example.company("repeat_purchase_rate")
    assert {month: (it.numerator, it.denominator) for month, it in found.items()} == expected


def test_new_customers_and_their_cohorts(example: Example, purchases: pd.DataFrame) -> None:
    months = purchases.day.dt.to_period("M").dt.to_timestamp()
    cohort = months.groupby(purchases.customer).min()
    found = example.company("new_customers")
    assert {month: it.n for month, it in found.items()} == {
        month.date(): int((cohort == month).sum()) for month in MONTHS
    }
    third = example.company("cohort_retention")
    for month in MONTHS[3:]:
        members = set(cohort[cohort == month - pd.DateOffset(months=3)].index)
        again = members & set(purchases[months == month].customer)
        measure = third[month.date()]
        assert (measure.numerator, measure.denominator) == (len(again), len(members)), month


def test_cards_without_data_say_what_they_need(example: Example) -> None:
    notes = example.notes()
    shown = ("retention_rate", "cohort_retention", "reactivation_rate", "new_customers")
    for metric in (*shown, "repeat_purchase_rate", "rfm_segment"):
        assert notes[metric] == "", metric
        assert date(2011, 11, 1) in example.company(metric), metric
    # December 2010 has a year later a month that is running.
    assert notes["net_revenue_retention"] == "partial: the period has not ended"
    assert notes["nps"] == "no data: needs survey responses"
    assert notes["csat"] == "no data: needs satisfaction ratings"
    assert notes["net_sentiment"] == "no data: needs messages"
    assert notes["first_reply_time"] == "no data: needs messages, tickets"


def test_seven_cards_are_filled(example: Example) -> None:
    states = Counter(card.state for card in example.cards())
    assert states == {"value": 6, "partial": 1}
