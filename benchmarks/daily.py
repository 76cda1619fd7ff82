"""The daily run against the build of all history, and what makes it grow.

Two companies of the same persons, one with a short history and one with a long one, live
through the same days in turns. A third, with next to no persons, shows what any run takes.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.company import DemoCompany, Timed
from benchmarks.finding import Finding, at_most
from benchmarks.sizes import Sizes

_NAME = "daily run"
_BEGINNING = datetime(2026, 3, 10, 8, tzinfo=UTC)
_SMALLEST = 200
_AIM = at_most(10, " %")

Runs = Mapping[str, list[Timed]]


def company(folder: Path, sizes: Sizes) -> DemoCompany:
    """Return the company with the long history, which has not run yet."""
    return DemoCompany(folder / "long", sizes.persons, sizes.months, _BEGINNING)


def run(long: DemoCompany, folder: Path, sizes: Sizes) -> list[Finding]:
    """Let three companies live through some days."""
    with (
        DemoCompany(folder / "short", sizes.persons, sizes.short_months, _BEGINNING) as short,
        DemoCompany(folder / "tiny", _SMALLEST, sizes.short_months, _BEGINNING) as tiny,
    ):
        companies = {"long": long, "short": short, "tiny": tiny}
        timed = {f"{name} full": [each.run()] for name, each in companies.items()}
        timed |= _days(companies, sizes)
        timed |= _long_days(companies, sizes)
        for _ in range(sizes.full_builds - 1):
            for name in ("long", "tiny"):
                companies[name].forget_builds()
                timed[f"{name} full"].append(companies[name].run(1))
        return findings_of(timed, long.orders(), short.orders())


def _days(companies: dict[str, DemoCompany], sizes: Sizes) -> dict[str, list[Timed]]:
    timed: dict[str, list[Timed]] = {f"{name} day": [] for name in companies}
    for _ in range(sizes.days):
        for name, company in companies.items():
            timed[f"{name} day"].append(company.run(1))
    return timed


def _long_days(companies: dict[str, DemoCompany], sizes: Sizes) -> dict[str, list[Timed]]:
    """Let the two large companies run once over several days at a time."""
    timed: dict[str, list[Timed]] = {"long days": [], "short days": []}
    for _ in range(max(sizes.days - 1, 1)):
        for name in ("long", "short"):
            timed[f"{name} days"].append(companies[name].run(sizes.long_day))
    return timed


def findings_of(timed: Runs, orders: int, short_orders: int) -> list[Finding]:
    """Compare the runs' medians; `orders` tell how long the histories are."""
    return [*_shares(timed), *_growth(timed, orders / max(short_orders, 1)), *_fixed(timed)]


def _shares(timed: Runs) -> list[Finding]:
    """Compare a day with all history; net of the tiny company's, which is what any run takes."""
    built, whole = _middle(timed, _transformation), _middle(timed, _seconds)
    busy = _middle(timed, lambda it: it.processor_seconds + it.server_seconds)
    net_day = max(built["long day"] - built["tiny day"], 0.01)
    net_full = max(built["long full"] - built["tiny full"], 0.01)
    shares = (
        ("transformation of a day, of that of all history", _share(built), _AIM),
        ("the same, without what any run takes", 100 * net_day / net_full, _AIM),
        ("the whole run of a day, of the first run", _share(whole), None),
        ("the same in processor time, the server's included", _share(busy), None),
    )
    found = [Finding(_NAME, what, value, " %", aim) for what, value, aim in shares]
    return [replace(found[0], samples=_samples(timed)), *found[1:]]


def _growth(timed: Runs, history: float) -> list[Finding]:
    built = _middle(timed, _transformation)
    with_history = built["long day"] / built["short day"]
    with_days = built["long days"] / built["long day"]
    what = f"a day's transformation with {history:.1f} times the history"
    return [
        Finding(_NAME, what, with_history, " times", at_most(1.25, " times")),
        Finding(_NAME, "transformation of several days, of that of one", with_days, " times"),
    ]


def _fixed(timed: Runs) -> list[Finding]:
    whole = _middle(timed, _seconds)
    outside = _middle(timed, lambda it: it.outside_steps)["tiny day"]
    return [
        Finding(_NAME, "the whole run of a day", whole["long day"], " s", at_most(60, " s")),
        Finding(_NAME, f"what any run takes ({_SMALLEST} persons)", whole["tiny day"], " s"),
        Finding(_NAME, "of it outside the steps: imports, parsing, definitions", outside, " s"),
    ]


def _middle(timed: Runs, measure: Callable[[Timed], float]) -> dict[str, float]:
    return {name: median(measure(it) for it in runs) for name, runs in timed.items()}


def _transformation(timed: Timed) -> float:
    return timed.transformation


def _seconds(timed: Timed) -> float:
    return timed.seconds


def _share(middle: dict[str, float]) -> float:
    return 100 * middle["long day"] / middle["long full"]


def _samples(timed: Runs) -> dict[str, list[dict[str, Any]]]:
    return {name: [asdict(it) for it in runs] for name, runs in timed.items()}
