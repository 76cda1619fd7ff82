"""Risk: an alert is sent every day, for noise, for an old month, or not at all."""

from collections.abc import Iterator

import pytest

from dashboards.scorecard.publication import publish
from dashboards.scorecard.records import Company, GateOutcome
from tests.browser.seeded_warehouse import AS_OF, MONTHS
from tests.fixtures.metabase_site import MetabaseSite, open_metabase

pytestmark = pytest.mark.postgres
PASSED = [GateOutcome("publishable: scorecard", True, 41)]
LATEST, BEFORE = MONTHS[-2], MONTHS[-3]
TURNED = "Signals that turned to worsening"


@pytest.fixture
def site(database_url: str) -> Iterator[MetabaseSite]:
    """Give a scorecard on which nothing has turned yet."""
    with open_metabase(database_url, warehouse_url=database_url) as opened:
        opened.query("update marts.scorecard set signal = 'no_signal'")
        opened.query("delete from concord.signal_changes")
        publish_anew(opened)
        opened.publish()
        yield opened


def publish_anew(site: MetabaseSite) -> None:
    publish(site.url, Company("Northwind", True), PASSED, AS_OF)


def worsen(site: MetabaseSite, metric_id: str = "nps", month: object = LATEST) -> None:
    site.query(
        "update marts.scorecard set signal = 'worsening' where metric_id = %s"
        " and segment_name = 'company' and period_start = %s",
        (metric_id, month),
    )
    publish_anew(site)


def turned(site: MetabaseSite) -> list[tuple]:
    return site.query(
        "select metric_id, period_start from published.signal_changes"
        " where segment_name = 'company' order by 1"
    )


def alerted(site: MetabaseSite) -> list[str]:
    _, rows = site.fake.run_card(site.card(TURNED)["id"], {})
    return [row[0] for row in rows]


def test_nothing_turned_alerts_nobody(site: MetabaseSite) -> None:
    assert turned(site) == [] == alerted(site)


def test_a_signal_that_turns_is_noted_once_and_alerts_with_its_owners(site: MetabaseSite) -> None:
    worsen(site)
    assert turned(site) == [("nps", LATEST)]
    columns, rows = site.fake.run_card(site.card(TURNED)["id"], {})
    reported = dict(zip(columns, rows[0], strict=True))
    assert (reported["Card"], reported["Month"]) == ("Net promoter score", f"{LATEST:%b %Y}")
    assert (reported["Owner in Marketing"], reported["Owner in Service"]) == (
        "Dana Ito",
        "Lee Okafor",
    )
    publish_anew(site)
    assert turned(site) == [("nps", LATEST)]


def test_the_same_news_is_not_sent_on_the_next_day(site: MetabaseSite) -> None:
    worsen(site)
    site.query("update concord.signal_changes set changed_at = now() - interval '25 hours'")
    publish_anew(site)
    assert alerted(site) == []


def test_a_signal_that_stays_bad_in_the_next_month_has_not_turned(site: MetabaseSite) -> None:
    worsen(site, month=BEFORE)
    worsen(site, month=LATEST)
    assert turned(site) == []


def test_a_running_month_and_an_old_one_turn_nothing(site: MetabaseSite) -> None:
    worsen(site, month=MONTHS[-1])
    worsen(site, month=MONTHS[4])
    assert turned(site) == []


def test_a_signal_that_was_taken_back_alerts_nobody(site: MetabaseSite) -> None:
    worsen(site)
    site.query("update marts.scorecard set signal = 'no_signal'")
    publish_anew(site)
    assert turned(site) == [("nps", LATEST)]
    assert alerted(site) == []


def test_a_metric_without_a_card_alerts_nobody(site: MetabaseSite) -> None:
    worsen(site, "cost_per_person_reached")
    assert turned(site) == [("cost_per_person_reached", LATEST)]
    assert alerted(site) == []


def test_a_warehouse_of_an_older_version_keeps_what_it_recorded(site: MetabaseSite) -> None:
    worsen(site)
    for statement in (
        "drop view published.signal_changes",
        "alter table concord.signal_changes rename to signal_turns",
        "alter table concord.signal_turns rename column changed_at to turned_at",
        "create view published.signal_turns as select * from concord.signal_turns",
    ):
        site.query(statement)
    site.publish()
    assert turned(site) == [("nps", LATEST)]
    assert alerted(site) == ["Net promoter score"]
