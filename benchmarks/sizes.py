"""How large the benchmarks are: to be believed, or only to see that they run."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Sizes:
    """Rows, persons, months and repetitions of each benchmark."""

    loaded_rows: int = 1_000_000
    load_repeats: int = 5
    memory_rows: int = 5_000_000
    persons: int = 20_000
    months: int = 24
    short_months: int = 3
    days: int = 3
    long_day: int = 7
    full_builds: int = 2
    requests: int = 200


FULL = Sizes()
QUICK = Sizes(
    loaded_rows=5_000,
    load_repeats=1,
    memory_rows=20_000,
    persons=200,
    months=4,
    short_months=3,
    days=1,
    long_day=2,
    full_builds=1,
    requests=5,
)


def with_persons(sizes: Sizes, persons: int | None) -> Sizes:
    """Return the sizes with another number of persons, if one is given."""
    return sizes if persons is None else replace(sizes, persons=persons)
