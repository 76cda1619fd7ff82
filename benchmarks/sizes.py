"""How large the benchmarks are: to be believed, or only to see that they run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Rows, days and repetitions of each benchmark.

    `scale` is of size M, and of what connectors read.
    """

    loaded_rows: int = 1_000_000
    load_repeats: int = 5
    memory_rows: int = 5_000_000
    connector_repeats: int = 3
    scale: float = 1.0
    days: int = 10
    requests: int = 200
    reader_seconds: float = 4
    demo_persons: int = 20_000
    demo_repeats: int = 3
    signal_runs: int = 1_000
    crisis_runs: int = 1_000
    comparison_seeds: int = 200


FULL = Sizes()
QUICK = Sizes(
    loaded_rows=5_000,
    load_repeats=1,
    memory_rows=20_000,
    connector_repeats=1,
    scale=0.005,
    days=1,
    requests=5,
    reader_seconds=0.5,
    demo_persons=200,
    demo_repeats=1,
    signal_runs=20,
    crisis_runs=20,
    comparison_seeds=2,
)
