"""Print the benchmarks' findings: what was measured, the aim, and whether it is met.

Everything runs on this machine, in a temporary folder with PostgreSQL servers of its own. A
missed aim is no failure; a failed run, or a figure that differs from the hand-written SQL's, is.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from benchmarks import comparisons, crises, demo, loading, memory, report, scale, signals, sources
from benchmarks.company import RunFailed
from benchmarks.finding import Finding
from benchmarks.sizes import FULL, QUICK, Sizes
from orchestration.warehouse import EmbeddedPostgres

_WIDTH = 120  # of a table that goes to a file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the wanted benchmarks and show what they found."""
    wanted = _parser().parse_args(arguments)
    sizes = QUICK if wanted.quick else FULL
    if wanted.scale:
        sizes = replace(sizes, scale=wanted.scale)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    findings: list[Finding] = []
    try:
        with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
            for name in wanted.only or BENCHMARKS:
                console.print(f"{name} ...")
                findings += BENCHMARKS[name](Path(folder, name), sizes)
    except (RunFailed, scale.FiguresDiffer) as failure:
        console.print(f"{name} failed:\n{failure}", markup=False)
        return 1
    report.show(console, findings)
    console.print(_machine())
    if wanted.output:
        report.write(wanted.output, findings, sizes)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="run only this one")
    parser.add_argument("--scale", type=float, help="size of company and sources, 1 being M")
    parser.add_argument("--output", type=Path, help="write everything measured to a JSON file")
    return parser


def _in_warehouse(
    benchmark: Callable[[str, Path, Sizes], list[Finding]],
) -> Callable[[Path, Sizes], list[Finding]]:
    """Give the benchmark an empty PostgreSQL, as one who may ask for checkpoints."""

    def run(folder: Path, sizes: Sizes) -> list[Finding]:
        folder.mkdir()
        server = EmbeddedPostgres(folder / "workspace")
        try:
            server.start()
            return benchmark(server.administrator_url(), folder, sizes)
        finally:
            server.stop()

    return run


BENCHMARKS: Mapping[str, Callable[[Path, Sizes], list[Finding]]] = {
    "loading": _in_warehouse(loading.run),
    "memory": _in_warehouse(memory.run),
    "sources": _in_warehouse(sources.run),
    "demo": demo.run,
    "scale": scale.run,
    "signals": _in_warehouse(signals.run),
    "crises": crises.run,
    "comparisons": _in_warehouse(comparisons.run),
}


def _machine() -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{os.cpu_count()} cores; load over 1, 5, 15 minutes: {load}"


if __name__ == "__main__":
    raise SystemExit(main())
