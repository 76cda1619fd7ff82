"""Risk: a day's run shows less, or shows it twice, or builds on what a killed one left.

Each step is killed with a new day's rows at hand, in the middle of its work. The next run does
what the killed one left, and is killed in the step after that; so it goes through the whole job,
and then one more run must publish what an undisturbed one publishes.
"""

import json
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.commands import Running
from tests.fixtures.daily_site import TOMORROW, Site, open_site

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("daily")]

STEPS = (
    "concord__settings",
    "raw__shop",
    "raw__desk",
    "raw__shop_arrival",
    "raw__desk_arrival",
    "staging",
    "analytics__text_scores",
    "analytics__identifiers",
    "paths",
    "analytics__credit_effects",
    "analytics__crises",
    "transformation",
    "marts__scorecard_publishable",
    "published__scorecard",
    "published__page",
)


@dataclass(frozen=True)
class Undisturbed:
    """A site whose kept state is a day old, and what a whole run makes of the new day."""

    site: Site
    published: list[dict[str, Any]]
    seconds: dict[str, float]


@pytest.fixture(scope="module")
def undisturbed(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    """Run the new day once without disturbance."""
    with open_site(server_url, tmp_path_factory.mktemp("daily")) as site:
        run = site.run_day(TOMORROW)
        assert run.code == 0, run
        seconds = {step: float(took) for step, took in re.findall(r"✓ (\w+) ([\d.]+) s", run.out)}
        yield Undisturbed(site, site.published(), seconds)


@pytest.fixture
def site(undisturbed: Undisturbed) -> Site:
    """Give the site as its first run left it, and the new day's exports."""
    undisturbed.site.restore()
    undisturbed.site.company.write(TOMORROW)
    return undisturbed.site


def _exported(site: Site, folder: Path) -> list[dict[str, object]]:
    file = folder / "scorecard.json"
    done = site.concord("export", "--format", "json", "--output", str(file))
    assert done.code == 0, done
    return json.loads(file.read_text())


def test_the_first_run_publishes_figures(site: Site):
    shown = {row["metric_id"] for row in site.published() if row["value"] is not None}
    assert {"retention_rate", "nps", "csat", "first_reply_time", "campaign_roi"} <= shown


def test_a_second_run_of_the_same_files_changes_nothing_and_goes_alone(site: Site, tmp_path: Path):
    site.company.write()
    published, raw, exported = site.published(), site.raw_rows(), _exported(site, tmp_path)
    again = site.start("run")
    again.wait_for("… transformation")
    at_once = site.concord("run")
    assert (at_once.code, "another run is on" in at_once.err) == (1, True)
    assert again.finish().code == 0
    assert site.raw_rows() == raw
    assert site.published() == published
    assert _exported(site, tmp_path) == exported


def test_a_days_run_publishes_what_a_build_from_scratch_publishes(
    site: Site, undisturbed: Undisturbed
):
    site.make_empty()
    run = site.concord("run")
    assert run.code == 0, run
    assert len(site.published()) == len(undisturbed.published)
    assert site.published() == undisturbed.published


def test_every_step_of_the_job_is_killed_below(undisturbed: Undisturbed):
    assert set(undisturbed.seconds) == {"warehouse", *STEPS}


@pytest.mark.timeout(1800)
def test_a_run_that_is_interrupted_and_killed_in_each_step_ends_like_an_undisturbed_one(
    site: Site, undisturbed: Undisturbed
):
    before = site.published()
    interrupted = _started(site, "raw__shop", undisturbed)
    tries = interrupted.interrupt()
    finished = interrupted.finish()
    assert (finished.code, "… staging" in finished.out) == (1, False), finished
    assert "is published." not in finished.out
    assert tries > 1 or "✗ raw__" in finished.out + finished.err
    assert site.published() == before

    for step in STEPS:
        killed = _started(site, step, undisturbed)
        killed.kill()
        assert killed.finish().code == -signal.SIGKILL, step
    last = site.concord("run")
    assert last.code == 0, last
    assert site.published() == undisturbed.published


def _started(site: Site, step: str, undisturbed: Undisturbed) -> Running:
    """Start a run, and wait until it is at work on a step.

    A quarter of the time that the step took before: it may take less now, beside other tests.
    """
    run = site.start("run")
    run.wait_for(f"… {step}")
    time.sleep(undisturbed.seconds[step] / 4)
    return run
