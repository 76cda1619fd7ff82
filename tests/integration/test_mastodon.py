"""Mastodon into the warehouse: what a reload, a late change and a bad row do to the raw tables."""

from datetime import date
from pathlib import Path

import psycopg
import pytest

from ingestion.errors import SourceError
from ingestion.patience import Patience
from ingestion.pipeline import load, prepare, status
from ingestion.sources.mastodon import MastodonSource
from ingestion.sources.mastodon.config import read_config
from tests.fixtures import mastodon_server as mastodon
from tests.fixtures.dbt_build import DbtWarehouse

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

    def __init__(self, url: str, fake: mastodon.FakeMastodon, state_dir: Path) -> None:
        section = {
            "base_url": fake.url,
            "access_token": "token",
            "accounts": [{"handle": "acme", "brand": "Acme"}],
        }
        config = read_config("social", section)
        quick = Patience(read=0.5, attempts=2)
        self.url, self._dir = url, state_dir
        self._source = MastodonSource("social", config, quick, lambda _: None)
        prepare(url)

    def load(self):
        return load(self._source, self.url, self._dir)

    def rows(self, query: str):
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def warehouse(database_url, fake, tmp_path):
    return Warehouse(database_url, fake, tmp_path)


STATUSES = "select status_id, favourites_count from raw_mastodon.statuses order by status_id"
MOVED = "select source_name, status_id, loaded_at, load_id from raw_mastodon.statuses order by 2"
REJECTS = "select field, reason from quarantine.rejected_rows"


def test_received_is_loaded_plus_quarantined_and_a_reload_changes_nothing(warehouse):
    first = warehouse.load()
    before = warehouse.rows(MOVED)
    second = warehouse.load()
    assert (first.total("received"), first.total("quarantined")) == (10, 1)
    assert first.is_balanced
    assert second.is_balanced
    assert (second.total("inserted"), second.total("updated")) == (0, 0)
    assert warehouse.rows(MOVED) == before
    assert warehouse.rows(REJECTS) == [("created_at", "is missing")]
    assert sum(count.rows for count in status(warehouse.url).quarantine) == 1


def test_a_late_like_moves_that_row_alone(warehouse, fake):
    warehouse.load()
    before = {row[1]: row[2] for row in warehouse.rows(MOVED)}
    fake.statuses = [CRY, {**HELP, "favourites_count": 8}, WHISPER, BOOST]
    assert warehouse.load().total("updated") == 1
    assert dict(warehouse.rows(STATUSES))["13"] == 8
    after = {row[1]: row[2] for row in warehouse.rows(MOVED)}
    assert [number for number in after if after[number] != before[number]] == ["13"]


def test_a_reading_that_breaks_off_leaves_nothing_and_the_next_one_brings_all(warehouse, fake):
    fake.trouble("context", *[mastodon.Trouble(code=500)] * 2)
    with pytest.raises(SourceError):
        warehouse.load()
    assert warehouse.rows(STATUSES) == []
    warehouse.load()
    assert [row[0] for row in warehouse.rows(STATUSES)] == ["12", "13", "14", "15"]


MESSAGES = """
select
    message_id, direction, author_kind, author_handle, is_public, repost_of_id, language,
    text, audience, replies, channel, brand, source_name
from staging.stg_mastodon__messages order by message_id
"""
ACCOUNTS = """
select network, account_id, handle, is_brand, brand, followers
from staging.stg_mastodon__social_accounts order by account_id
"""


def test_staging_makes_them_canonical(warehouse, fake, tmp_path):
    fake.statuses[3] = {**BOOST, "favourites_count": -1}
    warehouse.load()
    dbt = DbtWarehouse(warehouse.url, tmp_path / "dbt")
    dbt.prepare()
    dbt.build("path:models/staging/mastodon")
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
    likes = "select message_id from staging.stg_mastodon__messages where likes is null"
    assert warehouse.rows(likes) == [("15",)]
    days = (
        "select account_id, snapshot_date, followers from staging.stg_mastodon__audience_snapshots"
    )
    assert warehouse.rows(days) == [("1", date(2025, 6, 30), 10)]


def test_staging_gives_the_canonical_columns_in_their_types(warehouse, tmp_path):
    dbt = DbtWarehouse(warehouse.url, tmp_path / "dbt")
    dbt.prepare()
    dbt.build("path:models/staging")
    columns = """
        select column_name, data_type from information_schema.columns
        where table_schema = 'staging' and table_name = '{}' order by ordinal_position
    """
    for entity in ("messages", "social_accounts", "audience_snapshots"):
        files = warehouse.rows(columns.format(f"stg_files__{entity}"))
        assert warehouse.rows(columns.format(f"stg_mastodon__{entity}")) == files
