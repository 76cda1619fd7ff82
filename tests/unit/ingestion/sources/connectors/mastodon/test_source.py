"""What a reading of a Mastodon server must bring, must not lose and must not bring twice."""

import pytest

from ingestion.errors import SourceAnswerBroken, SourceRefused
from ingestion.retries import RetryPolicy
from ingestion.sources.base import arrow_schema
from ingestion.sources.connectors import connector
from ingestion.sources.connectors.mastodon import MastodonSource
from ingestion.sources.connectors.mastodon.config import read_config
from tests.fixtures.mastodon_server import (
    FakeMastodon,
    Trouble,
    account,
    mention,
    served,
    status,
)

ACME = account(1, "acme")
BOLT = account(2, "bolt")
ANN = account(3, "Ann@other.example")
BEN = account(4, "ben", bot=True)
POST = status(
    10, ACME, "2025-06-01T10:00:00.000Z", "New colours!", replies_count=1, tags=["Summer"]
)
THREAD = status(11, ANN, "2025-06-01T11:00:00.000Z", "Finally", in_reply_to_id="10")
CRY = status(12, ANN, "2025-06-02T09:00:00.000Z", "@acme it broke", mentions=[ACME])
HELP = status(
    13, ACME, "2025-06-02T09:30:00.000Z", "@ann sorry!", mentions=[ANN],
    in_reply_to_id="12", in_reply_to_account_id="3",
)  # fmt: skip
BOOST = status(14, ACME, "2025-06-03T09:00:00.000Z", "Love it", reblog={"id": "9"})


@pytest.fixture
def fake():
    with served(FakeMastodon()) as fake:
        fake.accounts = [ACME, BOLT, ANN, BEN]
        fake.statuses = [POST, THREAD, CRY, HELP, BOOST]
        fake.notifications = [mention(1, CRY)]
        fake.tokens = {"acme-token": "acme"}
        yield fake


def source(fake, **section):
    accounts = section.pop("accounts", [{"handle": "@Acme", "brand": "Acme"}])
    section = {"base_url": fake.url, "access_token": "acme-token", "accounts": accounts, **section}
    quick = RetryPolicy(read=0.3, attempts=3)
    return MastodonSource("social", read_config("social", section), quick, lambda _: None)


class Read:
    """Everything that one reading gave."""

    def __init__(self, source, state=None):
        self.extracts = list(source.extract(state or {}))
        self.state = self.extracts[-1].state
        self.rejects = [reject for extract in self.extracts for reject in extract.rejects]

    def rows(self, table):
        batches = [e.batch for e in self.extracts if e.table.name == table]
        return [row for batch in batches for row in batch.to_pylist()]

    def messages(self):
        return {row["message_id"]: row for row in self.rows("messages")}


def test_every_way_to_a_status_is_read_and_none_twice(fake):
    read = Read(source(fake))
    assert [row["message_id"] for row in read.rows("messages")] == ["14", "13", "10", "12", "11"]
    by_file = {e.file: [row["message_id"] for row in e.batch.to_pylist()]
               for e in read.extracts if e.table.name == "messages"}  # fmt: skip
    assert by_file == {
        "acme/statuses": ["14", "13", "10"],
        "acme/mentions": ["12"],
        "acme/threads": ["11"],
    }


def test_a_status_knows_whose_it_is_and_whom_it_means(fake):
    rows = Read(source(fake, campaign_hashtags={"#Summer": "c-1"})).messages()
    facts = ("direction", "author_kind", "author_handle", "brand", "in_reply_to_id", "repost_of_id")
    assert {number: tuple(row[fact] for fact in facts) for number, row in rows.items()} == {
        "10": ("outbound", "brand", "acme", "Acme", None, None),
        "11": ("inbound", "customer", "ann@other.example", "Acme", "10", None),
        "12": ("inbound", "customer", "ann@other.example", "Acme", None, None),
        "13": ("outbound", "brand", "acme", "Acme", "12", None),
        "14": ("outbound", "brand", "acme", "Acme", None, "9"),
    }
    assert rows["10"]["campaign_id"] == "c-1"
    assert rows["11"]["campaign_id"] is None


