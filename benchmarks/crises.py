"""Crises that are found, and false alarms, in simulated negative mentions.

Mentions have a daily cycle of +-80 %; a burst is 5 times as many for 3 hours, beginning with any
hour of the day. Beside our baseline, which knows eight weeks, stands one that knows the true rates:
more than it finds can hardly be had at as few false alarms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analytics.crises.baseline import WEEKS, Baseline, Bools, Floats, baseline
from analytics.crises.detection import alarms, crises
from benchmarks.finding import Finding, at_least, at_most
from benchmarks.sizes import Sizes

_NAME = "crises"
_HISTORY, _JUDGED = 7 * WEEKS, 30
_CYCLE = 1 + 0.8 * np.sin(2 * np.pi * np.arange(24) / 24)
_TIMES, _HOURS = 5, 3
_BATCH = 100


@dataclass(frozen=True)
class Mentions:
    """Negative mentions of a brand: how many an hour, their variance by their mean, the aim."""

    level: float
    dispersion: float
    found_aim: float

    @property
    def name(self) -> str:
        return f"{self.level:g} an hour, dispersion {self.dispersion:g}"

    @property
    def rates(self) -> Floats:
        return self.level * _CYCLE

    def draw(self, rates: Floats, chance: np.random.Generator) -> Floats:
        """Return counts with these means."""
        if self.dispersion == 1:
            return chance.poisson(rates).astype(np.float64)
        odds = self.dispersion - 1
        return chance.negative_binomial(rates / odds, 1 / self.dispersion).astype(np.float64)


SERIES = (Mentions(4, 1, 97), Mentions(4, 2, 81), Mentions(1, 1, 66), Mentions(1, 2, 37))


def run(folder: Path, sizes: Sizes) -> list[Finding]:
    """Simulate each kind of series and judge it as a run does."""
    return [finding for series in SERIES for finding in _findings(series, sizes.crisis_runs)]


def _findings(series: Mentions, runs: int) -> Iterator[Finding]:
    false = sum(map(sum, (_false_alarms(series, *batch) for batch in _batches(runs)))) / runs
    what = f"false alarms in {_JUDGED} days, {series.name}"
    yield Finding(_NAME, what, false, "", at_most(0.4))
    found, ideal = (
        np.concatenate(each)
        for each in zip(*(_found(series, *batch) for batch in _batches(runs)), strict=True)
    )
    for hours in range(_HOURS):
        aim = at_least(series.found_aim, " %") if hours == _HOURS - 1 else None
        what = f"found within {hours + 1} h, {series.name}"
        yield Finding(_NAME, what, 100 * found[:, hours].mean(), " %", aim)
    what = f"the same with the true rates known, {series.name}"
    yield Finding(_NAME, what, 100 * ideal[:, -1].mean(), " %")


def _batches(runs: int) -> Iterator[tuple[int, np.random.Generator]]:
    chance = np.random.default_rng(20260101)
    for first in range(0, runs, _BATCH):
        yield min(_BATCH, runs - first), chance


def _false_alarms(series: Mentions, runs: int, chance: np.random.Generator) -> list[int]:
    """Return how many crises each run has in days in which nothing happens."""
    days = np.broadcast_to(series.rates, (runs, _HISTORY + _JUDGED, 24))
    counts = series.draw(days, chance)
    base = baseline(counts)
    base.expected[:, :_HISTORY] = np.nan
    each = zip(counts, base.expected, base.dispersion, strict=True)
    return [len(list(crises(one, Baseline(*own)))) for one, *own in each]


def _found(series: Mentions, runs: int, chance: np.random.Generator) -> tuple[Bools, Bools]:
    """Return (runs, hours of a burst): found by then, by our baseline and by the true rates."""
    rates = np.tile(series.rates, (runs, _HISTORY + 2, 1))
    begins = _HISTORY * 24 + chance.integers(0, 24, (runs, 1))
    burst = (np.arange(runs)[:, None], begins + np.arange(_HOURS))
    known = Baseline(rates.copy(), np.full(rates.shape[:-1], series.dispersion))
    rates.reshape(runs, -1)[burst] *= _TIMES
    counts = series.draw(rates, chance)
    found = (alarms(counts, base)[burst] for base in (baseline(counts), known))
    ours, ideal = (np.logical_or.accumulate(each, axis=1) for each in found)
    return ours, ideal
