"""Risk: a usual day raises the alarm, a burst doesn't, or a crisis gets the wrong hours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from analytics.crises.baseline import Baseline, baseline, of_weeks
from analytics.crises.detection import Crisis, alarms, crises, tail, tails

EIGHT_WEEKS = 56


def steady(days: int, an_hour: float = 4) -> np.ndarray:
    return np.full((days, 24), float(an_hour))


def found(counts: np.ndarray, hours: int | None = None) -> list[Crisis]:
    return list(crises(counts, baseline(counts), hours))


def hour(day: int, of_day: int) -> int:
    return day * 24 + of_day


def test_the_expected_week_is_that_of_a_week_that_repeats_itself() -> None:
    week = np.outer([10, 10, 10, 10, 10, 4, 2], np.arange(24.0))
    expected, dispersion = of_weeks(np.stack([week] * 8))
    assert expected == pytest.approx(week, rel=0.05, abs=1)
    assert dispersion == 1
    assert expected.sum(axis=-1) == pytest.approx(week.sum(axis=-1), rel=0.01)


def test_variance_twice_the_mean_is_a_dispersion_of_two() -> None:
    chance = np.random.default_rng(1)
    counts = chance.negative_binomial(20, 1 / 2, (8, 7, 24)).astype(float)
    assert of_weeks(counts)[1] == pytest.approx(2, rel=0.15)


def test_a_crisis_of_three_weeks_is_not_taken_for_the_usual() -> None:
    chance = np.random.default_rng(2)
    counts = chance.poisson(4, (8, 7, 24)).astype(float)
    usual, spread = of_weeks(counts)
    counts[4:7] *= 10
    expected, dispersion = of_weeks(counts)
    assert expected.sum() == pytest.approx(usual.sum(), rel=0.15)
    assert dispersion < spread + 0.5


def test_below_28_days_of_history_there_is_no_baseline_and_no_crisis() -> None:
    counts = steady(28)
    counts[20, 12] = 684
    assert np.isnan(baseline(counts).expected).all()
    assert found(counts) == []
    later = np.vstack([steady(28), steady(1)])
    later[28, 12] = 684
    assert [crisis.detected for crisis in found(later)] == [hour(28, 12)]


@pytest.mark.parametrize("days", [0, 1, 27])
def test_next_to_no_days_give_no_crisis_and_no_error(days: int) -> None:
    assert found(steady(days)) == []


def test_a_brand_of_which_nobody_complains_has_no_crisis() -> None:
    counts = steady(80, 0)
    base = baseline(counts)
    assert found(counts) == []
    assert np.nanmin(base.expected) > 0


def test_two_mentions_are_no_crisis_however_rare_they_are() -> None:
    counts = steady(80, 0)
    counts[70, 3] = 2
    assert found(counts) == []
    counts[70, 3] = 3
    assert [crisis.detected for crisis in found(counts)] == [hour(70, 3)]


def test_the_tail_is_that_of_poisson_without_overdispersion_and_wider_with_it() -> None:
    observed, expected = np.array([0.0, 3, 12]), np.array([4.0, 4, 4])
    without = tail(observed, expected, np.ones(3))
    assert without == pytest.approx(poisson.sf(observed - 1, 4), rel=1e-3)
    # By hand: dispersion 2 and mean 2 is nbinom(2, 1/2): P(0) = 1/4, P(1) = 1/4.
    assert tail(np.array([2.0]), np.array([2.0]), np.array([2.0])) == pytest.approx([0.5])


def test_a_burst_has_its_hours() -> None:
    counts = steady(70)
    counts[60, 10:13] = [20, 30, 24]
    assert found(counts) == [
        Crisis(hour(60, 10), hour(60, 10), hour(60, 11), hour(60, 13)),
    ]


def test_a_slow_rise_that_one_hour_does_not_show_begins_with_its_first_hour() -> None:
    counts = steady(70)
    counts[60, 2:24] = 8
    (crisis,) = found(counts)
    assert crisis.began == hour(60, 2)
    # 24 hours of 96: 44 more are 1 in 66,000 (Poisson), 40 more 1 in 14,000.
    assert crisis.detected == hour(60, 12)
    # 20 of the 24 hours after 22:00 are usual: chance explains the last few.
    assert hour(60, 18) < (crisis.ended or 0) <= hour(61, 0)


def test_a_burst_over_midnight_and_the_months_border_is_one_crisis() -> None:
    counts = steady(70)
    counts[60, 22:] = 20
    counts[61, :2] = 20
    assert found(counts) == [Crisis(hour(60, 22), hour(60, 22), hour(60, 22), hour(61, 2))]


def test_an_hour_that_has_not_passed_is_neither_calm_nor_an_alarm() -> None:
    counts = steady(70)
    counts[60, 10:13] = 20
    assert found(counts, hour(60, 10)) == []
    still_on = Crisis(hour(60, 10), hour(60, 10), hour(60, 10), None)
    assert found(counts, hour(60, 11)) == [still_on]
    assert found(counts, hour(61, 12)) == [still_on]
    (over,) = found(counts, hour(61, 13))
    assert over.ended == hour(60, 13)


def test_two_bursts_within_a_day_are_one_crisis_and_a_week_apart_are_two() -> None:
    counts = steady(80)
    counts[60, 3], counts[60, 20] = 30, 30
    counts[67, 5] = 30
    assert [(each.began, each.ended) for each in found(counts)] == [
        (hour(60, 3), hour(60, 21)),
        (hour(67, 5), hour(67, 6)),
    ]


def test_three_quiet_weeks_after_a_crisis_of_three_the_alarm_works() -> None:
    counts = steady(100)
    counts[60:81] = 40
    counts[99, 10] = 30
    assert [each.detected for each in found(counts)] == [hour(60, 0), hour(99, 10)]


def test_a_new_level_that_stays_becomes_the_baseline() -> None:
    counts = steady(160)
    counts[80:] = 12
    (crisis,) = found(counts)
    assert crisis.began == hour(80, 0)
    assert 28 <= ((crisis.ended or 0) - crisis.began) / 24 <= 56


def test_later_days_leave_what_was_found_alone() -> None:
    chance = np.random.default_rng(3)
    counts = chance.poisson(2, (90, 24)).astype(float)
    counts[65, 4:8] = 15
    shorter = found(counts[:80])
    assert shorter
    assert found(counts)[: len(shorter)] == shorter


def test_series_side_by_side_are_series_one_by_one() -> None:
    chance = np.random.default_rng(4)
    counts = chance.negative_binomial(4, 1 / 2, (3, 70, 24)).astype(float)
    together = baseline(counts)
    raised = alarms(counts, together)
    for number, one in enumerate(counts):
        alone = baseline(one)
        assert together.expected[number] == pytest.approx(alone.expected, nan_ok=True)
        assert (raised[number] == alarms(one, alone)).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 6), st.integers(0, 40))
def test_crises_are_in_order_apart_and_within_the_days(seed: int, rate: float, size: int) -> None:
    chance = np.random.default_rng(seed)
    counts = chance.poisson(rate, (66, 24)).astype(float)
    counts[chance.integers(30, 66), chance.integers(0, 24)] += size
    known = 0
    for crisis in found(counts, hour(65, 20)):
        assert known <= crisis.began <= crisis.detected < hour(65, 20)
        assert crisis.began <= crisis.peaked
        if crisis.ended is not None:
            assert crisis.detected < crisis.ended
            assert crisis.peaked < crisis.ended
            known = crisis.ended


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_more_mentions_are_never_less_of_an_alarm(seed: int, more: int) -> None:
    chance = np.random.default_rng(seed)
    counts = chance.poisson(3, (40, 24)).astype(float)
    base = baseline(counts)
    higher = counts.copy()
    higher[35, 7] += more
    same = Baseline(base.expected, base.dispersion)
    for window in (1, 3, 24):
        before, after = tails(counts, same, window), tails(higher, same, window)
        assert (after[hour(28, 23) :] <= before[hour(28, 23) :]).all()
