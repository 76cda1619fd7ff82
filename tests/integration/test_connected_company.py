"""Risk: a connector's rows mean something else to the models than the vendor meant.

A day's run reads four vendors, and another one after edits; each figure has to be what their
objects say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.fixtures.commands import Shell, open_shell
from tests.fixtures.connected_company import NOW, SECTIONS, ConnectedCompany, connected_company
from tests.fixtures.connected_company_figures import Figures, figures
from tests.fixtures.connected_desk import HOUR, Desk

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.xdist_group("connected"),
    pytest.mark.timeout(1800),  # the first one makes both runs
]

TOMORROW = NOW + timedelta(days=1)
METRICS = (
    "ticket_volume",
    "ticket_volume email",
    "ticket_volume form",
    "ticket_volume phone",
    "ticket_volume chat",
    "first_reply_time",
    "reopen_rate",
    "backlog",
    "csat",
    "nps",
    "new_customers",
    "new_customers web",
    "new_customers store",
    "new_customers app",
    "new_customers other",
    "retention_rate",
    "repeat_purchase_rate",
    "net_revenue_retention",
    "email_open_rate",
    "email_click_rate",
    "open_complaint_send_rate",
    "joint_credit_share",
)


@dataclass(frozen=True)
class State:
    """What the vendors' objects say, and what a run published of them."""

    counted: dict[str, Figures]
    published: dict[str, Figures]


@dataclass(frozen=True)
class Site:
    """Where the company runs Concord, and its states after each run."""

    company: ConnectedCompany
    shell: Shell
    workspace: Path
    url: str

    def concord(self, *arguments: str) -> str:
        """Run a command; it has to end well."""
        where = ("--config", str(self.company.config), "--workspace", str(self.workspace))
        done = self.shell.run(*where, *arguments)
        assert done.code == 0, done
        return done.out

    def run(self, now: datetime) -> State:
        """Run a day, and count the same from the vendors' objects."""
        self.company.write(now)
        self.concord("run")
        return State(figures(self.company, now), published(self.url))


@pytest.fixture(scope="module")
def site(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("connected")
    environment = {"CONCORD_DATABASE_URL": module_database_url}
    with (
        connected_company(folder / "company") as company,
        open_shell(folder / "shell", environment) as shell,
    ):
        company.write(NOW)
        yield Site(company, shell, folder / "workspace", module_database_url)


@pytest.fixture(scope="module")
def states(site: Site) -> dict[str, State]:
    """Run a day, edit what the vendors have, and run the next one."""
    first = site.run(NOW)
    edit(site.company)
    return {"as loaded": first, "after edits": site.run(TOMORROW)}


def edit(company: ConnectedCompany) -> None:
    """Pay back, reopen, delete, merge, rate and click, all in the day after NOW."""
    desk, at = Desk(company.desk, TOMORROW, count(9_000)), NOW + 4 * HOUR
    company.refund("20", "60.00", at)
    desk.turn(48, "open", 1011, at)
    desk.change(14, at, status="deleted")
    desk.change(4, at, status="closed", tags=["closed_by_merge"])
    desk.rate(48, "bad", at - 8 * HOUR, at)
    company.click("k3", "h6")


def published(url: str) -> dict[str, Figures]:
    """Return numerator and denominator by metric, of a time the median and how many waited."""
    query = """
        select
            metric_id || case when segment_name = 'channel' then ' ' || segment_value else '' end,
            period_start,
            case when unit = 'minutes' then value else numerator end,
            case when unit = 'minutes' then n else denominator end
        from published.scorecard where segment_name in ('company', 'channel')
    """
    found: dict[str, dict[date, tuple[float, float | None]]] = {}
    with psycopg.connect(url) as connection:
        for metric, month, *parts in connection.execute(query):
            given, whole = (None if part is None else float(part) for part in parts)
            found.setdefault(metric, {})[month] = (given, whole)
    return found


def without_nothing(by_month: Figures) -> Figures:
    """Leave out counts of 0 and shares of none."""
    return {
        month: (given, whole)
        for month, (given, whole) in by_month.items()
        if (given if whole is None else whole)
    }


@pytest.mark.parametrize("state", ["as loaded", "after edits"])
@pytest.mark.parametrize("metric", METRICS)
def test_a_figure_is_what_the_vendors_objects_say(states, state, metric):
    counted = without_nothing(states[state].counted[metric])
    found = without_nothing(states[state].published[metric])
    assert found == {month: pytest.approx(each, abs=0.01) for month, each in counted.items()}


def test_the_edits_change_figures_of_each_vendor(states):
    before, after = states["as loaded"].published, states["after edits"].published
    changed = {metric for metric in METRICS if before[metric] != after[metric]}
    assert {"ticket_volume", "reopen_rate", "csat", "email_click_rate"} <= changed
    assert "joint_credit_share" in changed


def test_the_sources_can_be_checked(site):
    checked = site.concord("sources", "check")
    assert [name for name in SECTIONS if f"✓ {name}: " not in checked] == []


@pytest.mark.parametrize("name", SECTIONS)
def test_a_source_can_be_previewed(site, name):
    previewed = site.concord("sources", "preview", name)
    judged = re.findall(r"to quarantine: (\d+)", previewed)
    assert judged and set(judged) == {"0"}
