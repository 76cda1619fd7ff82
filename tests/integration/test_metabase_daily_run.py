"""Risk: Metabase holds up the daily run, or shows other figures than a real warehouse holds."""

import re
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dashboards.scorecard.row_columns import counted_columns
from orchestration.metabase import facts
from orchestration.translators import METABASE
from tests.fixtures.daily_site import TOMORROW, Site, open_site
from tests.fixtures.metabase_server import FakeMetabase, serving

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("metabase")]
NOBODY = '[metabase]\nurl = "http://127.0.0.1:9"\n'


@pytest.fixture(scope="module")
def site(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a company after its first run, without any Metabase."""
    with open_site(server_url, tmp_path_factory.mktemp("metabase")) as opened:
        yield opened


@pytest.fixture
def fake(site: Site) -> Iterator[FakeMetabase]:
    """Give a Metabase whose key is in the environment of the site's commands."""
    with serving(FakeMetabase(warehouse_url=site.url)) as started:
        environment: Any = site.shell.environment
        environment["CONCORD_METABASE_API_KEY"] = started.api_key()
        yield started
        del environment["CONCORD_METABASE_API_KEY"]


def configured(fake: FakeMetabase) -> str:
    return (
        f'[metabase]\nurl = "{fake.url}"\nrecipients = {{ Executives = ["board@example.com"] }}\n'
    )


def test_the_daily_run_publishes_to_metabase_what_it_publishes_on_the_page(
    site: Site, fake: FakeMetabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = site.run_day(TOMORROW, configured(fake))
    assert done.code == 0, done
    assert "✓ published__metabase" in done.out
    assert {each["name"] for each in fake.dashboards.values()} == {
        "Corporate scorecard",
        "Marketing",
        "Customer Service",
    }
    assert fake.refusals == []
    _equals_the_page(site, fake)
    _rows_add_up(site, fake)
    monkeypatch.setenv("DAGSTER_HOME", str(site.workspace / "dagster"))
    _is_linked_in_dagster(fake)
    written = len(fake.writes)
    assert site.concord("publish", "metabase").code == 0
    assert len(fake.writes) == written


def _equals_the_page(site: Site, fake: FakeMetabase) -> None:
    for place in facts(site.url).places:
        rows = _run(fake, place.title)
        wanted = site.query(
            f"select value from published.scorecard where metric_id = '{place.metric_id}'"
            f" and segment_name = '{place.segment[0]}' and segment_value = '{place.segment[1]}'"
            " and not is_partial and (value is not null or suppressed_reason is not null)"
            " order by period_start desc limit 1"
        )
        # A trend ends with the card's month, a plain number begins with it.
        shown = max(rows, key=itemgetter("Month"))["Value"] if rows else None
        assert shown == (wanted[0][0] if wanted else None), place.title


def _rows_add_up(site: Site, fake: FakeMetabase) -> None:
    """Whatever stands behind a card adds up to it: on real marts, for every metric of a card."""
    known, judged = facts(site.url), 0
    for place in known.places:
        metric = known.metrics[place.metric_id]
        last = site.query(
            "select numerator, denominator from published.scorecard where"
            f" metric_id = '{place.metric_id}' and segment_name = 'company' and not is_partial"
            " and (value is not null or suppressed_reason is not null)"
            " order by period_start desc limit 1"
        )
        if not last or last[0][0] is None:
            continue
        rows = _run(fake, f"{place.title}: rows behind")
        counted = counted_columns(metric, known.readable.get(metric.rows_mart or "", {}))
        names = [each.replace("_", " ") for each in counted]
        sums = [sum(row[name] or 0 for row in rows) for name in names]
        wanted = [each for each in last[0] if each is not None][: len(names)]
        assert sums == pytest.approx([float(each) for each in wanted], abs=0.005), place.title
        judged += 1
    assert judged >= 8


def _is_linked_in_dagster(fake: FakeMetabase) -> None:
    with dg.DagsterInstance.get() as instance:
        event = instance.get_latest_materialization_event(METABASE)
    assert event is not None and event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    for board in fake.dashboards.values():
        assert metadata[board["name"]].value == f"{fake.url}/dashboard/{board['id']}"


def _run(fake: FakeMetabase, name: str) -> list[dict[str, Any]]:
    (card,) = [each for each in fake.cards.values() if each["name"] == name]
    columns, rows = fake.run_card(card["id"], {})
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_a_metabase_that_is_down_fails_alone(site: Site) -> None:
    count = "select count(*) from concord.publications where state = 'published'"
    ((before,),) = site.query(count)
    page = site.workspace / "scorecard.html"
    written = page.stat().st_mtime
    environment: Any = site.shell.environment
    environment["CONCORD_METABASE_API_KEY"] = "mb_any"
    done = site.run_day(TOMORROW, NOBODY)
    del environment["CONCORD_METABASE_API_KEY"]
    assert done.code == 1
    assert "✗ failed: published__metabase" in done.out
    assert "Check metabase.url, and that Metabase is running" in done.err
    assert "The scorecard is published all the same" in done.err
    assert site.query(count) == [(before + 1,)]
    assert page.stat().st_mtime > written


def test_the_command_plans_publishes_and_then_finds_nothing_to_do(
    site: Site, fake: FakeMetabase
) -> None:
    site.company.write(settings=configured(fake))
    plan = site.concord("publish", "metabase", "--dry-run")
    assert plan.code == 0, plan
    assert "create dashboard 'Corporate scorecard'" in plan.out
    assert re.search(r"\d+ changes would be made; nothing was written", plan.out)
    assert fake.writes == []
    done = site.concord("publish", "metabase")
    assert done.code == 0, done
    assert f"Corporate scorecard: {fake.url}/dashboard/" in done.out
    again = site.concord("publish", "metabase")
    assert "Metabase is up to date: nothing had to be changed." in again.out
    _holds_no_secret(site, fake, plan.out + done.out + again.out + done.err)


def _holds_no_secret(site: Site, fake: FakeMetabase, said: str) -> None:
    key = site.shell.environment["CONCORD_METABASE_API_KEY"]
    password = (site.workspace / "metabase_reader").read_text()
    assert (site.workspace / "metabase_reader").stat().st_mode & 0o077 == 0
    logs = [path for path in site.workspace.rglob("*.log") if path.is_file()]
    texts = [said, *(path.read_text(errors="replace") for path in logs)]
    assert not [text for text in texts if key in text or password in text]


def test_what_people_changed_in_ours_is_put_back_and_said(site: Site, fake: FakeMetabase) -> None:
    site.company.write(settings=configured(fake))
    assert site.concord("publish", "metabase").code == 0
    (card,) = [each for each in fake.cards.values() if each["name"] == "Net promoter score"]
    card["description"] = "Ask Kim"
    plan = site.concord("publish", "metabase", "--dry-run")
    assert "overwrite question 'Net promoter score': description" in plan.out
    done = site.concord("publish", "metabase", "--force")
    assert done.code == 0
    assert "overwrite question 'Net promoter score': description" in done.out
    assert "Ask Kim" not in {each["description"] for each in fake.cards.values()}


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ("", 2, "has no section [metabase]"),
        ('[metabase]\nurl = "metabase"\n', 2, "metabase.url"),
        ('[metabase]\nurl = "http://a"\nrecipients = { Board = [] }\n', 2, "no group 'Board'"),
        (NOBODY, 1, "GET /api/session/properties"),
    ],
    ids=["no section", "no address", "no such group", "nobody there"],
)
def test_a_fault_is_reported_in_words_with_the_right_code(
    site: Site, settings: str, code: int, words: str
) -> None:
    site.company.write(settings=settings)
    done = site.concord("publish", "metabase")
    assert (done.code, words in done.err) == (code, True), done
    assert "Traceback" not in done.err


def test_an_unpublished_scorecard_is_reported(
    site: Site, tmp_path: Path, fake: FakeMetabase
) -> None:
    site.make_empty()
    site.company.write(settings=configured(fake))
    done = site.concord("publish", "metabase")
    assert (done.code, "nothing is published yet" in done.err) == (1, True), done
