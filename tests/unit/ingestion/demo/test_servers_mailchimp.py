"""The simulated newsletters must page and refuse as Mailchimp does, or figures lack e-mails."""

import json
import tomllib
from base64 import b64encode
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import numpy as np
import pytest

from ingestion.demo.campaigns import EMAIL
from ingestion.demo.company import simulate
from ingestion.demo.exports import write_exports
from ingestion.demo.records import select
from ingestion.demo.servers import serve
from ingestion.demo.tables.cells import campaign_ids, ids
from ingestion.demo.tables.marketing import SEND_STATES
from ingestion.sources import build
from tests.fixtures.connectors import load

CONFIGURATION = Path(__file__).parents[4] / "concord.toml"
SECTION = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))["sources"]["newsletter"]


@pytest.fixture(scope="module")
def base_url(small):
    with serve(small, "mailchimp") as url:
        yield url


@pytest.fixture(scope="module")
def mails(small):
    return select(small.sends, small.sends.channel == EMAIL)


def get(url: str, key: str = "demo-us0"):
    signed = b64encode(f"anybody:{key}".encode()).decode()
    with urlopen(Request(url, headers={"Authorization": f"Basic {signed}"})) as answer:
        return json.load(answer)


def pages(url: str, name: str, size: int = 7):
    """Give the records of every page, and require that each says how many there are."""
    found, total = [], 1
    while len(found) < total:
        page = get(f"{url}?count={size}&offset={len(found)}")
        found, total = found + page[name], page["total_items"]
        assert 0 < len(page[name]) <= size
    return found


def newsletter(url: str, **changed):
    return build("newsletter", {**SECTION, "address": url, **changed}, Path())


def test_pages_give_every_e_mail_once(mails, base_url):
    reports = pages(f"{base_url}/3.0/reports", "reports")
    ids = [each["id"] for each in reports]
    assert len(ids) == len(set(ids))
    assert sum(each["emails_sent"] for each in reports) == len(mails.at)
    largest = max(reports, key=lambda each: each["emails_sent"])
    for path, name in (("email-activity", "emails"), ("sent-to", "sent_to")):
        found = pages(f"{base_url}/3.0/reports/{largest['id']}/{path}", name)
        assert len({each["email_id"] for each in found}) == largest["emails_sent"] > 7


def test_contacts_are_those_who_ever_got_an_e_mail_each_with_an_address(mails, base_url):
    (audience,) = pages(f"{base_url}/3.0/lists", "lists")
    found = pages(f"{base_url}/3.0/lists/{audience['id']}/members", "members", 1000)
    customers = [each["merge_fields"]["CUSTOMER"] for each in found]
    assert sorted(customers) == sorted(ids("K", np.unique(mails.record)).tolist())
    assert len({each["email_address"].lower() for each in found}) == len(found)


def test_reports_since_a_time_are_those_sent_later(mails, base_url):
    at = int(np.median(mails.at))
    since = quote(datetime.fromtimestamp(at, UTC).isoformat())
    found = get(f"{base_url}/3.0/reports?count=1000&since_send_time={since}")["reports"]
    assert sum(each["emails_sent"] for each in found) == (mails.at > at).sum()


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("reports", "another-us0", 401),
        ("reports", "", 401),
        ("reports?count=1001", "demo-us0", 400),
        ("reports?since_send_time=soon", "demo-us0", 400),
        ("reports/none/email-activity", "demo-us0", 404),
        ("reports/none/sent-to", "demo-us0", 404),
        ("reports/none/unsubscribed", "demo-us0", 404),
        ("lists/none/members", "demo-us0", 404),
        ("campaigns", "demo-us0", 404),
    ],
)
def test_what_mailchimp_refuses_is_refused(base_url, path, key, status):
    with pytest.raises(HTTPError, match=str(status)) as refused:
        get(f"{base_url}/3.0/{path}", key)
    assert json.load(refused.value)["status"] == status


def test_the_section_of_the_demo_reads_every_e_mail_from_a_folder(small, mails, tmp_path):
    write_exports(small, tmp_path)
    with serve(tmp_path, "mailchimp") as url:
        loaded = load(newsletter(url))
    columns = ("campaign_id", "customer_id", "sent_at", "channel", "status", "is_unsubscribed")
    sent = zip(
        campaign_ids(mails.campaign).tolist(),
        ids("K", mails.record).tolist(),
        [datetime.fromtimestamp(at, UTC) for at in mails.at.tolist()],
        ["email"] * len(mails.at),
        [SEND_STATES[status] for status in mails.status.tolist()],
        mails.is_unsubscribed.tolist(),
        strict=True,
    )
    assert Counter(loaded.of("campaign_touches", *columns)) == Counter(sent)
    assert len(set(loaded.of("campaign_touches", "touch_id"))) == len(mails.at)
    assert (any(loaded.rejects.values()), loaded.emptied) == (False, [])
    assert loaded.rows.keys() == {"campaign_touches"}


def test_a_later_day_brings_the_days_e_mails_and_no_other(small, mails, as_of):
    later = simulate(7, 800, 3, as_of + timedelta(days=3), small.clock.first_month)
    with serve(small, "mailchimp") as url:
        state = load(newsletter(url)).state
    # the address is part of the declaration, so a server on another port is another source
    with serve(later, "mailchimp", int(url.rpartition(":")[2])) as again:
        assert again == url
        news = load(newsletter(url), state).of("campaign_touches", "sent_at")
    at = later.sends.at[later.sends.channel == EMAIL]
    assert sorted(int(each.timestamp()) for each in news) == at[at > small.clock.as_of].tolist()
    assert len(news) > 0


def test_all_that_the_connector_reads_is_served(small, mails, base_url):
    loaded = load(newsletter(base_url, leave_out=[]))
    assert not any(loaded.rejects.values())
    assert set(loaded.of("campaigns", "channel")) == {"email"}
    assert len(loaded.of("customers")) == len(np.unique(mails.record))
