"""What is exported at once, and how its columns are drawn at random: the same ones each time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BEGINNING = np.datetime64("2023-11-01T00:00:00", "s")
END = np.datetime64("2026-11-01T00:00:00", "s")
BRANDS = ("Alpha", "Beta", "Gamma", "Delta")
SEED = 20261101
_DAY = np.timedelta64(86_400, "s")


@dataclass(frozen=True)
class Volume:
    """Rows of each export; a ticket has three messages, the other messages are public."""

    persons: int
    orders: int
    sends: int
    tickets: int
    messages: int

    def times(self, scale: float) -> "Volume":
        """Return the volume made larger or smaller; no export is empty."""
        return Volume(*(max(round(rows * scale), 1) for rows in vars(self).values()))


SIZE_M = Volume(
    persons=200_000, orders=1_000_000, sends=3_000_000, tickets=100_000, messages=500_000
)
ONE_DAY = Volume(persons=200_000, orders=1_000, sends=10_000, tickets=500, messages=3_500)


@dataclass(frozen=True)
class Batch:
    """What is exported at once: batch 0 is the history, batch n the n-th day after it."""

    number: int
    volume: Volume

    @property
    def begins(self) -> np.datetime64:
        return BEGINNING if self.number == 0 else END + (self.number - 1) * _DAY

    @property
    def ends(self) -> np.datetime64:
        return END + self.number * _DAY

    def random(self, salt: int) -> np.random.Generator:
        """Return the batch's own random numbers for one of its exports."""
        return np.random.default_rng([SEED, self.number, salt])

    def moments(self, random: np.random.Generator, count: int) -> np.ndarray:
        """Return moments anywhere in the batch's time."""
        span = (self.ends - self.begins).astype(int)
        return self.begins + random.integers(0, span, count)

    def ids(self, prefix: str, count: int) -> pa.Array:
        """Return ids that no other batch gives."""
        return named(f"{prefix}{self.number}-", np.arange(count))


def any_of(
    random: np.random.Generator,
    values: Sequence[str],
    count: int,
    shares: Sequence[float] | None = None,
) -> pa.Array:
    return pa.array(values).take(pa.array(random.choice(len(values), count, p=shares)))


def named(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), "")


def instants(moments: np.ndarray) -> pa.Array:
    return pa.array(moments.astype("datetime64[us]"), pa.timestamp("us", "UTC"))
