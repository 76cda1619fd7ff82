"""Risk: the benchmarks rot unseen: they measure a company that no longer runs, or nothing."""

import json
from functools import partial
from pathlib import Path

import pytest

from benchmarks import __main__ as runner
from benchmarks import comparisons, page, placebos, scale
from benchmarks.company import Company
from benchmarks.exports import Exports
from benchmarks.sizes import QUICK

pytestmark = pytest.mark.postgres


def test_quick_benchmarks_run_and_write_what_they_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "found.json"
    words = ["--quick", "--output", str(output)]
    words += [word for name in ("loading", "memory", "sources") for word in ("--only", name)]
    assert runner.main(words) == 0
    content = json.loads(output.read_text())
    names = [each["benchmark"] for each in content["findings"]]
    assert names == ["files source"] * 3 + ["memory"] + ["sources"] * 9
    assert all(each["value"] > 0 for each in content["findings"])
    assert {"aim", "verdict", "samples"} <= set(content["findings"][0])
    assert "speed beside COPY" in capsys.readouterr().out


def test_a_tiny_company_has_the_figures_of_the_hand_written_sql_and_is_measured(
    tmp_path: Path,
) -> None:
    exports = Exports(tmp_path / "exports", QUICK.scale)
    exports.write_history()
    with Company(tmp_path / "workspace", exports.configuration()) as company:
        first = company.run(exports.clock(0))
        scale.compare(company, exports)
        assert min(first.parts[part] for part in ("loading", "dbt", "gates")) > 0
        found = page.one_reader(company, QUICK)
        # `make bench` measures them during a run; here they would slow all other tests.
        found += page.fifty_readers(company, partial(exports.write_day, 1), QUICK)
        company.run(exports.clock(1))
        scale.compare(company, exports)
    assert all(finding.value > 0 for finding in found)


def test_events_that_do_nothing_are_compared_in_companies_of_their_own(
    database_url: str, tmp_path: Path
) -> None:
    found = list(comparisons.effects(database_url, tmp_path, range(2)))
    outcomes = ("ordered_within_90_days", "spent_within_90_days")
    kinds = {(event, outcome) for event in placebos.LIKELIHOODS for outcome in outcomes}
    assert {(each.event, each.outcome) for each in found} == kinds
    assert len({each.value for each in found}) == 2 * len(kinds)
    assert all(each.low < each.value < each.high for each in found)
