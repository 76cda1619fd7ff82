"""Findings as a table for people and as JSON for programs."""

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.finding import Finding, Verdict
from benchmarks.sizes import Sizes

_COLOURS = {Verdict.MET: "green", Verdict.MISSED: "red", Verdict.COMPARED: "dim"}


def show(console: Console, findings: Sequence[Finding]) -> None:
    """Print the findings: what was measured, the value, the aim, the verdict."""
    table = Table("benchmark", "what", "value", "aim", "verdict", box=None, pad_edge=False)
    table.columns[2].justify = "right"
    for finding in findings:
        aim = str(finding.aim) if finding.aim else "-"
        verdict = f"[{_COLOURS[finding.verdict]}]{finding.verdict}[/]"
        table.add_row(finding.benchmark, finding.what, words(finding), aim, verdict)
    console.print(table)


def words(finding: Finding) -> str:
    """Return a value with its unit, and as many decimals as it deserves."""
    decimals = 0 if abs(finding.value) >= 100 else 1 if abs(finding.value) >= 10 else 2
    return f"{finding.value:,.{decimals}f}{finding.unit}"


def write(path: Path, findings: Sequence[Finding], sizes: Sizes) -> None:
    """Write everything that was measured, and on what."""
    content = {
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "load": [round(load, 2) for load in os.getloadavg()],
        },
        "sizes": vars(sizes),
        "findings": [finding.as_object() for finding in findings],
    }
    path.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
