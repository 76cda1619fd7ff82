"""A company in a workspace of its own, whose clock the benchmark sets.

Each command runs in a process of its own, as a person's would.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.finding import seconds_of
from orchestration.warehouse import EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent
_STEP = re.compile(r"^✓ (\w+) ([\d.]+) s$", re.MULTILINE)
# Which steps of a run are which part of it; the first pattern that fits counts.
_PARTS = {
    "gates": r".*_(arrival|publishable)",
    "loading": r"raw__.*",
    "dbt": r"staging|paths|transformation|intermediate|marts",
    "scoring of texts": r"analytics__text_scores",
    "normalising of identifiers": r"analytics__identifiers",
    "credit and crises": r"analytics__(credit_effects|crises)",
    "publication": r"published__scorecard",
    "other steps": r"warehouse|concord__settings|demo__exports|published__(page|metabase)",
}


class RunFailed(Exception):
    """A command failed; the message is what it said."""


@dataclass(frozen=True)
class Run:
    """How long a run took, as a whole and by step."""

    seconds: float
    steps: Mapping[str, float]

    @cached_property
    def parts(self) -> dict[str, float]:
        """Return the seconds of each part; what no step took is imports, parsing and the end."""
        parts = dict.fromkeys(_PARTS, 0.0)
        for step, seconds in self.steps.items():
            parts[_part(step)] += seconds
        return parts | {"outside the steps": self.seconds - sum(self.steps.values())}


@dataclass(frozen=True)
class Company:
    """A workspace, and a configuration with {as_of} in the place of the clock."""

    workspace: Path
    configuration: str

    def run(self, as_of: datetime) -> Run:
        """Set the clock and run the daily job; RunFailed if it doesn't end well."""
        self.workspace.mkdir(parents=True, exist_ok=True)
        text = self.configuration.replace("{as_of}", as_of.isoformat())
        self._config.write_text(text, encoding="utf-8")
        said: list[str] = []
        seconds = seconds_of(lambda: said.append(self._call("run")))
        return Run(seconds, {step: float(took) for step, took in _STEP.findall(said[0])})

    def export(self) -> list[dict[str, Any]]:
        """Return the rows of the published scorecard."""
        path = self.workspace / "scorecard.json"
        self._call("export", "--format", "json", "--output", str(path))
        return json.loads(path.read_text(encoding="utf-8"))

    def database_bytes(self) -> int:
        """Return the size of the warehouse, without its write-ahead log."""
        with psycopg.connect(EmbeddedPostgres(self.workspace).url()) as connection:
            row = connection.execute("select pg_database_size(current_database())").fetchone()
        assert row is not None
        return row[0]

    def command(self, *words: str) -> list[str]:
        """Return the words that run a command of `concord` on this company."""
        place = ["--workspace", str(self.workspace), "--config", str(self._config)]
        return [sys.executable, "-m", "orchestration.cli", *words, *place]

    def __enter__(self) -> "Company":
        return self

    def __exit__(self, *fault: object) -> None:
        EmbeddedPostgres(self.workspace).stop()

    @property
    def _config(self) -> Path:
        return self.workspace / "concord.toml"

    def _call(self, *words: str) -> str:
        done = subprocess.run(
            self.command(*words), cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RunFailed(f"{done.stdout}\n{done.stderr}")
        return done.stdout


def _part(step: str) -> str:
    """Return the part of a step; an unknown one would count nowhere, and flatter the others."""
    for part, pattern in _PARTS.items():
        if re.fullmatch(pattern, step):
            return part
    raise ValueError(f"benchmarks.company must say of which part the step {step} is")
