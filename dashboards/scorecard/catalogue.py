"""The metric definitions as Markdown, for reading: `python -m dashboards.scorecard.catalogue FILE`.

Nothing is defined here: every word about a metric comes from the seed metric_definitions, every
area's title from definition.yml.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dashboards.scorecard import definition

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "metric_definitions.csv"

_OPENING = """# Metrics

Written by `make docs` from `dbt_project/seeds/metric_definitions.csv`: change a definition there.
Unless one says otherwise, a metric counts persons (not records of one source) in complete months
of the company's time zone. A refund nets its order, and a return (an order below 0) is no purchase
and counts in its own month. Amounts are in the company's currency, and what has no exchange rate is
never taken for 0. Spam, test, merged and staff records count nowhere. Without anything to divide by
there is no value, and never a 0. A value that rests on fewer cases than `minimum_n` (30 unless
configured) is suppressed; a count, an audience, the money of campaigns and a share of all metrics
never are."""
_DIRECTIONS = {"up": "higher is better", "down": "lower is better", "none": "neither is better"}
INTERVALS = {
    "wilson": "95 %, Wilson",
    "nps": "95 %, normal, of a difference of two shares",
    "km": "95 %, where the log-log band of the Kaplan-Meier curve crosses the median",
    "newcombe": "95 %, Newcombe of a difference of two shares (hybrid score)",
    "difference_of_means": "95 %, normal, of a difference of two means",
    "log_ratio": "95 %, log-normal of a ratio of two rates",
    "bootstrap": "95 %, bootstrap over 200 groups of persons",
    "none": "none",
}
_JUDGED = {"true": "the difference to the same month a year before", "false": "the value itself"}

Row = Mapping[str, str]


def read(seed: Path = SEED) -> list[Row]:
    """Read the metric definitions in the order in which they stand."""
    with seed.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def markdown(metrics: Sequence[Row], areas: Mapping[str, str]) -> str:
    """Write the metrics area by area, those of an area in the order in which they were given."""
    named = dict.fromkeys([*areas, *(metric["area"] for metric in metrics)])
    parts = [_OPENING, _contents(metrics, areas)]
    for area in named:
        members = [metric for metric in metrics if metric["area"] == area]
        if members:
            parts += [f"## {areas.get(area, area)}", *map(_section, members)]
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the catalogue to the file that is named on the command line."""
    parser = argparse.ArgumentParser(description="Write the metric definitions as Markdown.")
    parser.add_argument("output", type=Path, help="The file to write.")
    output = parser.parse_args(arguments).output
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(markdown(read(), definition.load().areas), encoding="utf-8")
    sys.stdout.write(f"The metrics are in {output}.\n")


def _contents(metrics: Sequence[Row], areas: Mapping[str, str]) -> str:
    rows = (
        (
            f"[`{row['metric_id']}`](#{row['metric_id']})",
            row["question"],
            areas.get(row["area"], ""),
        )
        for row in metrics
    )
    return _table(("metric", "question", "area"), rows)


def _section(metric: Row) -> str:
    rows = ((key, text) for key, text in _facts(metric).items() if text)
    return "\n\n".join(
        (
            f"### `{metric['metric_id']}`",
            f"**{metric['name']}.** *{metric['question']}*",
            metric["definition"],
            _table(("", ""), rows),
        )
    )


def _facts(metric: Row) -> dict[str, str]:
    return {
        "numerator": metric["numerator"],
        "denominator": metric["denominator"],
        "unit": definition.load().unit(metric["unit"], "").words,
        "interval": INTERVALS.get(metric["interval_method"], metric["interval_method"]),
        "direction": _DIRECTIONS.get(metric["direction"], metric["direction"]),
        "signals judge": _JUDGED.get(metric["is_seasonal"].lower(), ""),
        "needs": " ".join(filter(None, (_entities(metric["needs"]), metric["needs_detail"]))),
        "rows that it counts": _counted_rows(metric),
        "source": metric["source"],
        "version": metric["version"],
    }


def _entities(needs: str) -> str:
    return ", ".join(_entity(name.strip()) for name in needs.split(","))


def _entity(name: str) -> str:
    page = "configuration.md" if name in ("promises", "targets") else "sources.md"
    return f"[{name}]({page}#{name})"


def _counted_rows(metric: Row) -> str:
    if not metric["rows_mart"]:
        return ""
    columns = [metric[key] for key in ("rows_numerator", "rows_denominator") if metric[key]]
    return f"`published.{metric['rows_mart']}`: " + " / ".join(
        f"sum of `{name}`" for name in columns
    )


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---"] * len(headings)
    return "\n".join(_line(cells) for cells in (headings, rule, *rows))


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    main()
