"""The peak memory of a process that loads one long file.

It is our process's alone: PostgreSQL's memory is bounded by its settings, whatever is loaded.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

import ingestion.loading
import ingestion.sources
from benchmarks import orders
from benchmarks.finding import Finding, at_most
from benchmarks.sizes import Sizes

_NAME = "memory"
# On Linux getrusage would begin with the peak of the process that started this one.
_STATUS = Path("/proc/self/status")


def run(url: str, folder: Path, sizes: Sizes) -> list[Finding]:
    """Load a file in a process of its own and ask how much memory that took."""
    path = folder / "long.csv"
    orders.write(path, sizes.memory_rows)
    command = [sys.executable, "-m", "benchmarks.memory", url, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured = json.loads(done.stdout)
    what = f"peak while loading {measured['rows']:,} rows, {path.stat().st_size / 1e6:.0f} MB"
    path.unlink()
    return [Finding(_NAME, what, measured["megabytes"], " MB", at_most(1024, " MB"), measured)]


def load(url: str, path: Path) -> dict[str, float]:
    """Load the file and return the rows and this process's peak in megabytes."""
    ingestion.loading.prepare(url)
    source = ingestion.sources.build("long", orders.section(path), path.parent)
    report = ingestion.loading.load(source, url)
    return {"rows": sum(part.loaded for part in report.parts), "megabytes": peak()}


def peak() -> float:
    """Return the most memory that this process had, in megabytes."""
    if _STATUS.exists():
        fields = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
        return int(fields["VmHWM"].removesuffix("kB")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024  # macOS counts bytes


if __name__ == "__main__":
    sys.stdout.write(json.dumps(load(sys.argv[1], Path(sys.argv[2]))))
