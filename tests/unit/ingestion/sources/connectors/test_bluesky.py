"""Risk: a brand's words count as its customers', a thread falls apart, or what was deleted stays.

The vendor's answers follow https://docs.bsky.app/docs/category/http-reference and the lexicons of
https://github.com/bluesky-social/atproto (read in November 2026).
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingestion.errors import SourceRefused
from tests.fixtures.connectors import load, source_of
from tests.fixtures.openapi import OpenApi, needs
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {
    "kind": "bluesky",
    "address": "{url}",
    "handle": "acme.example",
    "app_password": "a-password",
    "brand": "Acme",
}
BRAND = {"did": "did:plc:acme", "handle": "Acme.example"}
ANN = {"did": "did:plc:ann", "handle": "ann.example"}
INVALID = "handle.invalid"
ROOT = {"uri": "at://acme/1", "cid": "x"}


def vendor() -> Vendor:
    """Return a Bluesky with a post of the brand, a repost, and an answer to it."""
    pages = Pages(
        position("cursor"), lambda turn: {"cursor": str(turn.end)} if turn.has_more else {}
    )
    session = "/xrpc/com.atproto.server.createSession"
    profile = "/xrpc/app.bsky.actor.getProfile"
    network = Vendor(
        (
            Listing("session", session, is_single=True, is_open=True),
            Listing("profile", profile, is_single=True),
            Listing("feed", "/xrpc/app.bsky.feed.getAuthorFeed", "feed", pages),
            Listing(
                "notifications",
                "/xrpc/app.bsky.notification.listNotifications",
                "notifications",
                pages,
            ),
        ),
        {"Authorization": "Bearer a-jwt"},
    )
    network.put("session", {"accessJwt": "a-jwt", "refreshJwt": "r"}, key="accessJwt")
    profile = {**BRAND, "followersCount": 70, "createdAt": "2024-05-01T08:00:00.000Z"}
    network.put("profile", profile, key="did")
    post(network, "at://acme/1", BRAND, "We are open")
    post(network, "at://ann/7", ANN, "Acme is great", is_repost=True)
    notification(network, "at://ann/2", "reply", reply={"root": ROOT, "parent": ROOT})
    return network


def record(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "langs": ["en-GB"], "createdAt": "2026-05-01T08:00:00.000Z", **more}


def post(
    network: Vendor, uri: str, author: Any, text: str, *, is_repost: bool = False, **more: Any
) -> None:
    """Put a post into the brand's feed."""
    counts = {"likeCount": 3, "repostCount": 2, "replyCount": 1}
    shown = {"uri": uri, "cid": "x", "author": author, "record": record(text, **more), **counts}
    given: dict[str, Any] = {"key": (uri, is_repost), "post": shown}
    if is_repost:
        given["reason"] = {"by": BRAND, "indexedAt": "2026-05-02T08:00:00.000Z"}
    network.put("feed", given, key="key")


def notification(network: Vendor, uri: str, reason: str, **more: Any) -> None:
    """Put a notification about what a customer did."""
    given = {"uri": uri, "author": ANN, "reason": reason, "record": record("Really?", **more)}
    network.put("notifications", given, key="uri")


@pytest.fixture
def network():
    with serving(vendor()) as network:
        yield network


def message(network: Vendor, id: str) -> dict[str, Any]:
    return load(source_of(network, SECTION)).one("messages", message_id=id)


def test_a_post_of_the_brand_is_outbound_with_what_people_made_of_it(network):
    assert message(network, "at://acme/1") == {
        "message_id": "at://acme/1",
        "conversation_id": "at://acme/1",
        "sent_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "direction": "outbound",
        "author_kind": "brand",
        "author_id": "did:plc:acme",
        "author_handle": "acme.example",
        "channel": "bluesky",
        "is_public": True,
        "brand": "Acme",
        "language": "en",
        "text": "We are open",
        "likes": 3,
        "reposts": 2,
        "replies": 1,
    }


def test_an_answer_of_a_customer_is_inbound_in_the_brands_thread(network):
    answer = message(network, "at://ann/2")
    assert (answer["direction"], answer["author_kind"]) == ("inbound", "customer")
    assert (answer["author_id"], answer["author_handle"]) == ("did:plc:ann", "ann.example")
    assert answer["conversation_id"] == answer["in_reply_to_id"] == "at://acme/1"


def test_an_answer_of_the_brand_stays_in_the_customers_thread(network):
    asked = {"uri": "at://ann/5", "cid": "x"}
    notification(network, "at://ann/5", "mention")
    post(network, "at://acme/6", BRAND, "Yes", reply={"root": asked, "parent": asked})
    assert message(network, "at://ann/5")["conversation_id"] == "at://ann/5"
    answer = message(network, "at://acme/6")
    assert (answer["direction"], answer["in_reply_to_id"]) == ("outbound", "at://ann/5")
    assert answer["conversation_id"] == "at://ann/5"