def test_accounts_and_the_day_s_audience_come_along(fake):
    read = Read(source(fake))
    accounts = {row["account_id"]: row for row in read.rows("social_accounts")}
    assert {key: (row["is_brand"], row["brand"]) for key, row in accounts.items()} == {
        "1": (True, "Acme"),
        "3": (False, None),
    }
    (audience,) = read.rows("audience_snapshots")
    assert (audience["account_id"], audience["followers"]) == ("1", 10)
    assert audience["snapshot_date"].isoformat() == "2025-06-30"


def test_all_that_is_received_is_loaded_folded_or_rejected(fake):
    fake.notifications += [{**mention(2, CRY), "status": None}, mention(3, CRY)]
    fake.statuses.append({**POST, "id": "20", "created_at": None})
    read = Read(source(fake))
    for extract in read.extracts:
        loaded = extract.batch.num_rows + extract.folded
        assert extract.received == loaded + len(extract.rejects)
        assert extract.batch.schema == arrow_schema(extract.table)
        assert extract.table.name in connector("mastodon").entities
    assert [(reject.field, reject.reason) for reject in read.rejects] == [
        ("sent_at", "is missing"),
        ("status", "is missing"),
    ]
    assert '"id": "20"' in read.rejects[0].original


def test_a_post_stays_without_a_field_that_cannot_be_read_and_that_is_told_once(fake):
    author = {**CRY["account"], "id": "30", "created_at": "soon"}
    odd = {**CRY, "id": "20", "account": author, "favourites_count": "many"}
    fake.notifications.append(mention(3, odd))
    first = Read(source(fake))
    assert first.messages()["20"]["likes"] is None
    told = [each for extract in first.extracts for each in extract.emptied]
    assert [(each.field, each.reason, each.count) for each in told] == [
        ("likes", "is no integer", 1),
        ("created_at", "is no timestamp", 1),
    ]
    second = Read(source(fake), first.state)
    messages = [extract for extract in second.extracts if extract.table.name == "messages"]
    assert not any(extract.emptied for extract in messages)


def test_a_bad_row_is_refused_once_and_not_at_each_reading(fake):
    fake.statuses.append({**POST, "id": "20", "created_at": "yesterday"})
    first = Read(source(fake))
    second = Read(source(fake), first.state)
    assert [len(first.rejects), len(second.rejects)] == [1, 0]
    assert not any(extract.is_append for extract in first.extracts[1:-1])
    appended = [e.is_append for e in second.extracts if e.table.name == "messages"]
    assert appended == [True, True, True]


def test_a_bad_row_with_a_picture_is_refused_and_the_others_are_read(fake):
    picture = {"type": "image", "meta": {"original": {"aspect": 1.7777777777777777}}}
    bad = {**POST, "id": "20", "created_at": "yesterday", "media_attachments": [picture]}
    counted = {**POST, "id": "21", "favourites_count": 2.5, "media_attachments": [picture]}
    fake.statuses += [bad, counted]
    read = Read(source(fake))
    (reject,) = read.rejects
    assert (reject.field, '"aspect": 1.7777777777777777' in reject.original) == ("sent_at", True)
    assert {"10", "12", "21"} <= read.messages().keys()
    assert read.messages()["21"]["likes"] is None


def test_late_likes_and_edits_within_the_lookback_are_read_again(fake):
    state = Read(source(fake)).state
    edited = {**HELP, "favourites_count": 5, "content": "<p>@ann sorry, Ann!</p>"}
    fake.statuses = [POST, THREAD, CRY, edited, BOOST]
    row = Read(source(fake), state).messages()["13"]
    assert (row["likes"], row["text"]) == (5, "@ann sorry, Ann!")


