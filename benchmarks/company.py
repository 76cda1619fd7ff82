"""The demo company in a workspace of its own, whose clock the benchmark sets.

Each command runs in a process of its own, as a person's would.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import psutil
import psycopg

from orchestration.warehouse import EmbeddedPostgres
from orchestration.warehouse.postmaster import find_postmaster

ROOT = Path(__file__).resolve().parent.parent
TRANSFORMATION = ("staging", "analytics__text_scores", "intermediate", "marts")
_STEP = re.compile(r"^✓ (\w+) ([\d.]+) s$", re.MULTILINE)
_LAX = "\n".join(
    ("minimum_volume_share = 0.0", "maximum_volume_ratio = 1e9", "maximum_jump = 1e9\n")
)


class RunFailed(Exception):
    """A run of the pipeline failed; the message is what it said."""


@dataclass(frozen=True)
class Timed:
    """How long a run took, as a whole and by step, and the processor time of it and its server."""

    seconds: float
    processor_seconds: float
    server_seconds: float
    steps: dict[str, float]

    @property
    def transformation(self) -> float:
        """The dbt layers with their tests, and the scoring of texts between them."""
        return sum(self.steps[step] for step in TRANSFORMATION)

    @property
    def outside_steps(self) -> float:
        """What a run takes before, between and after its steps: imports, parsing, exit."""
        return self.seconds - sum(self.steps.values())


@dataclass
class DemoCompany:
    """A demo company of a size, in its own workspace."""

    workspace: Path
    persons: int
    months: int
    as_of: datetime

    @property
    def config(self) -> Path:
        return self.workspace / "concord.toml"

    def run(self, days: int = 0) -> Timed:
        """Move the clock on by `days` and run the daily job."""
        self.as_of += timedelta(days=days)
        self.workspace.mkdir(parents=True, exist_ok=True)
        self.config.write_text(self._configuration(), encoding="utf-8")
        began, own, servers = perf_counter(), _children_seconds(), self._server_seconds()
        done = subprocess.run(
            self.command("run"), cwd=ROOT, capture_output=True, text=True, check=False
        )
        seconds = perf_counter() - began
        if done.returncode != 0:
            raise RunFailed(f"{done.stdout}\n{done.stderr}")
        steps = {name: float(took) for name, took in _STEP.findall(done.stdout)}
        return Timed(seconds, _children_seconds() - own, self._server_seconds() - servers, steps)

    def forget_builds(self) -> None:
        """Let the next run build everything anew."""
        with psycopg.connect(self.url) as connection:
            connection.execute("delete from concord.builds")

    @property
    def url(self) -> str:
        return EmbeddedPostgres(self.workspace).url()

    def orders(self) -> int:
        """Count the loaded orders: how long the history is."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute("select count(*) from raw.orders").fetchone()
        return row[0] if row else 0

    def command(self, *words: str) -> list[str]:
        """Return the words that run a command of `concord` on this company."""
        place = ["--workspace", str(self.workspace), "--config", str(self.config)]
        return [sys.executable, "-m", "orchestration.cli", *words, *place]

    def __enter__(self) -> "DemoCompany":
        return self

    def __exit__(self, *fault: object) -> None:
        EmbeddedPostgres(self.workspace).stop()

    def _server_seconds(self) -> float:
        """Return the processor time of the server and its sessions that have ended."""
        postmaster = find_postmaster(self.workspace / "warehouse" / "data")
        if postmaster is None:
            return 0.0
        times = psutil.Process(postmaster.pid).cpu_times()
        return times.user + times.system + times.children_user + times.children_system

    def _configuration(self) -> str:
        """Return the repository's configuration with our size and clock, and gates wide open."""
        text = (ROOT / "concord.toml").read_text(encoding="utf-8")
        changes = (
            (r"^demo = true$", f"demo = true\nas_of = {self.as_of.isoformat()}"),
            (r"^persons = \d+$", f"persons = {self.persons}"),
            (r"^months = \d+$", f"months = {self.months}"),
            (r"^freshness_days = .*\n", ""),
            (r"^maximum_jump = .*\n", _LAX),
        )
        for pattern, replacement in changes:
            text, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
            assert count == 1, f"concord.toml has not exactly one line {pattern}"
        return text


def _children_seconds() -> float:
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system
