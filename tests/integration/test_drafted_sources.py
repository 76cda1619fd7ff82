"""Risk: `concord init` maps an export so that it loads, and its figures mean something else.

What the draft and a person's few lines make of the files is compared with figures worked out here
from the files themselves, with the vendors' own columns, by pandas and SciPy.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from tests.fixtures.drafted_company import Edits, company_of, drafted, edited, edited_lines
from tests.fixtures.example_archives import Example
from tests.fixtures.vendor_exports import desks, marketing
from tests.fixtures.vendor_exports.courses import NOW

pytestmark = pytest.mark.postgres

MOST_EDITS = 5
ZONE = "Europe/Berlin"
HORIZON = pd.Timedelta(days=60)
MONTHS = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]
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
    "osticket": [
        ('time_zone = "UTC"', 'time_zone = "America/New_York"'),
        brand("osticket", 'topic = "Help Topic"'),
    ],
    "shopify_csv": [brand("shopify_csv", 'channel = "Source"')],
    "shopify_json": [brand("shopify_json", 'channel = "source_name"')],
}
DESKS = {
    "zendesk_csv": desks.zendesk_csv,
    "zendesk_json": desks.zendesk_json,
    "freshdesk": desks.freshdesk,
    "hubspot": desks.hubspot,
    "zammad": desks.zammad,
    "osticket": desks.osticket,
}
SHOPS = {"shopify_csv": marketing.shopify_csv, "shopify_json": marketing.shopify_json}
MAILINGS = {"klaviyo": marketing.klaviyo, "mailchimp": marketing.mailchimp}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drafted")


@pytest.fixture(scope="module")
def draft(folder: Path) -> str:
    return drafted(folder, DESKS | SHOPS | MAILINGS)


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
    # what happened to a send of Mailchimp's is one row: those that bounced had been sent before
    assert {each.file for each in reports if each.folded} == {
        "exports/mailchimp/member_activity.csv"
    }
    assert company.rows("select * from quarantine.emptied_values") == []


@pytest.mark.parametrize("desk", DESKS)
def test_a_desks_figures_are_those_of_its_files(company: Example, folder: Path, desk: str) -> None:
    tickets = READ[desk](folder / "exports" / desk)
    name = {"freshdesk": "Freshmugs"}.get(desk, desk)
    assert figures(company, "ticket_volume", name) == pytest.approx(opened(tickets))
    assert figures(company, "backlog", name) == pytest.approx(unsolved(tickets))
    assert figures(company, "full_resolution_time", name) == pytest.approx(
        medians(tickets, "solved")
    )
    if "rated" in tickets:
        assert figures(company, "csat", name) == pytest.approx(satisfied(tickets))
    if "replied" in tickets:
        assert figures(company, "first_reply_time", name) == pytest.approx(
            medians(tickets, "replied")
        )


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shops_figures_are_those_of_its_files(company: Example, folder: Path, shop: str) -> None:
    orders = READ[shop](folder / "exports" / shop)
    assert figures(company, "new_customers", shop) == newcomers(orders)
    assert figures(company, "net_revenue_retention", shop) == pytest.approx(
        revenue_retained(orders)
    )


@pytest.mark.parametrize("system", MAILINGS)
def test_sends_into_complaints_are_those_of_the_files(
    company: Example, folder: Path, system: str
) -> None:
    sends = READ[system](folder / "exports" / system)
    complaints = freshdesk(folder / "exports" / "freshdesk").query("is_complaint")
    found = company.measures("open_complaint_send_rate", "campaign")
    rates = {
        (month, campaign.removeprefix(f"{system}:")): (each.numerator, each.n)
        for (month, campaign), each in found.items()
        if campaign.startswith(f"{system}:")
    }
    assert rates == into_complaints(sends, complaints)
    assert sum(bad for bad, _ in rates.values()) > 0


def figures(company: Example, metric_id: str, brand: str) -> dict[date, float | None]:
    """Return a brand's figures of the months that all exports have."""
    found = company.measures(metric_id, "brand")
    return {month: found[month, brand].value for month in MONTHS}


# What the files say: of each ticket when it was opened, solved at last (or not), rated and replied.


def zendesk_csv(folder: Path) -> pd.DataFrame:
    """Solves come from the minutes that Zendesk counts itself."""
    rows = pd.read_csv(folder / "tickets.csv")
    created = utc(rows["Created at"], "Europe/Berlin", "%Y-%m-%d %H:%M")
    took = pd.to_timedelta(rows["Full resolution time in minutes"], unit="min")
    score = rows["Satisfaction Score"]
    rated = utc(rows["Updated at"], "Europe/Berlin", "%Y-%m-%d %H:%M")
    return pd.DataFrame(
        {
            "opened": created,
            "solved": (created + took).where(rows["Status"].isin(["Solved", "Closed"])),
            "rated": rated.where(score.isin(["Good", "Bad"])),
            "is_satisfied": score == "Good",
        }
    )


