"""Mastodon into the warehouse: what a reload, a late change and a bad row do to the raw tables."""

from datetime import date

import psycopg
import pytest

from ingestion.errors import SourceError
from ingestion.loading import load, prepare, status
from ingestion.retries import RetryPolicy
from ingestion.sources.connectors.mastodon import MastodonSource
from ingestion.sources.connectors.mastodon.config import read_config
from tests.fixtures import mastodon_server as mastodon

pytestmark = pytest.mark.postgres

ACME = mastodon.account(1, "acme")
ANN = mastodon.account(3, "Ann@other.example")
CRY = mastodon.status(
    12, ANN, "2025-06-28T09:00:00Z", "@acme it <b>broke</b>", mentions=[ACME], language="en-GB",
    spoiler_text="Rant",
)  # fmt: skip
HELP = mastodon.status(
    13, ACME, "2025-06-28T09:30:00Z", "@ann sorry!", in_reply_to_id="12", replies_count=1
)
WHISPER = mastodon.status(
    14, ANN, "2025-06-28T10:00:00Z", "@acme my number", mentions=[ACME], visibility="direct",
    in_reply_to_id="13", language="cmn",
)  # fmt: skip
BOOST = mastodon.status(15, ACME, "2025-06-29T09:00:00Z", "Nice", reblog={"id": "4"})
BROKEN = {**CRY, "id": "16", "created_at": None}


@pytest.fixture
def fake():
    with mastodon.served(mastodon.FakeMastodon()) as fake:
        fake.accounts = [ACME, ANN]
        fake.statuses = [CRY, HELP, WHISPER, BOOST]
        fake.notifications = [mastodon.mention(n, said) for n, said in ((1, CRY), (2, WHISPER))]
        fake.notifications.append({**mastodon.mention(3, CRY), "status": BROKEN})
        fake.tokens = {"token": "acme"}
        yield fake


class Warehouse:
    """The warehouse under test, and the source that is loaded into it."""

    def __init__(self, url: str, fake: mastodon.FakeMastodon) -> None:
        section = {
            "base_url": fake.url,
            "access_token": "token",
            "accounts": [{"handle": "acme", "brand": "Acme"}],
        }
        config = read_config("social", section)
        quick = RetryPolicy(read=0.5, attempts=2)
        self.url = url
        self._source = MastodonSource("social", config, quick, lambda _: None)
        prepare(url)

    def load(self):
        return load(self._source, self.url)

    def rows(self, query: str):
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def warehouse(database_url, fake):
    return Warehouse(database_url, fake)


LIKES = "select message_id, likes from raw.messages order by message_id"
LOADED = "select source_name, message_id, loaded_at from raw.messages order by message_id"
REJECTS = "select field, reason from quarantine.rejected_rows"


def test_received_is_loaded_plus_quarantined_and_a_reload_changes_nothing(warehouse):
    first = warehouse.load()
    before = warehouse.rows(LOADED)
    second = warehouse.load()
    assert (first.total("received"), first.total("quarantined")) == (10, 1)
    assert first.is_balanced
    assert second.is_balanced
    assert (second.total("inserted"), second.total("updated")) == (0, 0)
    assert warehouse.rows(LOADED) == before
    assert warehouse.rows(REJECTS) == [("sent_at", "is missing")]
    assert sum(count.rows for count in status(warehouse.url).quarantine) == 1


def test_a_late_like_moves_that_row_alone(warehouse, fake):
    warehouse.load()
    before = {row[1]: row[2] for row in warehouse.rows(LOADED)}
    fake.statuses = [CRY, {**HELP, "favourites_count": 8}, WHISPER, BOOST]
    assert warehouse.load().total("updated") == 1
    assert dict(warehouse.rows(LIKES))["13"] == 8
    after = {row[1]: row[2] for row in warehouse.rows(LOADED)}
    assert [number for number in after if after[number] != before[number]] == ["13"]


def test_a_reading_that_breaks_off_leaves_nothing_and_the_next_one_brings_all(warehouse, fake):
    fake.trouble("context", *[mastodon.Trouble(code=500)] * 2)
    with pytest.raises(SourceError):
        warehouse.load()
    assert warehouse.rows(LIKES) == []
    warehouse.load()
    assert [row[0] for row in warehouse.rows(LIKES)] == ["12", "13", "14", "15"]


MESSAGES = """
select
    message_id, direction, author_kind, author_handle, is_public, repost_of_id, language,
    text, audience, replies, channel, brand, source_name
from raw.messages order by message_id
"""
ACCOUNTS = """
select network, account_id, handle, is_brand, brand, followers
from raw.social_accounts order by account_id
"""


def test_a_post_of_the_year_9999_that_is_gone_tomorrow_stops_nothing(warehouse, fake):
    for_ever = {**CRY, "id": "17", "created_at": "9999-12-31T23:59:59.000Z"}
    fake.statuses.append(for_ever)
    fake.notifications.append(mastodon.mention(4, for_ever))
    report = warehouse.load()
    assert report.is_balanced
    assert ("sent_at", "lies more than a day ahead of its arrival") in warehouse.rows(REJECTS)
    fake.statuses.pop(), fake.notifications.pop()
    assert warehouse.load().is_balanced
    assert [number for number, _ in warehouse.rows(LIKES)] == ["12", "13", "14", "15"]


def test_what_is_loaded_is_canonical(warehouse, fake):
    fake.statuses[3] = {**BOOST, "favourites_count": -1}
    warehouse.load()
    ann = ("inbound", "customer", "ann@other.example")
    acme = ("outbound", "brand", "acme")
    end = ("mastodon", "Acme", "social")
    assert warehouse.rows(MESSAGES) == [
        ("12", *ann, True, None, "en", "Rant @acme it broke", 30, 0, *end),
        ("13", *acme, True, None, "en", "@ann sorry!", 10, 1, *end),
        ("14", *ann, False, None, None, "@acme my number", 30, 0, *end),
        ("15", *acme, True, "4", "en", "Nice", 10, 0, *end),
    ]
    assert warehouse.rows(ACCOUNTS) == [
        ("mastodon", "1", "acme", True, "Acme", 10),
        ("mastodon", "3", "ann@other.example", False, None, 30),
    ]
    assert warehouse.rows("select message_id from raw.messages where likes is null") == [("15",)]
    days = "select account_id, snapshot_date, followers from raw.audience_snapshots"
    assert warehouse.rows(days) == [("1", date(2025, 6, 30), 10)]
