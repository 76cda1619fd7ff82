"""Risk: a value that can't be read becomes null, or another value, without a word."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contract import ENTITIES, Column, Type
from ingestion.mapping.convert.numbers import product
from ingestion.mapping.convert.types import convert
from ingestion.mapping.declarations import Notation


def _converted(texts, kind, **options):
    names = ("values", "minimum", "maximum", "above")
    limits = {name: options.pop(name) for name in names if name in options}
    column = Column("x", kind, required=options.pop("required", False), **limits)
    values, failures = convert(pa.array(texts, pa.string()), column, Notation(**options))
    return values.to_pylist(), [(mask.nonzero()[0].tolist(), reason) for mask, reason in failures]


@settings(deadline=None)
@given(st.decimals(-(10**18), 10**18, places=9))
def test_decimals_come_through_exactly(number):
    values, failures = _converted([f"{number:f}"], Type.DECIMAL)
    assert (values, failures) == ([number], [])


@settings(deadline=None)
@given(st.text(max_size=8))
def test_every_text_is_either_a_number_or_a_failure(text):
    values, failures = _converted([text, "1"], Type.DECIMAL)
    assert (values[0] is None) == (failures == [([0], "is not a number")])


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "expected"),
    [
        ("1.234,50", ",", ".", "1234.5"),
        ("1,234.50", ".", ",", "1234.5"),
        (" 12 ", ".", None, "12"),
        ("1e-3", ".", None, "0.001"),
        ("-.5", ".", None, "-0.5"),
        ("0.1234567894", ".", None, "0.123456789"),
        ("1.249", ",", ".", "1249"),
        ("1.234.567", ",", ".", "1234567"),
        ("1249,50", ",", ".", "1249.5"),
        ("\u00a0-1\u00a0249,5 ", ",", "\u00a0", "-1249.5"),
        ("4,5e2", ",", ".", "450"),
        ("1.249", ".", ".", "1249"),
        ("(33.52)", ".", None, "-33.52"),
        ("( 1.249,50 )", ",", ".", "-1249.5"),
        ("(1,00,000)", ".", ",", "-100000"),
        ("1,00,000.00", ".", ",", "100000"),
        ("-12,34,56,789.5", ".", ",", "-123456789.5"),
    ],
)
def test_decimal_notations(text, decimal, thousands, expected):
    values, failures = _converted([text], Type.DECIMAL, decimal=decimal, thousands=thousands)
    assert (values, failures) == ([Decimal(expected)], [])


@pytest.mark.parametrize(
    ("text", "decimal", "thousands"),
    [
        ("49.90", ",", "."),
        ("1,249.50", ",", "."),
        ("1.2.3", ",", "."),
        ("1234.567,8", ",", "."),
        ("1,5,0", ",", "."),
        ("49.90", ",", None),
        ("1.249", ",", None),
        ("1,24", ".", ","),
        ("1 249,50", ",", "."),
        (".", ",", "."),
        ("49.90", ".", "."),
        ("1,00,000.00", ".", None),
        ("1,00,00.00", ".", ","),
        ("1,000,00", ".", ","),
        ("100,00,000", ".", ","),
        ("(-33.52)", ".", None),
        ("-(33.52)", ".", None),
        ("((33.52))", ".", None),
        ("(33.52", ".", None),
        ("()", ".", None),
        ("(x)", ".", None),
    ],
)
def test_a_number_in_another_notation_is_no_number(text, decimal, thousands):
    _, failures = _converted([text], Type.DECIMAL, decimal=decimal, thousands=thousands)
    assert failures == [([0], "is not a number")]


@pytest.mark.parametrize("neighbour", ["1", "1.0000000001", " 1", "x"])
@pytest.mark.parametrize("length", [20, 29, 30, 33, 50, 90])
def test_a_number_of_too_many_digits_is_none_whatever_stands_beside_it(length, neighbour):
    values, failures = _converted(["7" * length, "7" * 19, neighbour], Type.DECIMAL)
    assert values[:2] == [None, Decimal("7" * 19)]
    assert failures[0] == ([0], "is a number of too many digits")


def test_rounding_does_not_lift_a_number_over_the_limit():
    values, failures = _converted(["9" * 19 + ".9999999999", "1"], Type.DECIMAL)
    assert (values, failures) == ([None, 1], [([0], "is a number of too many digits")])


@pytest.mark.parametrize("neighbour", ["1", "1.0"])
def test_whole_numbers_go_as_far_as_the_warehouse_does(neighbour):
    texts = [str(2**63 - 1), str(-(2**63)), neighbour]
    assert _converted(texts, Type.INTEGER) == ([2**63 - 1, -(2**63), 1], [])
    _, failures = _converted([str(2**63), neighbour], Type.INTEGER)
    assert failures[0] == ([0], "is a number of too many digits")


def test_whole_numbers_end_in_the_decimal_sign_of_their_file():
    values, failures = _converted(["3.0", "3,0", "1.249"], Type.INTEGER, decimal=",", thousands=".")
    assert (values, failures) == ([None, 3, 1249], [([0], "is not a whole number")])


def test_whole_numbers_may_end_in_point_zero_and_no_more():
    values, failures = _converted(["3", "3.0", "3.5", "x", "(4)"], Type.INTEGER)
    assert values == [3, 3, None, None, -4]
    assert failures == [([2, 3], "is not a whole number")]


def test_booleans_say_true_or_false_in_many_ways():
    values, failures = _converted(["True", "f", "1", "No", "maybe", None], Type.BOOLEAN)
    assert values == [True, False, True, False, None, None]
    assert failures == [([4], "is not true or false")]


def test_limits_of_the_contract_are_failures():
    assert _converted([None, "1"], Type.INTEGER, required=True)[1] == [
        ([0], "is required and empty")
    ]
    assert _converted(["-1", None], Type.DECIMAL, minimum=0)[1] == [([0], "is less than 0")]
    assert _converted(["0", "0.1"], Type.DECIMAL, above=0)[1] == [([0], "is not above 0")]
    assert _converted(["11"], Type.INTEGER, maximum=10)[1] == [([0], "is more than 10")]
    assert _converted(["a", "b", None], Type.TEXT, values=("a",))[1] == [([1], "is none of a")]


def test_an_exchange_rate_of_nothing_is_none():
    rate = ENTITIES["exchange_rates"].column("rate")
    _, failures = convert(pa.array(["0", "1"], pa.string()), rate, Notation())
    assert [mask.nonzero()[0].tolist() for mask, _ in failures] == [[0]]


def test_a_product_of_what_is_no_number_is_a_failure_and_not_empty():
    factors = [pa.array(["2", "x", None]), pa.array(["1.5", "3", "1"])]
    assert product(factors, Notation()).to_pylist() == ["3.000000000", "x", None]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_the_last_day_of_the_calendar_is_a_date_in_every_zone(zone):
    texts = ["9999-12-31", "0001-01-01", "2024-06-30"]
    assert _converted(texts, Type.DATE, time_zone=zone) == (
        [date(9999, 12, 31), date(1, 1, 1), date(2024, 6, 30)],
        [([1], "lies before 1900")],
    )
    assert _converted(texts[:2], Type.TIMESTAMP, time_zone=zone) == (
        [datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)],
        [([1], "lies before 1900"), ([0], "lies more than a day ahead of its arrival")],
    )


@pytest.mark.parametrize(("hours", "failures"), [(23, []), (25, [0])])
def test_a_time_may_lie_a_day_ahead_of_its_arrival(hours, failures):
    ahead = (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
    _, found = _converted([ahead, "2024-06-30T08:00:00Z", None], Type.TIMESTAMP)
    reason = "lies more than a day ahead of its arrival"
    assert found == ([(failures, reason)] if failures else [])


def test_a_time_of_never_did_not_happen_and_was_not_due():
    texts = ["1899-12-31 23:59:59", "1900-01-01 00:00:00", "1997-01-01"]
    for column in (Column("at", Type.TIMESTAMP), Column("due_at", Type.TIMESTAMP, is_planned=True)):
        _, failures = convert(pa.array(texts), column, Notation())
        found = [(mask.nonzero()[0].tolist(), reason) for mask, reason in failures]
        assert found == [([0], "lies before 1900")]


def test_a_cost_of_never_belongs_to_no_month():
    assert _converted(["0001-01-01", "1900-01-01"], Type.DATE)[1] == [([0], "lies before 1900")]


def test_a_day_to_come_is_a_day():
    assert _converted(["2999-06-30"], Type.DATE) == ([date(2999, 6, 30)], [])


def test_a_time_that_no_calendar_has_is_a_failure():
    texts = ["9999-12-31 23:00:00 -0500", "0001-01-01 00:00:00 +0100", "0000-01-01"]
    _, failures = _converted(texts, Type.TIMESTAMP)
    assert failures == [([0, 1, 2], "is not a time in the expected format")]