def zendesk_json(folder: Path) -> pd.DataFrame:
    rows = pd.json_normalize(_json(folder / "tickets.json")["tickets"]).set_index("id")
    ratings = pd.json_normalize(_json(folder / "satisfaction_ratings.json")["satisfaction_ratings"])
    answers = ratings[ratings["score"].isin(["good", "bad"])].set_index("ticket_id")
    created = pd.to_datetime(rows["created_at"], utc=True)
    took = pd.to_timedelta(rows["metric_set.full_resolution_time_in_minutes.calendar"], unit="min")
    return pd.DataFrame(
        {
            "opened": created,
            "solved": (created + took).where(rows["status"].isin(["solved", "closed"])),
            "rated": pd.to_datetime(answers["updated_at"], utc=True).reindex(rows.index),
            "is_satisfied": (answers["score"] == "good").reindex(rows.index, fill_value=False),
        }
    )


def freshdesk(folder: Path) -> pd.DataFrame:
    """Solves come from hours, minutes and seconds, which go beyond a day."""
    rows = pd.read_csv(folder / "tickets.csv")
    form = "%d-%m-%Y %H:%M"
    created = utc(rows["Created time"], "Asia/Kolkata", form)
    took = pd.to_timedelta(rows["Resolution time (in hrs)"])
    answer = rows["Survey results"]
    return pd.DataFrame(
        {
            "opened": created,
            "solved": (created + took).where(rows["Status"].isin(["Resolved", "Closed"])),
            "rated": utc(rows["Last update time"], "Asia/Kolkata", form).where(answer.notna()),
            "is_satisfied": answer == "Extremely Happy",
            "is_complaint": rows["Type"] == "Complaint",
            "email": rows["Email"],
        }
    )


def hubspot(folder: Path) -> pd.DataFrame:
    """Archived records are deleted ones."""
    rows = pd.json_normalize(_json(folder / "tickets.json")["results"])
    rows = rows[~rows["archived"]]
    created = pd.to_datetime(rows["properties.createdate"].astype("int64"), unit="ms", utc=True)
    took = pd.to_timedelta(rows["properties.time_to_close"].astype(float), unit="ms")
    is_closed = rows["properties.hs_pipeline_stage"] == "4"
    return pd.DataFrame({"opened": created, "solved": (created + took).where(is_closed)})


def zammad(folder: Path) -> pd.DataFrame:
    """The first answer is the first of an agent that is no note; the system's own are none."""
    rows = pd.read_csv(folder / "tickets.csv", index_col="id")
    rows = rows[rows["state"] != "merged"]
    articles = pd.read_csv(folder / "ticket_articles.csv")
    answers = articles[(articles["sender"] == "Agent") & ~articles["internal"]]
    replied = pd.to_datetime(answers.groupby("ticket_id")["created_at"].min(), utc=True)
    solved = pd.to_datetime(rows["last_close_at"], utc=True)
    return pd.DataFrame(
        {
            "opened": pd.to_datetime(rows["created_at"], utc=True),
            "solved": solved.where(rows["state"] == "closed"),
            "replied": replied.reindex(rows.index),
        }
    )


def osticket(folder: Path) -> pd.DataFrame:
    (path,) = folder.glob("*.csv")
    rows = pd.read_csv(path)
    form = "%m/%d/%y %I:%M %p"
    return pd.DataFrame(
        {
            "opened": utc(rows["Date Created"], "America/New_York", form),
            "solved": utc(rows["Closed Date"], "America/New_York", form),
        }
    )


def shopify_csv(folder: Path) -> pd.DataFrame:
    """An order's own columns are on the first of its lines."""
    (path,) = folder.glob("orders_*.csv")
    rows = pd.read_csv(path).groupby("Name").first()
    rows = rows[(rows["Financial Status"] != "voided") & rows["Cancelled at"].isna()]
    return pd.DataFrame(
        {
            "who": rows["Email"],
            "at": pd.to_datetime(rows["Created at"], utc=True),
            "net": rows["Total"] - rows["Refunded Amount"],
        }
    )


def shopify_json(folder: Path) -> pd.DataFrame:
    """What went back is what the refunds' transactions say."""
    orders = [
        each
        for each in _json(folder / "orders.json")["orders"]
        if not each["test"] and not each["cancelled_at"] and each["financial_status"] != "voided"
    ]
    back = [
        sum(float(each["amount"]) for refund in order["refunds"] for each in refund["transactions"])
        for order in orders
    ]
    rows = pd.json_normalize(orders)
    return pd.DataFrame(
        {
            "who": rows["customer.id"],
            "at": pd.to_datetime(rows["processed_at"], utc=True),
            "net": rows["total_price"].astype(float) - back,
        }
    )


