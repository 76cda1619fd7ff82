"""Credit of the warehouse's paths: reads what dbt counted of them, writes what a state is worth.

Reads intermediate.int_credit_transitions and int_credit_sets, both small whatever the company's
size. Writes analytics.credit_effects, one row per month and state, and analytics.credit_intervals,
one row per month and department. A month's effects rest on the paths that ended in the twelve
months up to its end, so later data leave them alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from analytics.credit.chains import Floats, removal_effects, replicates, shares_of_path

GROUPS = 200  # of persons, as the dbt models draw them
MONTHS = 12
DEPARTMENTS = ("marketing", "service")
_REPLICATES = 400
_SEED = 2016
_ENDS = ("sale", "nothing")

_TABLES = """
create schema if not exists analytics;
create table if not exists analytics.credit_effects (
    period_start date not null,
    state text not null,
    effect double precision not null,
    primary key (period_start, state)
);
create table if not exists analytics.credit_intervals (
    period_start date not null,
    department text not null,
    low double precision not null,
    high double precision not null,
    primary key (period_start, department)
)
"""

_TRANSITIONS = """
select period_start, person_group, from_state, to_state, transition_count
from intermediate.int_credit_transitions
"""

_SETS = """
select period_start, person_group, states, sum(revenue)
from intermediate.int_credit_sets
where unknown_revenue_count = 0
group by period_start, person_group, states
order by states
"""


@dataclass(frozen=True)
class Report:
    """For how many months credit was computed, and of how many states."""

    months: int
    states: int


@dataclass(frozen=True)
class Paths:
    """Counted transitions by month: arrays of (GROUPS, 1 + S, S + 2), row 0 the start."""

    states: tuple[str, ...]
    by_month: dict[date, Floats]

    def counts_until(self, month: date) -> Floats:
        """Return the transitions of the twelve months that end with `month`."""
        first = date(month.year - 1, month.month, 1)
        size = len(self.states)
        counts = np.zeros((GROUPS, 1 + size, size + 2))
        for other, transitions in self.by_month.items():
            if first < other <= month:
                counts += transitions
        return counts


def prepare(url: str) -> None:
    """Make the tables where they don't exist yet."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('analytics.credit'))")
        connection.execute(_TABLES)


def compute_credit(url: str) -> Report:
    """Compute every month's effects and intervals anew, and replace those of the last run."""
    prepare(url)
    with psycopg.connect(url) as connection:
        paths = read_paths(connection.execute(_TRANSITIONS).fetchall())
        revenue = _revenue(connection.execute(_SETS).fetchall())
        connection.execute("delete from analytics.credit_effects")
        connection.execute("delete from analytics.credit_intervals")
        draws = replicates(GROUPS, _REPLICATES, _SEED)
        for month in sorted({*paths.by_month, *revenue}):
            counts = paths.counts_until(month)
            _write(connection, "credit_effects", _effects(paths.states, counts.sum(axis=0), month))
            if month in revenue:
                rows = _intervals(paths.states, counts, revenue[month], draws)
                _write(connection, "credit_intervals", ((month, *row) for row in rows))
        connection.execute("analyze analytics.credit_effects, analytics.credit_intervals")
    return Report(len(revenue), len(paths.states))


def read_paths(rows: Sequence[tuple[date, int, str, str, int]]) -> Paths:
    """Return transitions as arrays, from rows of month, group, state, next state and count."""
    states = tuple(sorted({to for *_, to, _ in rows} - set(_ENDS)))
    size = len(states)
    row = {state: index + 1 for index, state in enumerate(states)} | {"start": 0}
    column = {state: index for index, state in enumerate((*states, *_ENDS))}
    by_month: dict[date, Floats] = {}
    for month, group, here, there, count in rows:
        if month not in by_month:
            by_month[month] = np.zeros((GROUPS, 1 + size, size + 2))
        by_month[month][group, row[here], column[there]] += count
    return Paths(states, by_month)


def effects_of(counts: Floats) -> Floats:
    """Return removal effects (..., S) of counts (..., 1 + S, S + 2)."""
    size = counts.shape[-1] - 2
    steps = counts[..., 1:, :]
    return removal_effects(
        counts[..., 0, :size], steps[..., :size], steps[..., size], steps[..., size + 1]
    )


def _effects(
    states: Sequence[str], counts: Floats, month: date
) -> Iterator[tuple[date, str, float]]:
    for state, effect in zip(states, effects_of(counts), strict=True):
        yield month, state, float(effect)


def _intervals(
    states: Sequence[str], counts: Floats, revenue: dict[str, Floats], draws: Floats
) -> Iterator[tuple[str, float, float]]:
    """Yield departments with the 2.5th and 97.5th percentile of their share, in percent."""
    size = counts.shape[-1] - 2
    draws = np.vstack([np.ones(GROUPS), draws])  # the figure itself, then its replicates
    drawn = (draws @ counts.reshape(GROUPS, -1)).reshape(len(draws), 1 + size, size + 2)
    sets = list(revenue)
    amounts = draws @ np.stack([revenue[each] for each in sets], axis=1)
    owed = shares_of_path(effects_of(drawn), _contained(sets, states))
    total = amounts.sum(axis=1)
    if not (total > 0).all():
        return
    credits = np.einsum("bp,bps->bs", amounts, owed) / total[:, None] * 100
    departments = np.array([state.split(" ", 1)[0] for state in states])
    for department in (*DEPARTMENTS, "all"):
        chosen = np.isin(departments, DEPARTMENTS if department == "all" else (department,))
        figure, *replicated = credits[:, chosen].sum(axis=1)
        low, high = np.percentile(replicated, [2.5, 97.5])
        yield department, min(float(low), figure), max(float(high), figure)


def _contained(sets: Sequence[str], states: Sequence[str]) -> NDArray[np.bool_]:
    """Return (P, S): which of the departments' states each set of states contains."""
    members = [set(each.split(" + ")) for each in sets]
    is_ours = [state.startswith(DEPARTMENTS) for state in states]
    return np.array(
        [
            [ours and state in each for state, ours in zip(states, is_ours, strict=True)]
            for each in members
        ]
    )


def _revenue(rows: Sequence[tuple[date, int, str, float]]) -> dict[date, dict[str, Floats]]:
    """Return revenue by month and set of states, as arrays of (GROUPS,)."""
    revenue: dict[date, dict[str, Floats]] = {}
    for month, group, states, amount in rows:
        sets = revenue.setdefault(month, {})
        sets.setdefault(states, np.zeros(GROUPS))[group] += float(amount)
    return revenue


def _write(connection: psycopg.Connection, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"copy analytics.{table} from stdin") as copy:
        for row in rows:
            copy.write_row(row)
