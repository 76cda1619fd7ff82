"""Credit of the warehouse's paths: reads what dbt counted of them, writes what a state is worth.

Reads intermediate.int_credit_transitions and int_credit_sets, both small whatever the company's
size. Writes analytics.credit_effects, one row per month and state, and analytics.credit_intervals,
one row per month and department. A month's effects rest on the paths that ended in the twelve
months up to its end, so later data leave them alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import psycopg

from analytics import tables
from analytics.credit.chains import Bools, Floats, removal_effects, replicates, shares_of_path

# The models that it reads.
READ = ("int_credit_transitions", "int_credit_sets")

GROUPS = 200  # as credit_groups in dbt_project.yml
DEPARTMENTS = ("marketing", "service")
_REPLICATES = 400
_SEED = 2016
_ENDS = ("sale", "nothing")

_TABLES = """
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
    tables.prepare(url, _TABLES)


def compute_credit(url: str) -> Report:
    """Compute every month's effects and intervals anew, and replace those of the last run."""
    prepare(url)
    with psycopg.connect(url) as connection:
        paths = read_paths(connection.execute(_TRANSITIONS).fetchall())
        revenue = _revenue(connection.execute(_SETS).fetchall())
        tables.replace(connection, "credit_effects", _effects(paths, revenue))
        tables.replace(connection, "credit_intervals", _intervals(paths, revenue))
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


def _effects(paths: Paths, months: Iterable[date]) -> Iterator[tuple[date, str, float]]:
    for month in months:
        effects = effects_of(paths.counts_until(month).sum(axis=0))
        for state, effect in zip(paths.states, effects, strict=True):
            yield month, state, float(effect)


def _intervals(
    paths: Paths, revenue: Mapping[date, Mapping[str, Floats]]
) -> Iterator[tuple[date, str, float, float]]:
    """Yield months and departments with the 95 % interval of their share, in percent."""
    of_department = np.array([state.split(" ", 1)[0] for state in paths.states], str)
    is_ours = np.isin(of_department, DEPARTMENTS)
    # The figure itself, then its replicates.
    draws = np.vstack([np.ones(GROUPS), replicates(GROUPS, _REPLICATES, _SEED)])
    for month, sets in revenue.items():
        shares = _shares(paths, month, sets, is_ours, draws)
        if np.isnan(shares).any():
            continue
        for department in (*DEPARTMENTS, "all"):
            chosen = is_ours if department == "all" else of_department == department
            figure, *replicated = shares[:, chosen].sum(axis=1)
            low, high = np.percentile(replicated, [2.5, 97.5])
            yield month, department, min(float(low), figure), max(float(high), figure)


def _shares(
    paths: Paths, month: date, sets: Mapping[str, Floats], is_ours: Bools, draws: Floats
) -> Floats:
    """Return each draw's shares of revenue (draws, S), in percent; NaN where one sold nothing."""
    counts, size = paths.counts_until(month), len(paths.states)
    drawn = (draws @ counts.reshape(GROUPS, -1)).reshape(len(draws), 1 + size, size + 2)
    amounts = draws @ np.stack(list(sets.values()), axis=1)
    members = [each.split(" + ") for each in sets]
    contained = np.array([[state in each for state in paths.states] for each in members], bool)
    owed = shares_of_path(effects_of(drawn), contained & is_ours)
    total = amounts.sum(axis=1, keepdims=True)
    shares: Floats = np.einsum("bp,bps->bs", amounts, owed) / np.where(total > 0, total, np.nan)
    return shares * 100


def _revenue(rows: Sequence[tuple[date, int, str, float]]) -> dict[date, dict[str, Floats]]:
    """Return revenue by month and set of states, as arrays of (GROUPS,)."""
    revenue: dict[date, dict[str, Floats]] = {}
    for month, group, states, amount in rows:
        sets = revenue.setdefault(month, {})
        sets.setdefault(states, np.zeros(GROUPS))[group] += float(amount)
    return revenue