def klaviyo(folder: Path) -> pd.DataFrame:
    """An e-mail came, or bounced; that it was opened is no other one."""
    rows = pd.read_csv(folder / "events.csv")
    rows = rows[rows["event"].isin(["Received Email", "Bounced Email"])]
    at = pd.to_datetime(rows["datetime"], utc=True)
    return pd.DataFrame({"campaign": rows["campaign_id"], "email": rows["email"], "at": at})


def mailchimp(folder: Path) -> pd.DataFrame:
    rows = pd.read_csv(folder / "member_activity.csv")
    rows = rows[rows["action"] == "sent"]
    at = pd.to_datetime(rows["timestamp"], utc=True)
    return pd.DataFrame({"campaign": rows["campaign_id"], "email": rows["email_address"], "at": at})


READ: dict[str, Callable[[Path], pd.DataFrame]] = {
    "zendesk_csv": zendesk_csv,
    "zendesk_json": zendesk_json,
    "freshdesk": freshdesk,
    "hubspot": hubspot,
    "zammad": zammad,
    "osticket": osticket,
    "shopify_csv": shopify_csv,
    "shopify_json": shopify_json,
    "klaviyo": klaviyo,
    "mailchimp": mailchimp,
}


def opened(tickets: pd.DataFrame) -> dict[date, int]:
    found = months_of(tickets["opened"]).value_counts()
    return {month: int(found[month]) for month in MONTHS}


def unsolved(tickets: pd.DataFrame) -> dict[date, int]:
    """Count the tickets that were not solved for good when a month ended."""
    found = {}
    for month in MONTHS:
        end = (pd.Timestamp(month, tz=ZONE) + pd.DateOffset(months=1)).tz_convert("UTC")
        is_unsolved = tickets["solved"].isna() | (tickets["solved"] >= end)
        found[month] = int((is_unsolved & (tickets["opened"] < end)).sum())
    return found


def medians(tickets: pd.DataFrame, end: str) -> dict[date, float | None]:
    """Return the Kaplan-Meier median of the minutes from opening to an end, by SciPy."""
    took = tickets[end] - tickets["opened"]
    watched = (pd.Timestamp(NOW) - tickets["opened"]).clip(upper=HORIZON)
    is_over = took <= watched
    minutes = took.where(is_over, watched).dt.total_seconds() / 60
    found = {}
    for month in MONTHS:
        of_month = months_of(tickets["opened"]) == month
        data = stats.CensoredData(
            uncensored=minutes[of_month & is_over], right=minutes[of_month & ~is_over]
        )
        curve = stats.ecdf(data).sf
        found[month] = float(curve.quantiles[curve.probabilities <= 0.5 + 1e-12][0])
    return found


def satisfied(tickets: pd.DataFrame) -> dict[date, float]:
    """Return the percentage of satisfied answers, by the month in which they came."""
    answers = tickets[tickets["rated"].notna()]
    shares = answers["is_satisfied"].groupby(months_of(answers["rated"])).mean()
    return {month: 100 * float(shares[month]) for month in MONTHS}


def newcomers(orders: pd.DataFrame) -> dict[date, int]:
    firsts = months_of(orders.groupby("who")["at"].min()).value_counts()
    return {month: int(firsts.get(month, 0)) for month in MONTHS}


def revenue_retained(orders: pd.DataFrame) -> dict[date, float]:
    """Return what those who bought in a month a year ago spend now, in percent of then."""
    spent = orders.groupby([months_of(orders["at"]), "who"])["net"].sum()
    found = {}
    for month in MONTHS:
        then, now = spent[month.replace(year=month.year - 1)], spent[month]
        found[month] = 100 * float(now.reindex(then.index, fill_value=0).sum() / then.sum())
    return found


def into_complaints(
    sends: pd.DataFrame, complaints: pd.DataFrame
) -> dict[tuple[date, str], tuple[int, int]]:
    """Return by month and campaign how many sends met an open complaint, and how many there were.

    A complaint is open until it is solved, and for 30 days at most.
    """
    ends = complaints["opened"] + pd.Timedelta(days=30)
    spans = complaints.assign(until=complaints["solved"].fillna(ends).clip(upper=ends))
    pairs = sends.reset_index().merge(spans, on="email")
    met = pairs[(pairs["at"] > pairs["opened"]) & (pairs["at"] < pairs["until"])]["index"]
    keys = [months_of(sends["at"]), sends["campaign"]]
    counts = sends.index.isin(met) * 1
    grouped = pd.Series(counts, sends.index).groupby(keys)
    return {key: (int(found.sum()), len(found)) for key, found in grouped}


def months_of(moments: pd.Series) -> pd.Series:
    """Return the months of moments where the company lives."""
    return moments.dt.tz_convert(ZONE).dt.date.map(lambda day: day.replace(day=1))


def utc(texts: pd.Series, zone: str, form: str) -> pd.Series:
    """Read the times of a clock on a wall."""
    local = pd.to_datetime(texts, format=form)
    return local.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward").dt.tz_convert(
        "UTC"
    )


def _json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))
