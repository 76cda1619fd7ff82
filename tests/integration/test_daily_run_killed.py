"""Risk: a run that is killed in the middle of a step leaves something that the next one builds on.

Each step is killed with a new day's rows at hand, in the middle of its work. The next run does
what the killed one left, and is killed in the step after that; so it goes through a stretch of
the job, and then one more run must publish what an undisturbed one publishes.
"""

import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fixtures.daily_site import TOMORROW, Site, open_site

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("daily_killed")]

STRETCHES = {
    "loading": (
        "concord__settings",
        "raw__shop",
        "raw__desk",
        "raw__shop_arrival",
        "raw__desk_arrival",
    ),
    "building": (
        "staging",
        "analytics__text_scores",
        "analytics__identifiers",
        "paths",
        "analytics__credit_effects",
        "analytics__crises",
        "transformation",
    ),
    "publishing": ("marts__scorecard_publishable", "published__scorecard", "published__page"),
}


@dataclass(frozen=True)
class Undisturbed:
    """A site whose kept state is a day old, and what a whole run makes of the new day."""

    site: Site
    published: list[dict[str, Any]]
    seconds: dict[str, float]


@pytest.fixture(scope="module")
def undisturbed(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    """Run the new day once without disturbance."""
    with open_site(server_url, tmp_path_factory.mktemp("killed")) as site:
        run = site.run_day(TOMORROW)
        assert run.code == 0, run
        seconds = {step: float(took) for step, took in re.findall(r"✓ (\w+) ([\d.]+) s", run.out)}
        yield Undisturbed(site, site.published(), seconds)


def test_every_step_of_the_job_is_killed_below(undisturbed: Undisturbed):
    killed = {step for steps in STRETCHES.values() for step in steps}
    assert set(undisturbed.seconds) == {"warehouse", *killed}


@pytest.mark.parametrize("stretch", STRETCHES)
def test_runs_killed_in_each_step_and_one_more_end_like_an_undisturbed_one(
    undisturbed: Undisturbed, stretch: str
):
    site = undisturbed.site
    site.restore()
    for step in STRETCHES[stretch]:
        killed = site.start("run")
        killed.wait_for(f"… {step}")
        time.sleep(undisturbed.seconds[step] / 2)
        killed.kill()
        assert killed.finish().code == -signal.SIGKILL, step
    last = site.concord("run")
    assert last.code == 0, last
    assert site.published() == undisturbed.published


def test_an_interrupt_while_a_source_loads_ends_the_run(undisturbed: Undisturbed):
    site = undisturbed.site
    site.restore()
    before = site.published()
    interrupted = site.start("run")
    interrupted.wait_for("… raw__shop")
    time.sleep(undisturbed.seconds["raw__shop"] / 2)
    interrupted.interrupt()
    finished = interrupted.finish()
    assert (finished.code, "… staging" in finished.out) == (1, False), finished
    assert "✗ raw__" in finished.out + finished.err
    assert site.published() == before
    again = site.concord("run")
    assert again.code == 0, again
    assert site.published() == undisturbed.published
