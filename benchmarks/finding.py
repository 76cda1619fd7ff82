"""What a benchmark found, and whether that meets what was aimed at."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """Whether a finding meets its aim."""

    MET = "met"
    MISSED = "missed"
    COMPARED = "for comparison"


@dataclass(frozen=True)
class Aim:
    """What a value is to reach: at least `least`, at most `most`, or both."""

    least: float | None
    most: float | None
    unit: str = ""

    def __str__(self) -> str:
        if self.least is None:
            return f"at most {self.most:g}{self.unit}"
        if self.most is None:
            return f"at least {self.least:g}{self.unit}"
        return f"{self.least:g} to {self.most:g}{self.unit}"

    def judge(self, value: float) -> Verdict:
        """Return whether `value` reaches the aim."""
        is_enough = self.least is None or value >= self.least
        reached = is_enough and (self.most is None or value <= self.most)
        return Verdict.MET if reached else Verdict.MISSED


@dataclass(frozen=True)
class Finding:
    """One measured value; `samples` are the measurements that it is the middle of."""

    benchmark: str
    what: str
    value: float
    unit: str
    aim: Aim | None = None
    samples: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        return self.aim.judge(self.value) if self.aim else Verdict.COMPARED

    def as_object(self) -> dict[str, Any]:
        """Return the finding as JSON shows it."""
        aim = str(self.aim) if self.aim else None
        return {**asdict(self), "aim": aim, "verdict": str(self.verdict)}


def at_least(value: float, unit: str = "") -> Aim:
    """Return the aim of reaching `value` or more."""
    return Aim(value, None, unit)


def at_most(value: float, unit: str = "") -> Aim:
    """Return the aim of staying at `value` or below."""
    return Aim(None, value, unit)


def within(least: float, most: float, unit: str = "") -> Aim:
    """Return the aim of staying between both, or at one of them."""
    return Aim(least, most, unit)


def seconds_of(work: Callable[[], object]) -> float:
    """Do the work and return how long that took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
