"""Risk: the funnel shows other units than the card counts, or leaves out what isn't compared."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from dashboards.scorecard.funnels import Mark, funnels
from dashboards.scorecard.queries import open_reader

pytestmark = pytest.mark.postgres
MONTH = date(2026, 10, 1)


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    """Give a month in which the evening is an outlier, one team is alone, and another month."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "create schema published;"
            " create table published.csat_units (period_start date, dimension text, unit text,"
            " share numeric, shrunken_share numeric, lowest_expected numeric,"
            " low_expected numeric, high_expected numeric, highest_expected numeric,"
            " funnel_position text, answered_count bigint, compared_answered_count bigint);"
            " create table published.csat_funnels (period_start date, dimension text,"
            " step integer, answered_count numeric, common_share numeric,"
            " lowest_expected numeric, low_expected numeric, high_expected numeric,"
            " highest_expected numeric);"
            " insert into published.csat_units values"
            " ('2026-10-01', 'shift', 'day', 60, 58, 35, 41, 62, 67, 'within', 90, 90),"
            " ('2026-10-01', 'shift', 'evening', 30, 33, 37, 42, 61, 65, 'far_below', 110, 110),"
            " ('2026-10-01', 'shift', 'night', null, null, null, null, null, null, null, 7, 0),"
            " ('2026-10-01', 'team', 'desk', 52, null, null, null, null, null, null, 40, 40),"
            " ('2026-10-01', 'team', 'unknown', null, null, null, null, null, null, null, 99, 0),"
            " ('2026-09-01', 'shift', 'day', 1, 1, 1, 1, 1, 1, 'within', 1, 1);"
            " insert into published.csat_funnels values"
            " ('2026-10-01', 'shift', 1, 120, 51.5, 38, 43, 60, 64),"
            " ('2026-10-01', 'shift', 0, 70, 51.5, 33, 40, 63, 69)"
        )
    yield database_url


def test_each_unit_is_listed_and_what_is_compared_is_drawn(url: str) -> None:
    with open_reader(url) as reader:
        shift, team = funnels(reader, MONTH)
    assert shift.marks == (Mark("evening", 110, 30, "far_below"), Mark("day", 90, 60, "within"))
    assert [limits.answers for limits in shift.curve] == [70, 120]
    assert [(line.unit, line.place) for line in (*shift.lines, *team.lines)] == [
        ("evening", "outlier, below"),
        ("day", "within the limits"),
        ("night", "too few answers"),
        ("unknown", "not known which"),
        ("desk", "nothing to compare with"),
    ]
    assert team.marks == ()
    assert shift.lines[0].shrunken == "33.0\u2009%"
    assert shift.lines[0].outer == "37.0 \u2013 65.0"


def test_who_does_not_see_the_plot_hears_who_differs(url: str) -> None:
    with open_reader(url) as reader:
        (shift,) = funnels(reader, MONTH, "shift")
    assert shift.in_words == "By shift: 51.5\u2009% of all answers; evening outlier, below"


def test_a_month_without_answers_has_no_funnel(url: str) -> None:
    with open_reader(url) as reader:
        assert funnels(reader, date(2026, 8, 1)) == ()
