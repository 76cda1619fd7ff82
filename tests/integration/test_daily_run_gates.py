"""Risk: bad data reaches readers, or a gate holds good data back, or nobody learns why."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from fastapi.testclient import TestClient

from dashboards.scorecard.app import create_app
from orchestration import acceptances
from tests.fixtures.daily_site import TOMORROW, Site, open_site
from tests.fixtures.exporting_company import Row

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("daily_gates")]


def _unreadable(row: Row, number: int) -> Row:
    return row | {"ordered_at": "yesterday"} if number % 5 < 2 else row


def _of_another_brand(row: Row, number: int) -> Row:
    return row | {"brand": "Albatross"} if number % 3 == 0 else row


def _old_ones_dated_anew(row: Row, number: int) -> Row:
    is_old = row["ordered_at"] < "2025-09-01"
    return row | {"ordered_at": f"2026-03-{5 + number % 6:02}T12:00:00+00:00"} if is_old else row


BROKEN_FILES: dict[str, tuple[Callable[[Row, int], Row], str]] = {
    "40 % of the rows unreadable": (_unreadable, "went to quarantine"),
    "an unknown brand": (_of_another_brand, "Albatross"),
    "many times the volume of a week": (_old_ones_dated_anew, "where a usual week has"),
}


@pytest.fixture(scope="module")
def site(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a company after its first run."""
    with open_site(server_url, tmp_path_factory.mktemp("gates")) as site:
        yield site


@pytest.fixture(autouse=True)
def after_the_first_run(site: Site) -> None:
    """Begin each test where the first run ended, on the next morning."""
    site.restore()
    site.company.write(TOMORROW)


@pytest.mark.parametrize("fault", BROKEN_FILES)
def test_a_broken_file_stops_at_gate_1(site: Site, fault: str, tmp_path: Path):
    change, words = BROKEN_FILES[fault]
    published = site.published()
    site.company.rewrite("orders", TOMORROW, change)
    blocked = site.concord("run")
    assert blocked.code == 1, blocked
    assert words in " ".join(blocked.err.split())
    assert "… staging" not in blocked.out
    _assert_held(site, published, words, tmp_path)
    _assert_dagster_knows(site, failed_check="arrival", unreached="staging")


def test_a_load_that_fails_is_said_where_people_look(site: Site):
    published = site.published()
    (site.company.folder / "orders.csv").unlink()
    failed = site.concord("run")
    assert failed.code == 2, "the configuration names a file that isn't there"
    assert site.published() == published
    assert _health(site)["is_held"]
    words = "no file matches"
    assert words in " ".join(site.concord("status").out.split())
    assert words in TestClient(create_app(site.url)).get("/").text


def test_a_file_that_cant_be_read_stops_itself_alone(site: Site):
    before = site.query("select count(*) from raw.orders")
    (site.company.folder / "orders.csv").write_text("")
    run = site.concord("run")
    assert run.code == 1, run
    words = "orders.csv is empty"
    assert words in " ".join((run.out + run.err).split())
    assert words in " ".join(site.concord("status").out.split())
    assert not _health(site)["is_held"], "the other files are published"
    assert site.query("select count(*) from raw.orders") == before, "and what came earlier"


def test_a_column_that_the_file_lacks_is_tried_once_and_is_wrong_use(site: Site):
    site.company.rewrite(
        "orders",
        TOMORROW,
        lambda row, _: {name: value for name, value in row.items() if name != "gross_amount"},
    )
    failed = site.concord("run")
    assert failed.code == 2, failed
    assert "shop: orders.csv has no column 'gross_amount'" in failed.err
    assert "Fault" not in failed.err
    assert failed.out.count("… raw__shop") == 1


def test_a_mended_file_passes_gate_1_and_its_run_ends_with_the_rows_it_could_not_read(site: Site):
    def two_are_no_number(row: Row, number: int) -> Row:
        return row | {"gross_amount": "abc"} if number in (4, 7) else row

    published = site.published()
    site.company.rewrite(
        "orders", TOMORROW, lambda row, number: _of_another_brand(_unreadable(row, number), number)
    )
    assert site.concord("run").code == 1
    site.company.rewrite("orders", TOMORROW, two_are_no_number)
    mended = site.concord("run")
    assert mended.code == 0, mended
    words = " loaded, 2 quarantined: orders.csv:6 gross_amount 'abc' is not a number"
    assert mended.out.splitlines()[-1].endswith(words), mended
    assert site.published() != published
    assert not _health(site)["is_held"]
    status = site.concord("status").out
    assert all(word in status for word in ("orders.csv:6", "gross_amount", "abc"))
    assert "BLOCKED" not in status


