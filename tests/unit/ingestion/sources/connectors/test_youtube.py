"""Risk: a channel's answer counts as a customer's words, or a comment that was deleted stays.

The vendor's answers follow https://developers.google.com/youtube/v3/docs (channels, commentThreads,
comments; read in November 2026).
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {
    "kind": "youtube",
    "address": "{url}",
    "channel": "UC1",
    "api_key": "a-key",
    "brand": "Acme",
}


def vendor() -> Vendor:
    """Return a YouTube with a channel, and a comment that it answered."""
    pages = Pages(
        position("pageToken"),
        lambda turn: {"nextPageToken": str(turn.end)} if turn.has_more else {},
    )
    site = Vendor(
        (
            Listing("channels", "/youtube/v3/channels", "items"),
            Listing("threads", "/youtube/v3/commentThreads", "items", pages),
        ),
        {"key": "a-key"},
    )
    channel = {
        "id": "UC1",
        "snippet": {"customUrl": "@acme", "publishedAt": "2020-05-01T08:00:00Z"},
        "statistics": {"subscriberCount": "1230", "hiddenSubscriberCount": False},
    }
    site.put("channels", channel)
    thread(site, "T1", "UC7", comment("T1.a", "UC1", "Thank you", parentId="T1"))
    return site


def comment(id: str, author: str, text: str, **more: Any) -> dict[str, Any]:
    said = {
        "authorChannelId": {"value": author},
        "authorDisplayName": f"@{author.lower()}",
        "textDisplay": text,
        "likeCount": 2,
        "publishedAt": "2026-05-01T09:00:00Z",
    }
    return {"id": id, "snippet": {**said, **more}}


def thread(site: Vendor, id: str, author: str, *replies: dict[str, Any]) -> None:
    """Put a comment with its answers; a thread without any has no list of them."""
    top = {"topLevelComment": comment(id, author, "Nice shoes"), "totalReplyCount": len(replies)}
    given: dict[str, Any] = {"id": id, "snippet": top}
    site.put("threads", given | ({"replies": {"comments": list(replies)}} if replies else {}))


@pytest.fixture
def site():
    with serving(vendor()) as site:
        yield site


def test_a_comment_is_inbound_and_says_who_where_and_how_it_did(site):
    top, _ = load(source_of(site, SECTION)).of("messages")
    assert {name: value for name, value in top.items() if value is not None} == {
        "message_id": "T1",
        "conversation_id": "T1",
        "sent_at": datetime(2026, 5, 1, 9, tzinfo=UTC),
        "direction": "inbound",
        "author_kind": "customer",
        "author_id": "UC7",
        "author_handle": "uc7",
        "channel": "youtube",
        "is_public": True,
        "brand": "Acme",
        "text": "Nice shoes",
        "likes": 2,
        "replies": 1,
    }


def test_an_answer_of_the_channel_is_outbound_in_the_comments_thread(site):
    columns = ("message_id", "conversation_id", "in_reply_to_id", "direction", "author_kind")
    found = load(source_of(site, SECTION)).of("messages", *columns)
    assert found[1] == ("T1.a", "T1", "T1", "outbound", "brand")


def test_a_comment_of_the_channel_itself_is_outbound_and_an_answer_to_it_inbound(site):
    thread(site, "T2", "UC1", comment("T2.a", "UC8", "Really?", parentId="T2"))
    found = load(source_of(site, SECTION)).of("messages", "message_id", "direction")
    assert {("T2", "outbound"), ("T2.a", "inbound")} <= set(found)


def test_comments_of_all_pages_come_with_their_words_in_plain_text(site):
    for number in range(2, 8):
        thread(site, f"T{number}", "UC7")
    loaded = load(source_of(site, SECTION)).of("messages", "message_id")
    assert loaded == ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T1.a"]
    assert {each.params.get("textFormat") for each in site.asked[1:]} == {"plainText"}


def test_comments_that_nobody_answered_are_no_fault(site):
    site.delete("threads", "T1")
    thread(site, "T2", "UC7")
    assert load(source_of(site, SECTION)).of("messages", "message_id") == ["T2"]


def test_what_was_deleted_leaves_and_replies_that_are_no_longer_shown_stay(site):
    whole = [each.section for each in source_of(site, SECTION).extract({}) if each.is_whole]
    assert whole == ["threads"]


def test_subscribers_are_counted_each_day(site):
    loaded = load(source_of(site, SECTION))
    assert loaded.of("audience_snapshots", "account_id", "followers") == [("UC1", 1230)]
    assert loaded.of("social_accounts", "handle", "followers") == [("acme", 1230)]
