"""Risk: chance between channels, teams and shifts is taken for a difference, or the reverse."""

import random
from collections.abc import Iterable, Mapping
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, chi2_contingency

from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

MODELS = "int_csat_counts int_csat_spreads int_consistency_measures csat_units csat_funnels"
MONTH = date(2025, 3, 1)
MONTHS = [date(1900 + n // 12, n % 12 + 1, 1) for n in range(1_500)]
RATINGS = """
create schema if not exists marts;
create table marts.csat_ratings (
    period_start date, channel text, team text, shift text,
    satisfied_count integer, answered_count integer
)
"""
Counts = Mapping[str, tuple[int, int]]


def test_the_spread_is_what_two_teams_differ_by_less_chance(warehouse: DbtWarehouse) -> None:
    """80 and 60 of 100 with 70 % together: 2 - 0.21 of 100 is 0.0179, its root 13.38 points.

    A team's own variance is 0.21 / 100, so 0.0179 of 0.02 is its own: 70 +- 10 * 0.895.
    """
    rate(warehouse, {MONTH: {"a": (80, 100), "b": (60, 100)}})
    build(warehouse)
    assert spreads(warehouse)[MONTH] == (pytest.approx(13.379088), 140, 200, None)
    shrunken = (
        "select unit, round(shrunken_share, 2) from marts.csat_units where dimension = 'team'"
    )
    assert {unit: float(share) for unit, share in warehouse.rows(shrunken)} == {
        "a": 78.95,
        "b": 61.05,
    }


def test_batting_averages_are_drawn_to_their_mean_as_published(warehouse: DbtWarehouse) -> None:
    """Efron & Morris (Scientific American 1977) keep 0.212 of each of 18 averages.

    They divide by 15 where the moments have 17, and the highest, 0.400, becomes 0.290.
    """
    hits = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
    rate(warehouse, {MONTH: {f"player {n}": (hit, 45) for n, hit in enumerate(hits)}})
    build(warehouse)
    ((share, shrunken, common),) = warehouse.rows(
        "select units.share, shrunken_share, common_share from marts.csat_units as units"
        " inner join marts.csat_funnels using (period_start, dimension)"
        " where unit = 'player 0' and step = 0"
    )
    own = float((shrunken - common) / (share - common))
    published = 1 - 15 / 17 * (1 - own)
    assert (round(float(common), 1), round(published, 3)) == (26.5, 0.212)
    assert round(float(common) + published * float(share - common), 1) == 29.4


def test_spreads_are_those_of_pearsons_chi_square(warehouse: DbtWarehouse) -> None:
    dice = random.Random(3)
    months = {month: some_units(dice, dice.randrange(2, 9)) for month in MONTHS[:60]}
    rate(warehouse, months)
    build(warehouse)
    found = spreads(warehouse)
    for month, units in months.items():
        satisfied, answered = map(np.array, zip(*units.values(), strict=True))
        chi_square = chi2_contingency([satisfied, answered - satisfied], correction=False)[0]
        common = satisfied.sum() / answered.sum()
        beyond = max(0, chi_square - (len(units) - 1)) * common * (1 - common)
        variance = beyond / (answered.sum() - (answered**2).sum() / answered.sum())
        assert found[month][0] == pytest.approx(100 * sqrt(variance), abs=1e-6), month
    assert any(value == 0 for value, *_ in found.values())


def test_what_cannot_be_compared_is_left_out_and_counted(warehouse: DbtWarehouse) -> None:
    few, alone, unknown, nobody, all_, none = MONTHS[:6]
    months: dict[date, Counts] = {
        few: {"a": (80, 100), "b": (60, 100), "c": (0, 29), "d": (3, 4)},
        alone: {"a": (80, 100), "b": (1, 29)},
        unknown: {"unknown": (10, 90)},
        nobody: {"a": (0, 0)},
        all_: {"a": (40, 40), "b": (90, 90)},
        none: {"a": (0, 40), "b": (0, 90)},
    }
    rate(warehouse, months)
    build(warehouse)
    assert spreads(warehouse) == {
        few: (pytest.approx(13.379088), 140, 200, "33 of 233 answers of units with fewer than 30"),
        alone: (
            None,
            80,
            100,
            "fewer than two units to compare; 29 of 129 answers of units with fewer than 30",
        ),
        unknown: (
            None,
            0,
            0,
            "fewer than two units to compare; 90 of 90 answers of an unknown unit",
        ),
        all_: (0, 130, 130, None),
        none: (0, 0, 130, None),
    }
    rows = warehouse.rows(
        "select period_start, unit, share, shrunken_share, lowest_expected, highest_expected,"
        " funnel_position, is_outlier, answered_count, compared_answered_count"
        " from marts.csat_units where dimension = 'team' and period_start > %s order by 1, 2",
        few,
    )
    empty = (None, None, None, None, False)
    assert rows == [
        (alone, "a", 80, *empty, 100, 100),
        (alone, "b", None, *empty, 29, 0),
        (unknown, "unknown", None, *empty, 90, 0),
        (all_, "a", 100, 100, 100, 100, "within", False, 40, 40),
        (all_, "b", 100, 100, 100, 100, "within", False, 90, 90),
        (none, "a", 0, 0, 0, 0, "within", False, 40, 40),
        (none, "b", 0, 0, 0, 0, "within", False, 90, 90),
    ]


def test_funnel_limits_are_those_of_the_binomial(warehouse: DbtWarehouse) -> None:
    """A unit beside a very large one, so that the common share is known: from 2 to 98 %.

    Of what chance brings, one in twenty lies beyond the inner limits and one in 500 beyond the
    outer ones. A count on a limit may fall on either side, so single numbers of answers differ.
    """
    shares, sizes = np.linspace(0.02, 0.98, 25), [30, 47, 80, 131, 260, 500, 1_101, 4_000]
    cases = [(share, size) for share in shares for size in sizes]
    months = {
        month: {"huge": (round(share * 10**9), 10**9), "one": (round(share * size), size)}
        for month, (share, size) in zip(MONTHS, cases, strict=False)
    }
    rate(warehouse, months)
    build(warehouse)
    limits = warehouse.rows(
        "select lowest_expected, low_expected, high_expected, highest_expected"
        " from marts.csat_units where dimension = 'team' and unit = 'one' order by period_start"
    )
    found = np.array(limits, dtype=float).T / 100
    share, size = np.array(cases).T
    inner = chance_beyond(found[1], found[2], size, share)
    outer = chance_beyond(found[0], found[3], size, share)
    assert inner.mean() == pytest.approx(0.05, rel=0.05)
    assert outer.mean() == pytest.approx(0.002, rel=0.1)
    assert inner.max() < 0.065
    assert outer.max() < 0.0032


def chance_beyond(low: Any, high: Any, size: Any, share: Any) -> np.ndarray:
    """Return how often chance brings fewer than the one share or more than the other."""
    fewer = binom.cdf(np.ceil(low * size - 1e-6) - 1, size, share)
    return fewer + binom.sf(np.floor(high * size + 1e-6), size, share)


def test_chance_alone_is_one_experience_and_makes_no_outliers(warehouse: DbtWarehouse) -> None:
    """Teams that are alike spread by 0 in most months, and those that differ by their spread."""
    chance = np.random.default_rng(8)
    alike, unlike = MONTHS[:750], MONTHS[750:]
    sizes = np.array([60, 150, 90, 240, 400, 33])
    months = {}
    for month in MONTHS:
        true = 0.8 if month in set(alike) else chance.normal(0.7, 0.08, len(sizes)).clip(0, 1)
        satisfied = chance.binomial(sizes, true)
        months[month] = {
            f"team {n}": pair for n, pair in enumerate(zip(satisfied, sizes, strict=True))
        }
    rate(warehouse, months)
    build(warehouse)
    found = spreads(warehouse)
    values = np.array([[found[a][0], found[b][0]] for a, b in zip(alike, unlike, strict=True)])
    assert np.median(values[:, 0]) == 0
    assert values[:, 0].mean() < 1.2
    assert np.sqrt((values[:, 1] ** 2).mean()) == pytest.approx(8, abs=0.3)
    ((outliers, beyond, count),) = warehouse.rows(
        "select count(*) filter (where is_outlier), count(*) filter"
        " (where funnel_position <> 'within'), count(*) from marts.csat_units"
        " where dimension = 'team' and period_start <= %s",
        alike[-1],
    )
    # A unit is part of the common share, and so somewhat nearer to it than chance alone has it.
    assert 0.0005 < outliers / count < 0.002
    assert 0.025 < beyond / count < 0.05


def test_a_curve_passes_through_the_limits_of_each_unit(warehouse: DbtWarehouse) -> None:
    rate(warehouse, {MONTH: {"a": (70, 100), "b": (95, 120), "c": (300, 420)}})
    build(warehouse)
    curve = np.array(
        warehouse.rows(
            "select answered_count, lowest_expected, highest_expected from marts.csat_funnels"
            " where dimension = 'team' order by step"
        ),
        dtype=float,
    ).T
    assert (curve[0][0], curve[0][-1]) == (pytest.approx(80), pytest.approx(462))
    for size, low, high in warehouse.rows(
        "select answered_count, lowest_expected, highest_expected from marts.csat_units"
        " where dimension = 'team'"
    ):
        drawn = [np.interp(size, curve[0], limit) for limit in curve[1:]]
        assert drawn == [pytest.approx(float(low), abs=0.05), pytest.approx(float(high), abs=0.05)]


def test_a_shift_is_the_part_of_the_day_of_the_reply_by_the_companys_clock(
    warehouse: DbtWarehouse,
) -> None:
    """Berlin skips from 2 to 3 on 30 March and has the hour from 2 twice on 26 October."""
    cases = {
        "before six": ("2025-01-10T04:59:59Z", "2025-01-12T12:00:00Z", "night"),
        "at six": ("2025-01-10T05:00:00Z", "2025-01-12T12:00:00Z", "morning"),
        "at noon": ("2025-01-10T11:00:00Z", "2025-01-12T23:00:00Z", "afternoon"),
        "at 18": ("2025-01-10T17:00:00Z", "2025-01-12T03:00:00Z", "evening"),
        "at midnight": ("2025-01-10T23:00:00Z", "2025-01-12T12:00:00Z", "night"),
        "at six in summer": ("2025-03-30T04:00:00Z", "2025-03-30T12:00:00Z", "morning"),
        "just before it": ("2025-03-30T03:59:59Z", "2025-03-30T12:00:00Z", "night"),
        "five in winter again": ("2025-10-26T04:30:00Z", "2025-10-26T12:00:00Z", "night"),
        "over the border of months": ("2025-01-31T22:59:00Z", "2025-01-31T23:30:00Z", "evening"),
        "nobody replied": (None, "2025-01-12T07:00:00Z", "morning"),
        "rated before the reply": ("2025-01-12T19:00:00Z", "2025-01-12T14:00:00Z", "afternoon"),
    }
    warehouse.load("tickets", [ticket(name) for name in cases], "2025-11-01T00:00:00Z")
    replies = [reply(name, at) for name, (at, _, _) in cases.items() if at]
    warehouse.load("messages", replies, "2025-11-01T00:00:00Z")
    ratings = [rating(name, at) for name, (_, at, _) in cases.items()]
    without = rating("no ticket", "2025-01-12T20:00:00Z") | {"ticket_id": None}
    warehouse.load("satisfaction_ratings", [*ratings, without], "2025-11-01T00:00:00Z")
    warehouse.build(
        "+csat_units", company_time_zone="Europe/Berlin", as_of="2025-11-10T12:00:00Z", minimum_n=1
    )
    found = dict(warehouse.rows("select rating_key, shift from marts.csat_ratings"))
    wanted = {name: shift for name, (_, _, shift) in cases.items()} | {"no ticket": "evening"}
    assert found == {f"shop:{name}": shift for name, shift in wanted.items()}
    units = warehouse.rows(
        "select unit, answered_count, share from marts.csat_units"
        " where period_start = '2025-02-01' order by dimension"
    )
    assert units == [("chat", 1, 100), ("evening", 1, 100), ("unknown", 1, None)]


def some_units(dice: random.Random, count: int) -> Counts:
    sizes = [dice.randrange(30, 300) for _ in range(count)]
    return {f"team {n}": (dice.randrange(size // 2, size), size) for n, size in enumerate(sizes)}


def rate(warehouse: DbtWarehouse, months: Mapping[date, Counts]) -> None:
    """Write how many of how many answers each team got; a mart's rows may be those of many."""
    warehouse.execute(RATINGS)
    for month, units in months.items():
        rows = [(unit, *map(int, counts)) for unit, counts in units.items()]
        random.Random(1).shuffle(rows)
        write(warehouse, month, rows)


def write(warehouse: DbtWarehouse, month: date, rows: Iterable[tuple[str, int, int]]) -> None:
    names, satisfied, answered = zip(*rows, strict=True)
    warehouse.execute(
        "insert into marts.csat_ratings select %s, 'all', team, 'all', satisfied, answered"
        " from unnest(%s::text[], %s::int[], %s::int[]) as given (team, satisfied, answered)",
        month,
        list(names),
        list(satisfied),
        list(answered),
    )


def build(warehouse: DbtWarehouse) -> None:
    warehouse.build(MODELS)


def spreads(warehouse: DbtWarehouse) -> dict[date, tuple[Any, ...]]:
    """Return value, numerator, denominator and what is left out of teams, by month."""
    rows = warehouse.rows(
        "select period_start, value, numerator, denominator, left_out"
        " from intermediate.int_consistency_measures where segment_value = 'team' order by 1"
    )
    return {
        month: (None if value is None else float(value), *others) for month, value, *others in rows
    }


def ticket(name: str) -> dict[str, Any]:
    return {"ticket_id": name, "created_at": "2025-01-01T00:00:00Z", "channel": "chat"}


def reply(name: str, at: str) -> dict[str, Any]:
    return {
        "message_id": name,
        "ticket_id": name,
        "sent_at": at,
        "direction": "outbound",
        "author_kind": "agent",
        "is_public": False,
    }


def rating(name: str, at: str) -> dict[str, Any]:
    return {"rating_id": name, "ticket_id": name, "rated_at": at, "score": 5, "scale_max": 5}
