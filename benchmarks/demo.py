"""The demo company of concord.toml: the first run, and one that finds nothing new."""

import re
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.company import ROOT, Company, Run
from benchmarks.finding import Finding, at_most
from benchmarks.sizes import Sizes

_NAME = "demo company"
_CLOCK = datetime(2026, 3, 10, 8, tzinfo=UTC)


def run(folder: Path, sizes: Sizes) -> list[Finding]:
    """Run the demo company and, with the clock stopped, run it again."""
    with Company(folder / "workspace", configuration(sizes.demo_persons)) as company:
        first = company.run(_CLOCK)
        again = [company.run(_CLOCK) for _ in range(sizes.demo_repeats)]
    return [
        Finding(_NAME, "first run", first.seconds, " s", at_most(45, " s")),
        Finding(_NAME, "run with nothing new", _middle(again), " s", at_most(20, " s")),
        Finding(_NAME, "of it outside the steps", again[0].parts["outside the steps"], " s"),
    ]


def configuration(persons: int) -> str:
    """Return the repository's concord.toml with a size, and {as_of} in the place of the clock."""
    text = (ROOT / "concord.toml").read_text(encoding="utf-8")
    for line, replacement in (
        (r"^demo = true$", "demo = true\nas_of = {as_of}"),
        (r"^persons = \d+$", f"persons = {persons}"),
    ):
        text, count = re.subn(line, replacement, text, flags=re.MULTILINE)
        assert count == 1, f"concord.toml has not exactly one line {line}"
    return text


def _middle(runs: list[Run]) -> float:
    return median(run.seconds for run in runs)
