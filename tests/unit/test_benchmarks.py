"""Risk: the benchmarks rot unseen, or a ratio is computed the wrong way round."""

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as runner
from benchmarks import daily, loading, orders
from benchmarks.company import TRANSFORMATION, Timed
from benchmarks.finding import Finding, Verdict, at_least, at_most

MAKEFILE = Path(__file__).parents[2] / "Makefile"


def timed(transformation: float, other: float = 0, outside: float = 0) -> Timed:
    steps = dict.fromkeys(TRANSFORMATION, transformation / 4) | {"raw__exports": other}
    seconds = transformation + other + outside
    return Timed(seconds, seconds / 2, seconds / 2, steps)


def by_words(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings}


def test_an_aim_is_judged_from_its_own_side() -> None:
    assert at_least(0.5).judge(0.6) is Verdict.MET
    assert at_least(0.5).judge(0.4) is Verdict.MISSED
    assert at_most(10).judge(9) is Verdict.MET
    assert at_most(10).judge(11) is Verdict.MISSED
    assert Finding("a", "b", 1, " s").verdict is Verdict.COMPARED


def test_a_source_half_as_fast_as_copy_has_the_ratio_one_half() -> None:
    seconds = {"source": [4, 10, 4], "keyed COPY": [2, 2, 9], "bare COPY": [1, 1, 1]}
    found = by_words(loading._findings(seconds, 1000))
    assert found["speed beside COPY into the same key"].value == 0.5
    assert found["speed beside COPY without a key"].value == 0.25
    assert found["rows a second, of 1,000"].value == 250


def test_days_are_compared_with_the_build_of_all_history_and_with_a_shorter_one() -> None:
    runs = {
        "long full": [timed(102)],
        "tiny full": [timed(2)],
        "long day": [timed(11, other=3, outside=6)],
        "short day": [timed(10)],
        "tiny day": [timed(1, outside=2)],
        "long days": [timed(22)],
        "short days": [timed(20)],
    }
    found = [finding.value for finding in daily.findings_of(runs, 200, 100)]
    assert found == pytest.approx([100 * 11 / 102, 10] + 2 * [100 * 20 / 102] + [1.1, 2, 20, 3, 2])


def test_the_benchmarked_file_holds_as_many_different_orders_as_asked_for(tmp_path: Path) -> None:
    orders.write(tmp_path / "orders.csv", 300_001)
    lines = (tmp_path / "orders.csv").read_text().splitlines()
    assert [name.strip('"') for name in lines[0].split(",")] == list(orders.COLUMNS)
    assert len({line.split(",")[0] for line in lines[1:]}) == 300_001


@pytest.mark.postgres
def test_quick_benchmarks_run_and_write_what_they_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "found.json"
    words = ["--quick", "--only", "loading", "--only", "memory", "--output", str(output)]
    assert runner.main(words) == 0
    content = json.loads(output.read_text())
    assert [each["benchmark"] for each in content["findings"]] == ["files source"] * 3 + ["memory"]
    assert all(each["value"] > 0 for each in content["findings"])
    assert {"aim", "verdict", "samples"} <= set(content["findings"][0])
    assert "speed beside COPY" in capsys.readouterr().out


def test_make_bench_runs_the_benchmarks() -> None:
    assert "python -m benchmarks" in MAKEFILE.read_text()
