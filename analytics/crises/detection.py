"""When counts exceed their baseline by more than chance: begin, detection, peak and end of crises.

An hour raises the alarm where the mentions of the last 1, 3 or 24 hours, at least three, lie in the
tail of the negative binomial distribution. A crisis ends with the beginning of the first 24 hours
that are back within the baseline.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from analytics.crises.baseline import Baseline, Floats

Bools = NDArray[np.bool_]

WINDOWS = (1, 3, 24)
_DAY = 24
_ALARM = 5e-5
_CALM = 0.05
_LEAST = 3


@dataclass(frozen=True)
class Crisis:
    """Hours of one series: the first, that of the alarm, that of the peak, the first calm one.

    `ended` is None as long as no 24 calm hours have passed.
    """

    began: int
    detected: int
    peaked: int
    ended: int | None


def tails(counts: Floats, base: Baseline, window: int) -> Floats:
    """Return (..., hours): how rarely chance brings as many in the `window` hours up to each.

    `counts` is (..., days, 24). NaN where a part of the window has no baseline.
    """
    observed = _sums(_by_hour(counts), window)
    expected = _sums(_by_hour(base.expected), window)
    return tail(observed, expected, np.repeat(base.dispersion, _DAY, axis=-1))


def tail(observed: Floats, expected: Floats, dispersion: Floats) -> Floats:
    """Return P(X >= observed), the variance of X being dispersion x expected."""
    # Imported late: it takes seconds, and every command that prepares the warehouse comes by here.
    from scipy.stats import nbinom

    # Without overdispersion it is Poisson's, which this comes next to.
    spread = np.maximum(dispersion, 1 + 1e-6)
    rare: Floats = nbinom.sf(observed - 1, expected / (spread - 1), 1 / spread)
    return rare


def alarms(counts: Floats, base: Baseline, windows: Sequence[int] = WINDOWS) -> Bools:
    """Return (..., hours): whether a window that ends with the hour raises the alarm."""
    flat = _by_hour(counts)
    raised = np.zeros(flat.shape, dtype=bool)
    for window in windows:
        is_rare = tails(counts, base, window) < _ALARM
        raised |= is_rare & (_sums(flat, window) >= _LEAST)
    return raised


def crises(counts: Floats, base: Baseline, hours: int | None = None) -> Iterator[Crisis]:
    """Yield the crises of one series (days, 24), of which the first `hours` have passed."""
    raised = np.flatnonzero(alarms(counts, base)[:hours])
    calm = _calm_from(counts, base, hours)
    known_until = 0
    while (later := raised[raised >= known_until]).size:
        detected = int(later[0])
        began = _beginning(counts, base, detected, known_until)
        ends = calm[calm > detected]
        ended = int(ends[0]) if ends.size else None
        peaked = began + int(np.argmax(_by_hour(counts)[began : ended or hours]))
        yield Crisis(began, detected, peaked, ended)
        if ended is None:
            return
        known_until = ended + _DAY


def _calm_from(counts: Floats, base: Baseline, hours: int | None) -> NDArray[np.intp]:
    """Return the hours with which 24 calm ones begin: like any other day's, and no alarm in one."""
    alarmed = _sums(alarms(counts, base, (1,)).astype(float), _DAY)
    is_calm = (tails(counts, base, _DAY) >= _CALM) & (alarmed == 0)
    return np.flatnonzero(is_calm[:hours]) - _DAY + 1


def _beginning(counts: Floats, base: Baseline, detected: int, known_until: int) -> int:
    """Return the beginning of the window up to the alarm that chance explains least."""
    first = max(detected - _DAY + 1, known_until, 0)
    until = slice(first, detected + 1)
    observed = np.cumsum(_by_hour(counts)[until][::-1])
    expected = np.cumsum(_by_hour(base.expected)[until][::-1])
    rare = tail(observed, expected, base.dispersion[detected // _DAY])
    return detected - int(np.nanargmin(rare))


def _by_hour(days: Floats) -> Floats:
    return days.reshape(*days.shape[:-2], -1)


def _sums(hours: Floats, window: int) -> Floats:
    """Return the sums of the `window` values up to each; NaN for the first ones, that lack some."""
    totals = np.full(hours.shape, np.nan)
    if hours.shape[-1] >= window:
        totals[..., window - 1 :] = sliding_window_view(hours, window, axis=-1).sum(axis=-1)
    return totals