def test_a_daily_reading_does_not_read_all_history_again(fake):
    old = [
        status(100 + n, ACME, f"2024-0{1 + n // 9}-0{1 + n % 9}T10:00:00Z", "x") for n in range(40)
    ]
    new = [status(900 + n, ACME, f"2025-06-2{n}T10:00:00Z", "x") for n in range(5)]
    fake.statuses = old + new
    reader = source(fake, page_size=5)
    state = Read(reader).state
    before = len(fake.asked)
    Read(reader, state)
    pages = [path for path in fake.paths()[before:] if path.endswith("/1/statuses")]
    assert len(pages) == 2


def test_one_old_status_out_of_order_does_not_end_the_reading(fake):
    fake.statuses = [status(n, ACME, f"2025-06-{n:02}T10:00:00Z", "x") for n in range(1, 20)]
    fake.statuses[17] = status(18, ACME, "2020-01-01T10:00:00Z", "imported from elsewhere")
    reader = source(fake, page_size=3, lookback_days=7)
    state = Read(reader).state
    again = Read(reader, state).messages()
    assert {str(n) for n in range(12, 20)} <= set(again)


def test_statuses_that_move_between_pages_come_once(fake):
    fake.statuses = [status(n, ACME, f"2025-06-{n:02}T10:00:00Z", "x") for n in range(1, 9)]
    repeated = [fake.statuses[4], fake.statuses[5]]

    def repeat(asked):
        if asked.query.get("max_id") == ["6"] and repeated:
            fake.statuses = [*fake.statuses, {**repeated.pop(), "id": "5"}]

    fake.before_answer = repeat
    read = Read(source(fake, page_size=3))
    numbers = [row["message_id"] for row in read.rows("messages")]
    assert sorted(numbers) == sorted(set(numbers))
    assert sum(extract.folded for extract in read.extracts) == 1


def test_statuses_deleted_while_reading_lose_no_others(fake):
    fake.statuses = [status(n, ACME, f"2025-06-{n:02}T10:00:00Z", "x") for n in range(1, 13)]

    def shrink(asked):
        if asked.query.get("max_id") == ["8"]:
            fake.statuses = [s for s in fake.statuses if s["id"] not in ("7", "6", "5")]

    fake.before_answer = shrink
    read = Read(source(fake, page_size=5))
    assert set(read.messages()) == {"12", "11", "10", "9", "8", "4", "3", "2", "1"}


def test_a_thread_whose_post_was_deleted_meanwhile_is_skipped(fake):
    fake.trouble("10/context", Trouble(code=404))
    assert "11" not in Read(source(fake)).messages()


def gone(read):
    """Return the ids of messages that left."""
    keys = [extract.leaving.keys.to_pylist() for extract in read.extracts if extract.leaving]
    return [row["message_id"] for rows in keys for row in rows]


def test_a_brand_s_own_status_that_is_listed_no_more_leaves(fake):
    first = Read(source(fake))
    assert gone(first) == []
    fake.statuses = [POST, THREAD, CRY, BOOST]
    second = Read(source(fake), first.state)
    assert gone(second) == ["13"]
    assert gone(Read(source(fake), second.state)) == []


def test_what_others_deleted_what_is_old_and_an_empty_list_say_nothing(fake):
    first = Read(source(fake, lookback_days=1))
    fake.notifications = []
    fake.statuses = [CRY, HELP, BOOST]
    assert gone(Read(source(fake, lookback_days=1), first.state)) == []
    fake.statuses = [CRY]
    assert gone(Read(source(fake, lookback_days=1), first.state)) == []


def test_a_reading_that_breaks_off_brings_no_state(fake):
    fake.trouble("context", *[Trouble(code=500)] * 3)
    states = []
    with pytest.raises(Exception, match="answered 500"):
        states.extend(extract.state for extract in source(fake).extract({}))
    assert states == [None] * len(states)


def test_nothing_before_the_start_is_kept_or_paged_through(fake):
    fake.statuses += [status(n, ACME, "2024-01-01T00:00:00Z", "old") for n in range(1, 10)]
    read = Read(source(fake, page_size=3, start_date="2025-06-02"))
    assert set(read.messages()) == {"12", "13", "14"}
    assert len([path for path in fake.paths() if path.endswith("/1/statuses")]) == 2


