"""A company of size M: its first run, more days, what they leave on disk, and its page.

The transformation is compared with the hand-written SQL of reference/ over the same files, in
seconds and in figures; other figures than the reference's end the benchmark.
"""

import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import page, reference
from benchmarks.company import Company, Run
from benchmarks.exports import Exports
from benchmarks.finding import Aim, Finding, at_most, seconds_of
from benchmarks.sizes import Sizes

_FIRST, _DAY, _SIZE = "first run", "one more day", "size on disk"
_REFERENCE_REPEATS = 3
_SCORING = "scoring of texts"
_SECONDS = " s"


class FiguresDiffer(Exception):
    """The scorecard's figures are not the reference's; the message names them."""


def run(folder: Path, sizes: Sizes) -> list[Finding]:
    """Write the exports, then run a company of orders alone and one with everything."""
    exports = Exports(folder / "exports", sizes.scale)
    exports.write_history()
    by_hand = _reference_seconds(exports)
    found = [Finding(_FIRST, "hand-written SQL of four metrics", by_hand, _SECONDS)]
    found += _orders_alone(folder / "orders", exports, by_hand)
    with Company(folder / "everything", exports.configuration()) as company:
        found += _first_run(company, exports, by_hand)
        found += page.one_reader(company, sizes)
        found += _days(company, exports, sizes.days)
        found += _read_meanwhile(company, exports, sizes)
    return found


def compare(company: Company, exports: Exports) -> None:
    """Raise FiguresDiffer unless the scorecard's figures are the reference's."""
    ours = reference.exported(company.export())
    different = reference.differences(ours, reference.figures(exports.files("orders")))
    if different:
        raise FiguresDiffer("\n".join(different))


def _orders_alone(workspace: Path, exports: Exports, by_hand: float) -> list[Finding]:
    """Run a company of customers and orders alone, and remove it."""
    with Company(workspace, exports.configuration(("customers", "orders"))) as company:
        seconds = company.run(exports.clock(0)).parts["dbt"]
        compare(company, exports)
    shutil.rmtree(workspace)
    what = "dbt with orders alone, of the hand-written SQL"
    return [
        Finding(_FIRST, "dbt with orders alone", seconds, _SECONDS),
        Finding(_FIRST, what, seconds / by_hand, " times", at_most(5, " times")),
    ]


def _first_run(company: Company, exports: Exports, by_hand: float) -> list[Finding]:
    """Run all history at once."""
    first = company.run(exports.clock(0))
    compare(company, exports)
    aims = {"dbt": at_most(60, _SECONDS), "publication": at_most(6, _SECONDS)}
    share = first.parts["dbt"] / by_hand
    size = company.database_bytes() / exports.bytes()
    return [
        *_parts(_FIRST, [first], aims),
        Finding(_FIRST, "dbt, of the hand-written SQL", share, " times", at_most(20, " times")),
        Finding(_SIZE, "warehouse, of its Parquet", size, " times", at_most(20, " times")),
    ]


def _days(company: Company, exports: Exports, days: int) -> list[Finding]:
    """Run some days more, one by one: the warehouse is to grow no more than its Parquet."""
    runs, sizes = [], [company.database_bytes() / exports.bytes()]
    for number in range(1, days + 1):
        exports.write_day(number)
        runs.append(company.run(exports.clock(number)))
        sizes.append(company.database_bytes() / exports.bytes())
    compare(company, exports)
    whole = median(run.seconds - run.parts[_SCORING] for run in runs)
    return [
        *_parts(_DAY, runs, {}),
        Finding(_DAY, f"the whole without {_SCORING}", whole, _SECONDS, at_most(60, _SECONDS)),
        Finding(_SIZE, "that ratio after one more day", 100 * sizes[1] / sizes[0], " %"),
        Finding(_SIZE, f"after {days}", 100 * sizes[-1] / sizes[0], " %", at_most(100, " %")),
    ]


def _read_meanwhile(company: Company, exports: Exports, sizes: Sizes) -> list[Finding]:
    """Let readers read during the run of one day more."""
    number = sizes.days + 1
    exports.write_day(number)
    return page.fifty_readers(company, partial(company.run, exports.clock(number)), sizes)


def _parts(benchmark: str, runs: Sequence[Run], aims: Mapping[str, Aim]) -> list[Finding]:
    """Return the median seconds of each part of the runs, and of the whole."""
    seconds = [{**run.parts, "the whole": run.seconds} for run in runs]
    samples = {part: [each[part] for each in seconds] for part in seconds[0]}
    return [
        Finding(benchmark, part, median(each), _SECONDS, aims.get(part), {"seconds": each})
        for part, each in samples.items()
    ]


def _reference_seconds(exports: Exports) -> float:
    """Return the median seconds of the hand-written SQL."""
    work = partial(reference.figures, exports.files("orders"))
    return median(seconds_of(work) for _ in range(_REFERENCE_REPEATS))
