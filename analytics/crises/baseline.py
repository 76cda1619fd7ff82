"""What an hour of a brand is expected to bring, by the whole weeks before its day.

Level (median of the daily totals) x hour of the day x day of the week, with a dispersion: the
variance is the dispersion times the mean. Medians, and shares of usual days, let a crisis
of up to three weeks pass without being taken for the usual.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WEEKS = 8
LEAST_DAYS = 28  # of a brand's own history; below them there is no baseline
_LARGEST_DAYS = 3
_LARGEST_HOURS = 0.015
_UNUSUAL, _FEW = 2, 5  # a day above twice its level, and a few, tells nothing of usual ones


@dataclass(frozen=True)
class Baseline:
    """Expected counts (..., days, 24) and dispersions (..., days); NaN without enough history."""

    expected: Floats
    dispersion: Floats


def baseline(counts: Floats) -> Baseline:
    """Return what the days of `counts` (..., days, 24) are expected to be, each by those before it.

    The first day is the first whole one of the brand's history. Leading axes are series apart.
    """
    expected = np.full(counts.shape, np.nan)
    dispersion = np.full(counts.shape[:-1], np.nan)
    for day in range(LEAST_DAYS, counts.shape[-2]):
        weeks = min(day // 7, WEEKS)
        before = counts[..., day - 7 * weeks : day, :]
        week, spread = of_weeks(before.reshape(*counts.shape[:-2], weeks, 7, 24))
        expected[..., day, :] = week[..., 0, :]
        dispersion[..., day] = spread
    return Baseline(expected, dispersion)


def of_weeks(weeks: Floats) -> tuple[Floats, Floats]:
    """Return the expected week (..., 7, 24) and the dispersion (...) of (..., weeks, 7, 24)."""
    totals = weeks.sum(axis=-1)
    weekday = _weekday_factors(totals)
    level = _level(totals / weekday[..., None, :])
    days = level[..., None] * weekday
    is_usual = totals <= _UNUSUAL * days[..., None, :] + _FEW
    profile = _hour_profile(weeks, is_usual)
    week = days[..., None] * profile[..., None, :]
    return week, _dispersion(weeks, week[..., None, :, :], is_usual)


def _weekday_factors(totals: Floats) -> Floats:
    """Return each weekday's median beside the mean one; one mention more keeps all above 0."""
    medians = np.median(totals, axis=-2) + 1
    factors: Floats = medians / medians.mean(axis=-1, keepdims=True)
    return factors


def _level(totals: Floats) -> Floats:
    """Return the median daily total; where most days have next to nothing, a mean."""
    days = np.sort(totals.reshape(*totals.shape[:-2], -1), axis=-1)
    median = np.median(days, axis=-1)
    # A mean without the largest days, plus one mention: nothing in 56 days is not never.
    mean = (days[..., :-_LARGEST_DAYS].sum(axis=-1) + 1) / days.shape[-1]
    return np.where(median < 1, np.minimum(mean, 1), median)


def _hour_profile(weeks: Floats, is_usual: Bools) -> Floats:
    """Return each hour's share of a usual day, without the three largest of these."""
    days = (weeks * is_usual[..., None]).reshape(*weeks.shape[:-3], -1, 24)
    order = np.argsort(days.sum(axis=-1), axis=-1, kind="stable")[..., :-_LARGEST_DAYS]
    hours = np.take_along_axis(days, order[..., None], axis=-2).sum(axis=-2) + 1
    profile: Floats = hours / hours.sum(axis=-1, keepdims=True)
    return profile


def _dispersion(counts: Floats, expected: Floats, is_usual: Bools) -> Floats:
    """Return variance by mean on usual days, at least 1, hours that fit least counting less."""
    ratios = (counts - expected) ** 2 / expected * is_usual[..., None]
    size = is_usual.sum(axis=(-2, -1)) * 24
    flat = ratios.reshape(*ratios.shape[:-3], -1)
    most = np.quantile(flat, 1 - _LARGEST_HOURS, axis=-1, keepdims=True)
    return np.maximum(np.minimum(flat, most).sum(axis=-1) / np.maximum(size, 1), 1)