def test_a_repost_is_the_brands_own_act_and_not_its_words(network):
    repost = message(network, "repost:at://ann/7")
    assert repost["repost_of_id"] == "at://ann/7"
    assert (repost["author_handle"], repost["sent_at"].day) == ("acme.example", 2)
    assert "likes" not in repost


def test_a_post_that_the_brand_repeats_itself_counts_beside_its_repost(network):
    post(network, "at://acme/1", BRAND, "We are open", is_repost=True)
    found = load(source_of(network, SECTION)).of("messages", "message_id")
    assert {"at://acme/1", "repost:at://acme/1"} <= set(found)


@pytest.mark.parametrize("reason", ["like", "follow", "repost"])
def test_who_likes_or_follows_says_nothing(network, reason):
    notification(network, "at://ann/9", reason)
    network.objects["notifications"][-1]["record"] = {"createdAt": "2026-05-01T08:00:00.000Z"}
    assert "at://ann/9" not in load(source_of(network, SECTION)).of("messages", "message_id")


def test_a_feed_without_reposts_is_no_fault(network):
    network.delete("feed", ("at://ann/7", True), key="key")
    loaded = load(source_of(network, SECTION)).of("messages", "message_id")
    assert loaded == ["at://acme/1", "at://ann/2"]


def test_what_the_brand_deleted_leaves_and_what_people_said_stays(network):
    source = source_of(network, SECTION)
    whole = [each.section for each in source.extract({}) if each.is_whole]
    assert whole == ["feed", "feed (2)"]


def test_people_without_a_handle_of_their_own_are_not_one_person(network):
    notification(network, "at://bo/4", "mention")
    network.objects["notifications"][-1]["author"] = {"did": "did:plc:bo", "handle": INVALID}
    unnamed = message(network, "at://bo/4")
    assert unnamed["author_id"] == "did:plc:bo"
    assert "author_handle" not in unnamed


def test_a_brand_whose_handle_is_lost_is_known_by_its_did(network):
    network.objects["profile"][0]["handle"] = INVALID
    assert load(source_of(network, SECTION)).one("social_accounts")["handle"] == "did:plc:acme"


@pytest.mark.parametrize(("given", "language"), [("EN", "en"), ("pt-BR", "pt"), ("cmn-Hans", None)])
def test_one_language_is_one_segment_however_a_client_writes_it(network, given, language):
    notification(network, "at://ann/2", "mention", langs=[given])
    assert message(network, "at://ann/2").get("language") == language


def test_a_profile_without_a_number_of_followers_is_no_fault(network):
    network.objects["profile"][0].pop("followersCount")
    loaded = load(source_of(network, SECTION))
    assert loaded.of("audience_snapshots", "account_id", "followers") == [("did:plc:acme", None)]
    assert "at://ann/2" in loaded.of("messages", "message_id")


def test_followers_are_counted_each_day(network):
    loaded = load(source_of(network, SECTION))
    (day,) = loaded.of("audience_snapshots")
    assert (day["account_id"], day["followers"]) == ("did:plc:acme", 70)
    assert abs((datetime.now(UTC).date() - day["snapshot_date"]).days) <= 1
    assert loaded.one("social_accounts")["handle"] == "acme.example"


def test_a_wrong_password_is_told_without_it(network):
    network.signed = {"Authorization": "Bearer another"}
    with pytest.raises(SourceRefused) as refused:
        source_of(network, SECTION).check()
    assert "a-password" not in str(refused.value)


@pytest.mark.shared
@needs("bluesky.openapi.json")
def test_what_is_asked_for_and_read_is_documented():
    document = OpenApi("bluesky.openapi.json")
    login = "/xrpc/com.atproto.server.createSession"
    assert "accessJwt" in document.fields(login, method="post")
    feed = "/xrpc/app.bsky.feed.getAuthorFeed"
    assert {"actor", "filter", "limit", "cursor"} <= document.parameters(feed)
    assert {"post", "reason"} <= document.fields(feed, "feed")
    assert {"by", "indexedAt"} <= document.fields(feed, "feed.reason")
    told = "/xrpc/app.bsky.notification.listNotifications"
    assert {"reasons", "limit", "cursor"} <= document.parameters(told)
    assert {"uri", "author", "reason", "record"} <= document.fields(told, "notifications")
    profile = document.fields("/xrpc/app.bsky.actor.getProfile")
    assert {"did", "handle", "createdAt", "followersCount"} <= profile
