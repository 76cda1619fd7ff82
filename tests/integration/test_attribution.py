"""Risk: the methods that share what was sold are compared over other sales than the card's."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from dashboards.scorecard.attribution import Attribution, attribution
from dashboards.scorecard.queries import open_reader

pytestmark = pytest.mark.postgres
MONTH = date(2026, 10, 1)


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    """Give a published month: 200 sold of one brand and 100 of another, and an earlier month."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "create schema published; create table published.credited_sales (period_start date,"
            " brand text, department text, revenue numeric, shapley_revenue numeric,"
            " last_touch_revenue numeric); insert into published.credited_sales values"
            " ('2026-10-01', 'Tern', 'service', 30, 50, 0),"
            " ('2026-10-01', 'Tern', 'marketing', 70, 50, 100),"
            " ('2026-10-01', 'Tern', 'none', 100, 100, 100),"
            " ('2026-10-01', 'Auk', 'none', 100, 100, 100),"
            " ('2026-09-01', 'Tern', 'service', 900, 900, 900)"
        )
    yield database_url


def shared(url: str, month: date = MONTH, brand: str | None = None) -> Attribution | None:
    with open_reader(url) as reader:
        return attribution(reader, month, brand)


def figures(found: Attribution | None) -> dict[str, list[tuple[str, str]]]:
    assert found is not None
    return {line.department: list(line.figures) for line in found.lines}


def test_each_method_shares_the_same_sales(url: str):
    assert figures(shared(url)) == {
        "marketing": [("70", "23.3\u2009%"), ("50", "16.7\u2009%"), ("100", "33.3\u2009%")],
        "service": [("30", "10.0\u2009%"), ("50", "16.7\u2009%"), ("0", "0.0\u2009%")],
        "neither department": [("200", "66.7\u2009%")] * 3,
    }


def test_a_brand_has_its_own_sales(url: str):
    found = shared(url, brand="Tern")
    assert figures(found)["neither department"] == [("100", "50.0\u2009%")] * 3
    assert found is not None
    assert found.disagreement == "The three differ by at most 25.0 percentage points: marketing."


def test_a_month_without_sales_is_not_shared(url: str):
    assert shared(url, date(2026, 8, 1)) is None