def test_an_earlier_start_date_reads_the_older_statuses_after_all(fake):
    state = Read(source(fake, start_date="2025-06-02")).state
    assert "10" in Read(source(fake, start_date="2025-06-01"), state).messages()


def test_a_time_in_the_future_hides_nothing_from_the_next_reading(fake):
    fake.notifications = [mention(1, CRY, "2031-01-01T00:00:00Z")]
    reader = source(fake)
    state = Read(reader).state
    late = status(30, ANN, "2025-06-29T09:00:00Z", "@acme again", mentions=[ACME])
    fake.notifications.append(mention(2, late))
    assert state["newest"]["acme/mentions"].startswith("2025-06-30")
    assert "30" in Read(reader, state).messages()


def test_without_a_token_the_threads_and_hashtags_still_bring_mentions(fake):
    tagged = status(15, BEN, "2025-06-04T09:00:00Z", "I like #acme", tags=["acme"])
    fake.statuses.append(tagged)
    accounts = [{"handle": "acme", "brand": "Acme", "hashtags": ["#acme"]}]
    reader = source(fake, access_token=None, accounts=accounts)
    assert set(Read(reader).messages()) == {"10", "11", "12", "13", "14", "15"}
    assert "/api/v1/notifications" not in fake.paths()
    assert "stay unseen" in reader.check()


def test_one_token_reads_the_mentions_of_its_owner_only(fake):
    accounts = [{"handle": "acme", "brand": "Acme"}, {"handle": "bolt", "brand": "Bolt"}]
    reader = source(fake, accounts=accounts)
    files = {extract.file for extract in reader.extract({})}
    assert "acme/mentions" in files
    assert "bolt/mentions" not in files
    assert "token of bolt" in reader.check()


def test_each_account_uses_its_own_token(fake):
    fake.tokens["bolt-token"] = "bolt"
    accounts = [
        {"handle": "acme", "brand": "Acme"},
        {"handle": "bolt", "brand": "Bolt", "access_token": "bolt-token"},
    ]
    reader = source(fake, accounts=accounts)
    Read(reader)
    tokens = {a.authorization for a in fake.asked if a.path == "/api/v1/notifications"}
    assert tokens == {"Bearer acme-token", "Bearer bolt-token"}
    assert "stay unseen" not in reader.check()


def test_a_token_of_a_stranger_reads_nobody_s_private_mentions(fake):
    fake.tokens["acme-token"] = "ben"
    with pytest.raises(SourceRefused, match="not among the configured"):
        source(fake).check()
    assert "/api/v1/notifications" not in fake.paths()


def test_an_unknown_handle_is_named_before_anything_is_read(fake):
    accounts = [{"handle": "acme", "brand": "Acme"}, {"handle": "acmee", "brand": "Acme"}]
    with pytest.raises(SourceRefused, match="knows no account acmee"):
        next(source(fake, accounts=accounts).extract({}))


def test_a_brand_account_that_cannot_be_read_is_named(fake):
    fake.accounts = [ACME | {"id": ["1"]}]
    with pytest.raises(SourceAnswerBroken, match="acme, account_id is no text"):
        source(fake).check()


def test_a_brand_whose_followers_cannot_be_read_is_read_without_them(fake):
    fake.accounts[0] = ACME | {"followers_count": 10.5}
    read = Read(source(fake))
    assert [row["followers"] for row in read.rows("audience_snapshots")] == [None]
    assert {"10", "12"} <= read.messages().keys()
    told = [(each.field, each.reason) for extract in read.extracts for each in extract.emptied]
    assert told == [("followers", "is no integer")]


def test_a_thread_that_is_no_thread_is_named(fake):
    fake.trouble("context", Trouble(code=200, body=b'{"ancestors": null}'))
    with pytest.raises(SourceAnswerBroken, match="descendants"):
        Read(source(fake))


def test_two_sources_never_share_words_that_storage_refuses(fake):
    fake.statuses = [status(1, ACME, "2025-06-01T10:00:00Z", "a\x00b \ud83d half")]
    row = Read(source(fake)).messages()["1"]
    assert "\x00" not in row["text"]
    row["text"].encode()
