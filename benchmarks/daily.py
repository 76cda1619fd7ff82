"""The daily run against the build of all history, and what makes it grow.

Two companies of the same persons, one with a short history and one with a long one, live
through the same days in turns. A third, with next to no persons, shows what any run takes.
"""

from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.company import DemoCompany, Timed
from benchmarks.finding import Finding, at_most
from benchmarks.sizes import Sizes

_NAME = "daily run"
_BEGINNING = datetime(2026, 3, 10, 8, tzinfo=UTC)
_SMALLEST = 200


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


def findings_of(timed: dict[str, list[Timed]], orders: int, short_orders: int) -> list[Finding]:
    """Compare the medians; a ratio net of the tiny company's leaves out what any run takes."""
    whole = {name: median(it.seconds for it in runs) for name, runs in timed.items()}
    built = {name: median(it.transformation for it in runs) for name, runs in timed.items()}
    samples = {
        name: [
            {
                "seconds": round(it.seconds, 2),
                "processor": round(it.processor_seconds, 2),
                "outside steps": round(it.outside_steps, 2),
                "steps": it.steps,
            }
            for it in runs
        ]
        for name, runs in timed.items()
    }
    history = orders / max(short_orders, 1)
    net_day = _net(built["long day"], built["tiny day"])
    net_full = _net(built["long full"], built["tiny full"])
    full = at_most(10, " %")
    percent = " %"
    return [
        Finding(
            _NAME,
            "transformation of a day, of that of all history",
            100 * built["long day"] / built["long full"],
            percent,
            full,
            samples,
        ),
        Finding(
            _NAME,
            "the same, without what any run takes",
            100 * net_day / net_full,
            percent,
            full,
        ),
        Finding(
            _NAME,
            "the whole run of a day, of the first run",
            100 * whole["long day"] / whole["long full"],
            percent,
        ),
        Finding(
            _NAME,
            f"a day's transformation with {history:.1f} times the history",
            built["long day"] / built["short day"],
            " times",
            at_most(1.25, " times"),
        ),
        Finding(
            _NAME,
            "transformation of several days, of that of one",
            built["long days"] / built["long day"],
            " times",
        ),
        Finding(_NAME, "the whole run of a day", whole["long day"], " s", at_most(60, " s")),
        Finding(_NAME, "what any run takes (200 persons)", whole["tiny day"], " s"),
        Finding(
            _NAME,
            "of it outside the steps: imports, parsing, definitions",
            median(it.outside_steps for it in timed["tiny day"]),
            " s",
        ),
    ]


def _net(seconds: float, fixed: float) -> float:
    return max(seconds - fixed, 0.01)