def test_a_jump_stops_at_gate_2_and_passes_once_it_is_accepted_or_explained(
    site: Site, tmp_path: Path
):
    _quadruple_january(site)
    published = site.published()
    words = "new_customers of the whole company for January 2024 is published as"
    blocked = site.concord("run")
    assert blocked.code == 1, blocked
    assert words in " ".join(blocked.err.split())
    assert "… published__scorecard" not in blocked.out
    _assert_held(site, published, words, tmp_path)
    _assert_dagster_knows(site, failed_check="publishable", unreached="published__scorecard")

    (finding,) = acceptances.stopping(site.url, ())
    assert finding in site.concord("accept").out
    assert site.concord("accept", finding).code == 2, "without a reason"
    assert site.concord("accept", "00000000", "--reason", "it is right").code == 2
    accept = ("accept", finding, "--reason", "counted four times", "--by", "Ana Reyes")
    assert site.concord(*accept).code == 0
    accepted = site.concord("run")
    assert accepted.code == 0, accepted
    page = TestClient(create_app(site.url))
    words = "accepted by Ana Reyes on"
    assert words in page.get("/").text
    assert "counted four times" in page.get("/metric/new_customers").text
    assert site.published() != published
    _assert_restated(site, "acceptance", "counted four times")

    _quadruple_january(site)
    explanation = (
        '[[explanations]]\nmetrics = ["new_customers"]\nreason = "a duplicate export"\n'
        "first_month = 2024-01-15\nlast_month = 2024-01-15\n"
    )
    explained = site.run_day(TOMORROW, explanation)
    assert explained.code == 0, explained
    assert not _health(site)["is_held"]
    _assert_restated(site, "explanation", "a duplicate export")
    assert words not in page.get("/").text, "what it let pass is published, and nothing is held"
    assert site.query("select count(*) from concord.acceptances where ended_at is null") == [(0,)]


def _quadruple_january(site: Site) -> None:
    """Publish a figure that the next run will find four times too high."""
    site.query(
        """
        update published.scorecard set value = value * 4
        where metric_id = 'new_customers' and segment_name = 'company'
        and period_start = '2024-01-01'
        """
    )


def _assert_restated(site: Site, cause: str, words: str) -> None:
    """Find why the figure of January 2024 is another one since the last run."""
    ((found, detail, old, new),) = site.query(
        """
        select cause, detail, old_value, new_value from published.restatements
        where metric_id = 'new_customers' and segment_name = 'company'
        and period_start = '2024-01-01'
        order by restated_at desc
        limit 1
        """
    )
    assert found == cause
    assert words in detail
    assert old == 4 * new


def _assert_held(site: Site, published: list[dict[str, object]], words: str, folder: Path) -> None:
    """Hold what readers see against what they saw: the same, marked, with the reason."""
    assert site.published() == published
    status = site.concord("status")
    assert status.code == 0
    assert "BLOCKED" in status.out
    assert words in " ".join(status.out.split())
    assert _health(site)["is_held"]
    assert words in TestClient(create_app(site.url)).get("/").text
    file = folder / "scorecard.html"
    assert site.concord("export", "--format", "html", "--output", str(file)).code == 0
    assert words in file.read_text()


def _health(site: Site) -> dict[str, object]:
    return TestClient(create_app(site.url)).get("/health").json()


def _assert_dagster_knows(site: Site, failed_check: str, unreached: str) -> None:
    """Look into Dagster's own records of the run that just ended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(site.workspace / "dagster"))
        instance = dg.DagsterInstance.get()
    with instance:
        (run,) = instance.get_runs(limit=1)
        assert run.status == dg.DagsterRunStatus.FAILURE
        events = [entry.dagster_event for entry in instance.all_logs(run.run_id)]
        failed = {
            event.asset_check_evaluation_data.check_name
            for event in events
            if event
            and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
            and not event.asset_check_evaluation_data.passed
        }
        started = {
            event.step_key
            for event in events
            if event and event.event_type == dg.DagsterEventType.STEP_START
        }
    assert failed == {failed_check}
    assert unreached not in started
