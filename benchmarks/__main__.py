"""The runner: `python -m benchmarks [--quick] [--only NAME] [--persons N] [--output FILE]`."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from benchmarks import daily, loading, memory, page, report
from benchmarks.company import RunFailed
from benchmarks.finding import Finding
from benchmarks.sizes import FULL, QUICK, Sizes, with_persons
from orchestration.warehouse import EmbeddedPostgres

NAMES = ("loading", "memory", "daily", "page")
_WIDTH = 120  # of a table that goes to a file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the wanted benchmarks and show what they found; a missed aim is no failure."""
    wanted = _parser().parse_args(arguments)
    sizes = with_persons(QUICK if wanted.quick else FULL, wanted.persons)
    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else _WIDTH)
    names = tuple(wanted.only or NAMES)
    try:
        with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
            findings = _run(Path(folder), names, sizes, console)
    except RunFailed as failure:
        console.print(f"A run of the pipeline failed:\n{failure}", markup=False)
        return 1
    report.show(console, findings)
    console.print(_machine())
    if wanted.output:
        report.write(wanted.output, findings, sizes)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--only", action="append", choices=NAMES, help="run only this one")
    parser.add_argument("--persons", type=int, help="size of the demo company")
    parser.add_argument("--output", type=Path, help="write everything measured to a JSON file")
    return parser


def _run(folder: Path, names: tuple[str, ...], sizes: Sizes, console: Console) -> list[Finding]:
    findings: list[Finding] = []
    for name, benchmark in (("loading", loading), ("memory", memory)):
        if name in names:
            console.print(f"{name} ...")
            own = folder / name
            with _warehouse(own) as url:
                findings += benchmark.run(url, own, sizes)
    if "daily" in names or "page" in names:
        findings += _company(folder, names, sizes, console)
    return findings


def _company(folder: Path, names: tuple[str, ...], sizes: Sizes, console: Console) -> list[Finding]:
    """Run what needs a company: its days, and the page that they leave."""
    findings: list[Finding] = []
    with daily.company(folder, sizes) as company:
        if "daily" in names:
            console.print("daily ...")
            findings += daily.run(company, folder, sizes)
        else:
            company.run()
        if "page" in names:
            console.print("page ...")
            findings += page.run(company, sizes)
    return findings


@contextmanager
def _warehouse(folder: Path) -> Iterator[str]:
    """Give an embedded PostgreSQL in a folder of its own."""
    folder.mkdir()
    server = EmbeddedPostgres(folder / "workspace")
    try:
        yield server.start()
    finally:
        server.stop()


def _machine() -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{os.cpu_count()} cores; load over 1, 5, 15 minutes: {load}"


if __name__ == "__main__":
    raise SystemExit(main())
