"""Risk: somebody mistypes an address, and is told in Python's words."""

from datetime import date

import pytest

from dashboards.scorecard.page import parse_filters


def test_a_day_stands_for_its_month():
    assert parse_filters("2026-01-31", "brand:Tern").period == date(2026, 1, 1)


@pytest.mark.parametrize("period", ["January", "2026-13-01", "2026-1"])
def test_a_period_that_is_no_day_is_told_with_how_to_write_one(period: str):
    with pytest.raises(ValueError, match="period must be a day of a month, written as 2026-01-31"):
        parse_filters(period, None)
