"""Risk: a day's run that costs less also shows less, or shows it twice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.daily_site import TOMORROW, Site, open_site

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("daily")]


@pytest.fixture(scope="module")
def site(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a company after its first run."""
    with open_site(server_url, tmp_path_factory.mktemp("daily")) as site:
        yield site


@pytest.fixture(autouse=True)
def after_the_first_run(site: Site) -> None:
    """Begin each test where the first run ended."""
    site.company.write()
    site.restore()


def _exported(site: Site, folder: Path) -> list[dict[str, object]]:
    file = folder / "scorecard.json"
    done = site.concord("export", "--format", "json", "--output", str(file))
    assert done.code == 0, done
    return json.loads(file.read_text())


def test_the_first_run_publishes_figures(site: Site):
    shown = {row["metric_id"] for row in site.published() if row["value"] is not None}
    assert {"retention_rate", "nps", "csat", "first_reply_time", "campaign_roi"} <= shown


def test_a_second_run_of_the_same_files_changes_nothing(site: Site, tmp_path: Path):
    published, raw, exported = site.published(), site.raw_rows(), _exported(site, tmp_path)
    again = site.concord("run")
    assert again.code == 0, again
    assert site.raw_rows() == raw
    assert site.published() == published
    assert _exported(site, tmp_path) == exported


def test_a_days_run_publishes_what_a_build_from_scratch_publishes(site: Site):
    assert site.run_day(TOMORROW).code == 0
    daily = site.published()
    site.make_empty()
    assert site.run_day(TOMORROW).code == 0
    assert len(daily) == len(site.published())
    assert daily == site.published()


def test_a_second_run_at_once_is_refused_while_another_is_on(site: Site):
    first = site.start("run")
    first.wait_for("… transformation")
    second = site.concord("run")
    assert (second.code, "another run is on" in second.err) == (1, True)
    assert first.finish().code == 0
