"""Numbers that people would misread."""

from datetime import UTC, date, datetime

import pytest

from dashboards.scorecard import formatting


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234567, 0, "1,234,567"), (-3.24, 1, "\u22123.2"), (-0.04, 1, "0.0"), (0.4, 0, "0")],
)
def test_a_number_has_separators_and_never_a_negative_zero(value, decimals, text) -> None:
    assert formatting.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.5, 0, "1"), (2.5, 0, "3"), (-3.25, 1, "\u22123.3"), (81.25, 1, "81.3"), (1.005, 2, "1.01")],
)
def test_a_half_is_rounded_away_from_zero_as_in_every_other_tool(value, decimals, text) -> None:
    assert formatting.number(value, decimals) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(47, "47 min"), (119, "119 min"), (210, "3.5 h"), (4320, "3.0 d")]
)
def test_a_duration_is_reported_in_the_unit_that_people_use(minutes: float, text: str) -> None:
    figure = formatting.measure(minutes, "minutes", 0)
    assert " ".join(figure) == text


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("percent", ("72.4", "%")),
        ("segment", ("72.4", "%")),
        ("points", ("72.4", "points")),
        ("currency", ("72.4", "SEK")),
        ("count", ("72", "")),
    ],
)
def test_every_unit_is_written_beside_its_value(unit: str, expected: tuple[str, str]) -> None:
    assert formatting.measure(72.4, unit, 1, "SEK") == expected


def test_percentages_differ_by_percentage_points() -> None:
    assert formatting.absolute_change(1.24, "percent", 1) == "+1.2\u2009pp"


@pytest.mark.parametrize("base", [0, -12])
def test_a_percent_change_of_nothing_or_of_a_negative_is_not_reported(base: float) -> None:
    assert formatting.relative_change(5, base) is None


def test_no_change_has_no_direction() -> None:
    assert formatting.signed(0.02, 1) == "\u00b10.0"


def test_an_interval_of_durations_names_its_unit_once_unless_it_changes() -> None:
    assert formatting.interval((87, 98), "minutes", 0) == "87 \u2013 98\u2009min"
    assert formatting.interval((90, 150), "minutes", 0) == "90\u2009min \u2013 2.5\u2009h"


def test_periods_are_named_by_their_grain() -> None:
    start = date(2026, 10, 1)
    assert formatting.period(start, "month") == "Oct 2026"
    assert formatting.period(start, "quarter") == "Q4 2026"
    assert formatting.period(start, "year") == "2026"


def test_a_timestamp_is_reported_in_the_time_zone_of_the_company() -> None:
    at = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert formatting.day(at, "Europe/Amsterdam") == "1 Nov 2026"
    assert formatting.moment(at, "Europe/Amsterdam") == "1 Nov 2026, 00:30 CET"


@pytest.mark.parametrize(("count", "text"), [(0, "0 rows"), (1, "1 row"), (2000, "2,000 rows")])
def test_one_is_not_several(count: int, text: str) -> None:
    assert formatting.counted(count, "row") == text
