"""Risk: `concord init` maps an export so that it loads, and its figures mean something else.

What the draft and a person's few lines make of the files is compared with figures worked out from
the files themselves, from the vendors' own columns, by pandas and SciPy.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.fixtures.drafted_company import Edits, company_of, drafted, edited, edited_lines
from tests.fixtures.example_archives import ROOT, Example
from tests.fixtures.vendor_exports import conversations, desks, marketing, reading, zendesk
from tests.fixtures.vendor_exports.figures import (
    MONTHS,
    ZONE,
    into_complaints,
    medians,
    months_of,
    newcomers,
    opened,
    revenue_retained,
    satisfied,
    unsolved,
)

pytestmark = pytest.mark.postgres

MOST_EDITS = 5
COMPANY: Edits = [('time_zone = "UTC"', f'time_zone = "{ZONE}"')]


def brand(name: str, line: str) -> tuple[str, str]:
    """Return the edit that names the brand of tickets, above a line of the draft."""
    return line, f'brand = {{ value = "{name}" }}\n{line}'


EDITS: dict[str, Edits] = {
    "company": COMPANY,
    "zendesk_csv": [
        ('time_zone = "UTC"', 'time_zone = "Europe/Berlin"'),
        brand("zendesk_csv", 'topic = "Group"'),
    ],
    "zendesk_json": [brand("zendesk_json", 'priority = "priority"')],
    "freshdesk": [('time_zone = "UTC"', 'time_zone = "Asia/Kolkata"')],
    "hubspot": [brand("hubspot", 'priority = "properties.hs_ticket_priority"')],
    "zammad": [brand("zammad", 'topic = "group"')],
    "intercom": [brand("intercom", 'channel = "source_type"')],
    "osticket": [
        ('time_zone = "UTC"', 'time_zone = "America/New_York"'),
        brand("osticket", 'topic = "Help Topic"'),
    ],
    "intercom_seeds": [
        brand("intercom_seeds", 'channel = "source_type"'),
        # the latest state of a conversation is the time of its closing
        ('status = "state"', 'solved_at = "updated_at"\nstatus = "state"'),
    ],
    "shopify_csv": [brand("shopify_csv", 'channel = "Source"')],
    "shopify_json": [brand("shopify_json", 'channel = "source_name"')],
}
DESKS = {
    "zendesk_csv": zendesk.zendesk_csv,
    "zendesk_json": zendesk.zendesk_json,
    "freshdesk": desks.freshdesk,
    "hubspot": desks.hubspot,
    "zammad": conversations.zammad,
    "osticket": desks.osticket,
    "intercom": conversations.intercom,
}
SEEDS = ROOT.parent / "shared" / "fixtures" / "warehouse_seeds" / "intercom"
needs_seeds = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="Intercom's own rows are not there: this needs ../shared/fixtures"
)


def seeds(folder: Path) -> None:
    """Copy rows that a connector's authors publish of Intercom, of two conversations."""
    shutil.copytree(SEEDS, folder)


SHOPS = {"shopify_csv": marketing.shopify_csv, "shopify_json": marketing.shopify_json}
MAILINGS = {"klaviyo": marketing.klaviyo, "mailchimp": marketing.mailchimp}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drafted")


@pytest.fixture(scope="module")
def draft(folder: Path) -> str:
    published = {"intercom_seeds": seeds} if SEEDS.is_dir() else {}
    return drafted(folder, DESKS | SHOPS | MAILINGS | published)


@pytest.fixture(scope="module")
def company(draft: str, folder: Path, server_url: str, work_dir: Path) -> Iterator[Example]:
    with company_of(edited(draft, EDITS), folder, server_url, work_dir) as example:
        yield example


def test_each_layout_takes_at_most_five_edited_lines(draft: str) -> None:
    counts = edited_lines(draft, edited(draft, EDITS))
    assert counts["company"] == len(COMPANY)
    assert {name: n for name, n in counts.items() if n + counts["company"] > MOST_EDITS} == {}


