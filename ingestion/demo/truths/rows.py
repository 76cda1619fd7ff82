"""One true value, and the few sums that all truths are made of."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from ingestion.demo.clock import DAY

HORIZON = 60 * DAY
NEVER = -1


@dataclass(frozen=True)
class Truth:
    """One metric, month and segment; percent 0 to 100, minutes, EUR; None where undefined."""

    metric_id: str
    period_start: date
    segment_name: str
    segment_value: str
    value: float | None
    numerator: float | None
    denominator: float | None

    @property
    def key(self) -> tuple[str, date, str, str]:
        return self.metric_id, self.period_start, self.segment_name, self.segment_value

    def as_columns(self) -> dict[str, Any]:
        """Return the row by column name."""
        return asdict(self)


@dataclass(frozen=True)
class Segments:
    """Into which segments rows fall: (name, value, mask), the whole company first."""

    parts: tuple[tuple[str, str, np.ndarray], ...]

    @classmethod
    def of(cls, rows: int, **columns: tuple[tuple[str, ...], np.ndarray]) -> "Segments":
        """Make the segments of columns given as (labels, index of each row)."""
        parts = [("company", "all", np.ones(rows, dtype=bool))]
        for name, (labels, index) in columns.items():
            parts += [(name, label, index == i) for i, label in enumerate(labels)]
        return cls(tuple(parts))

    def __iter__(self) -> Iterator[tuple[str, str, np.ndarray]]:
        return iter(self.parts)


def share(
    metric_id: str,
    month: date,
    segments: Segments,
    counted: np.ndarray,
    base: np.ndarray,
    factor: float = 100.0,
) -> Iterator[Truth]:
    """Give sum of `counted` over sum of `base`, times `factor`, in every segment."""
    for name, label, mask in segments:
        numerator, denominator = float(counted[mask].sum()), float(base[mask].sum())
        value = factor * numerator / denominator if denominator else None
        yield Truth(metric_id, month, name, label, value, numerator, denominator)


def waits_until(event_at: np.ndarray, asked_at: np.ndarray) -> np.ndarray:
    """Return the seconds that each waited; none where the event is dated before the question."""
    return np.where(event_at > 0, np.maximum(event_at - asked_at, 0), NEVER)


def quantile_of_waits(waits: np.ndarray, observed: np.ndarray, share_over: float) -> float | None:
    """Return when Kaplan and Meier's curve falls to 1 - share_over, in minutes.

    `waits` are seconds to the event, `NEVER` if it didn't come; who waits longer than was
    `observed` is censored.
    """
    came = (waits >= 0) & (waits <= observed)
    times = np.where(came, waits, observed)
    order = np.lexsort((~came, times))
    times, came = times[order], came[order]
    at_risk = len(times) - np.arange(len(times))
    survival = np.cumprod(np.where(came, 1 - 1 / np.maximum(at_risk, 1), 1.0))
    below = np.flatnonzero(survival <= 1 - share_over + 1e-9)
    return float(times[below[0]] / 60) if len(below) else None
