"""Fields that must survive, and fields that must not pass."""

import pytest

from ingestion.sources.connectors.mastodon.config import BrandAccount
from ingestion.sources.connectors.mastodon.rows import (
    Brands,
    UnusableError,
    message,
    social_account,
)
from tests.fixtures.mastodon_server import account, status

ACME = BrandAccount("acme", "Acme")
BOLT = BrandAccount("bolt", "Bolt")
BRANDS = Brands({"1": ACME, "2": BOLT}, {"summer": "c-1"})
ANN = account(3, "ann")


def row(unread=None, **changed):
    said = status(7, ANN, "2025-06-01T12:00:00+02:00", "hello")
    return message({**said, **changed}, BRANDS, ACME, [] if unread is None else unread)


def test_a_time_is_kept_in_utc():
    assert row()["sent_at"].isoformat() == "2025-06-01T10:00:00+00:00"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": None}, "message_id"),
        ({"id": ""}, "message_id"),
        ({"created_at": None}, "sent_at"),
        ({"created_at": "31 June"}, "sent_at"),
        ({"created_at": "9999-12-31T00:00:00Z"}, "sent_at"),
        ({"account": None}, "account"),
        ({"account": {"id": "3"}}, "handle"),
    ],
)
def test_an_unusable_field_is_named(changed, field):
    with pytest.raises(UnusableError) as fault:
        row(**changed)
    assert fault.value.field == field


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"replies_count": "many"}, "replies", "is no integer"),
        ({"favourites_count": 2**70}, "likes", "is no integer"),
        ({"content": ["x"]}, "text", "is no text"),
        ({"spoiler_text": {}}, "text", "is no text"),
        ({"language": ["en"]}, "language", "is no text"),
    ],
)
def test_a_field_that_a_post_can_do_without_takes_no_post_with_it(changed, field, reason):
    unread = []
    assert row(unread, **changed)[field] is None
    assert [(fault.field, fault.reason) for fault in unread] == [(field, reason)]


def test_what_cannot_be_read_of_an_author_takes_no_post_with_it():
    author = {**ANN, "created_at": "soon", "followers_count": "many"}
    unread = []
    assert row(unread, account=author)["audience"] is None
    assert unread == []
    assert social_account(author, BRANDS, unread)["followers"] is None
    assert [fault.field for fault in unread] == ["created_at", "followers"]


@pytest.mark.parametrize("item", [None, "text", 7, []])
def test_what_is_no_object_is_refused_and_kept(item):
    with pytest.raises(UnusableError) as fault:
        message(item, BRANDS, ACME, [])
    assert fault.value.reject(item).original


def test_optional_fields_may_be_missing():
    bare = {"id": 7, "created_at": "2025-06-01", "account": {"id": 3, "acct": "ann"}}
    kept = message(bare, BRANDS, ACME, [])
    assert (kept["message_id"], kept["author_handle"], kept["likes"]) == ("7", "ann", None)
    assert (kept["text"], kept["brand"], kept["is_public"]) == (None, "Acme", False)


def test_the_mentioned_brand_wins_over_the_one_it_was_found_for():
    assert row(mentions=[{"id": "9"}, {"id": "2"}])["brand"] == "Bolt"


def test_a_brand_s_account_is_distinguished_from_a_customer_s():
    assert social_account(account(1, "acme"), BRANDS, [])["brand"] == "Acme"
    assert social_account(ANN, BRANDS, [])["is_brand"] is False


def test_who_wrote_decides_direction_and_kind():
    facts = ("direction", "author_kind", "brand")
    writers = (account(2, "bolt", bot=True), account(4, "ben", bot=True), ANN)
    assert [tuple(row(account=each)[fact] for fact in facts) for each in writers] == [
        ("outbound", "brand", "Bolt"),
        ("inbound", "bot", "Acme"),
        ("inbound", "customer", "Acme"),
    ]


@pytest.mark.parametrize(
    ("changed", "column", "value"),
    [
        ({"account": account(3, "Ann@Other.example")}, "author_handle", "ann@other.example"),
        ({"visibility": "unlisted"}, "is_public", True),
        ({"visibility": "private"}, "is_public", False),
        ({"language": "en-GB"}, "language", "en"),
        ({"language": "cmn"}, "language", None),
        ({"spoiler_text": "Rant"}, "text", "Rant hello"),
        ({"spoiler_text": "Rant", "content": None}, "text", "Rant "),
        ({"favourites_count": -1}, "likes", None),
        ({"tags": [{"name": "Winter"}, {"name": "Summer"}]}, "campaign_id", "c-1"),
    ],
)
def test_a_field_means_what_the_contract_says(changed, column, value):
    assert row(**changed)[column] == value