def test_nothing_of_any_export_is_lost(company: Example) -> None:
    reports = [part for parts in company.parts.values() for part in parts]
    assert [each for each in reports if each.quarantined] == []
    # an e-mail of Mailchimp's that bounced was sent before; of Intercom's states the latest counts
    folded = {each.file for each in reports if each.folded}
    assert {file for file in folded if "intercom_seeds" not in file} == {
        "exports/mailchimp/member_activity.csv",
        "exports/intercom/conversation_history_data.csv",
    }
    assert company.rows("select * from quarantine.emptied_values") == []


@pytest.mark.parametrize("desk", DESKS)
def test_a_desks_figures_are_those_of_its_files(company: Example, folder: Path, desk: str) -> None:
    tickets = getattr(reading, desk)(folder / "exports" / desk)
    name = {"freshdesk": "Freshmugs"}.get(desk, desk)
    assert figures(company, "ticket_volume", name) == pytest.approx(opened(tickets))
    turns = reading.turns(folder / "exports" / desk) if desk == "intercom" else None
    assert figures(company, "backlog", name) == pytest.approx(unsolved(tickets, turns))
    assert figures(company, "full_resolution_time", name) == pytest.approx(
        medians(tickets, "solved")
    )
    if "rated" in tickets:
        assert figures(company, "csat", name) == pytest.approx(satisfied(tickets))
    if "replied" in tickets:
        assert figures(company, "first_reply_time", name) == pytest.approx(
            medians(tickets, "replied")
        )


def test_what_a_desk_opens_again_was_not_solved(company: Example, folder: Path) -> None:
    closings = reading.turns(folder / "exports" / "intercom").query("part_type == 'close'")
    by_ticket = closings.groupby([months_of(closings["at"]), "conversation_id"])["came_back"].max()
    expected = {month: 100 * float(by_ticket[month].mean()) for month in MONTHS}
    assert figures(company, "reopen_rate", "intercom") == pytest.approx(expected)
    assert min(expected.values()) > 0


@needs_seeds
@pytest.mark.shared
def test_intercoms_own_rows_have_the_figures_of_their_files(company: Example) -> None:
    rows = pd.read_csv(SEEDS / "conversation_history_data.csv", index_col="id")
    now = rows.sort_values("updated_at").groupby(level=0).tail(1)
    tickets = pd.DataFrame(
        {
            "opened": pd.to_datetime(now["created_at"], utc=True),
            "solved": pd.to_datetime(now["updated_at"], utc=True).where(now["state"] == "closed"),
        }
    )
    months = [date(2020, 10, 1), date(2020, 11, 1)]
    volume = figures(company, "ticket_volume", "intercom_seeds", months)
    assert volume == opened(tickets, months) == dict.fromkeys(months, 1)
    backlog = figures(company, "backlog", "intercom_seeds", months)
    assert backlog == unsolved(tickets, None, months) == {months[0]: 1, months[1]: 0}
    took = "select resolution_minutes from marts.conversations where brand = 'intercom_seeds'"
    expected = (tickets["solved"] - tickets["opened"]).dt.total_seconds() / 60
    assert sorted(float(minutes) for (minutes,) in company.rows(took)) == pytest.approx(
        sorted(expected)
    )


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shops_figures_are_those_of_its_files(company: Example, folder: Path, shop: str) -> None:
    orders = getattr(reading, shop)(folder / "exports" / shop)
    assert figures(company, "new_customers", shop) == newcomers(orders)
    assert figures(company, "net_revenue_retention", shop) == pytest.approx(
        revenue_retained(orders)
    )


@pytest.mark.parametrize("system", MAILINGS)
def test_sends_into_complaints_are_those_of_the_files(
    company: Example, folder: Path, system: str
) -> None:
    sends = getattr(reading, system)(folder / "exports" / system)
    complaints = reading.freshdesk(folder / "exports" / "freshdesk").query("is_complaint")
    found = company.measures("open_complaint_send_rate", "campaign")
    rates = {
        (month, campaign.removeprefix(f"{system}:")): (each.numerator, each.n)
        for (month, campaign), each in found.items()
        if campaign.startswith(f"{system}:")
    }
    assert rates == into_complaints(sends, complaints)
    assert sum(bad for bad, _ in rates.values()) > 0


def figures(
    company: Example, metric_id: str, brand: str, months: Sequence[date] = MONTHS
) -> dict[date, float | None]:
    """Return a brand's figures of months."""
    found = company.measures(metric_id, "brand")
    return {month: found[month, brand].value for month in months}
