"""False signals of processes that never change: by moving ranges alone, and with chance as well.

The scorecard's own models judge. A metric is a share of n, its segments are independent runs of one
process; its twin has the same values, of which nothing is known but that they move.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import psycopg

from benchmarks.finding import Finding, at_most
from benchmarks.sizes import Sizes
from orchestration import dbt
from orchestration.settings import load_settings

_NAME = "false signals"
_BASELINE, _JUDGED = 12, 36
_AIM = at_most(0.7)
_TWIN = " by moving ranges alone"
_MODELS = "int_scorecard_series int_scorecard_points int_scorecard_limits"
_MODELS += " int_scorecard_trials int_scorecard_chance int_scorecard_signals"
_TABLES = """
create schema intermediate;
create schema marts;
create schema concord;
create table concord.baseline_shifts (
    metric_id text, segment_name text, segment_value text, shifted_on date, reason text
);
create table intermediate.int_activity_months (period_start date, is_history_complete boolean);
create table marts.metric_definitions (
    metric_id text, unit text, interval_method text, rows_mart text, is_seasonal boolean
);
create table intermediate.int_scorecard_measures_screened (
    metric_id text, segment_name text, segment_value text, period_start date, period_end date,
    value numeric(28, 6), numerator numeric(28, 6), denominator numeric(28, 6),
    ci_low numeric(28, 6), ci_high numeric(28, 6), direction text, is_seasonal boolean,
    is_partial boolean
);
"""
# A signal that lasts is one: counted is the month in which it begins.
_BEGINNINGS = """
with judged as (
    select *, row_number() over series as month
    from intermediate.int_scorecard_signals
    window series as (partition by metric_id, segment_value order by period_start)
),

followed as (
    select *, lag(signal_rule) over series as rule_before
    from judged
    where month > %s
    window series as (partition by metric_id, segment_value order by period_start)
)

select metric_id, count(*) filter (where signal_rule is not null and rule_before is null)
from followed
group by metric_id
"""


@dataclass(frozen=True)
class Process:
    """A share that never changes, of n each month."""

    n: int
    share: float

    @property
    def name(self) -> str:
        return f"{self.share:.0%} of {self.n:,}"


PROCESSES = tuple(Process(n, share) for n in (30, 100, 1_000, 10_000) for share in (0.02, 0.3, 0.9))


def run(url: str, folder: Path, sizes: Sizes) -> list[Finding]:
    """Judge constant processes and count what is taken for a change."""
    found = false_signals(url, folder, PROCESSES, sizes.signal_runs)
    return [
        Finding(_NAME, f"in {_JUDGED} months, {name}", value, "", None if _TWIN in name else _AIM)
        for name, value in found.items()
    ]


def false_signals(
    url: str, folder: Path, processes: Sequence[Process], runs: int
) -> dict[str, float]:
    """Return how many signals a run of each process has, and a run of its twin."""
    with psycopg.connect(url) as connection:
        connection.execute(_TABLES)
        _write(connection, processes, runs)
    config = folder / "concord.toml"
    config.write_text('[company]\nname = "Constant"\n', encoding="utf-8")
    settings = load_settings(config, folder / "dbt", environment={})
    if dbt.by_hand(settings, url, ["--quiet", "run", "--select", _MODELS]):
        raise RuntimeError("dbt could not judge the processes; its output says why")
    with psycopg.connect(url) as connection:
        begun = connection.execute(_BEGINNINGS, (_BASELINE,)).fetchall()
    counts = {name: count / runs for name, count in begun}
    names = (process.name + twin for process in processes for twin in ("", _TWIN))
    return {name: counts[name] for name in names}


def _write(connection: psycopg.Connection, processes: Sequence[Process], runs: int) -> None:
    for process in processes:
        for name, method in ((process.name, "wilson"), (process.name + _TWIN, "none")):
            connection.execute(
                "insert into marts.metric_definitions values (%s, 'percent', %s, null, false)",
                (name, method),
            )
    with connection.cursor() as cursor:
        copy = "copy intermediate.int_scorecard_measures_screened from stdin"
        with cursor.copy(copy) as rows:
            for row in _rows(processes, runs):
                rows.write_row(row)


def _rows(processes: Sequence[Process], runs: int) -> Iterator[tuple[object, ...]]:
    months = [date(2020 + k // 12, k % 12 + 1, 1) for k in range(_BASELINE + _JUDGED + 1)]
    chance = np.random.default_rng(20260101)
    for process in processes:
        counts = chance.binomial(process.n, process.share, (runs, _BASELINE + _JUDGED))
        for (series, month), count in np.ndenumerate(counts):
            value = 100 * int(count) / process.n
            measured = (value, int(count), process.n, None, None, "up", False, False)
            period = (months[month], months[month + 1])
            for name in (process.name, process.name + _TWIN):
                yield (name, "run", str(series), *period, *measured)
