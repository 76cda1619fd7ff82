"""Risk: a brand's answer on Instagram counts as a customer's words, or a post counts twice.

The vendor's answers follow
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference
(ig-user/media, ig-user/tags, ig-media, ig-media/comments, ig-comment; read in November 2026).
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingestion.errors import MappingFault
from tests.fixtures.connectors import load, source_of
from tests.fixtures.openapi import SPECS
from tests.fixtures.rest_server import Fault, serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {
    "kind": "instagram",
    "address": "{url}",
    "account_id": "178",
    "handle": "acme",
    "access_token": "a-token",
    "brand": "Acme",
}
DOCUMENTS = SPECS / "facebook_marketing"
ACME, ANN = {"id": "178", "username": "acme"}, {"id": "77", "username": "Ann.b"}


def vendor() -> Vendor:
    """Return an account with a post, a comment that it answered, and a post that tags it."""
    pages = Pages(
        position("after"), lambda turn: {"paging": {"next": turn.url} if turn.has_more else {}}
    )
    since = ("since", "timestamp")
    way: dict[str, Any] = {"position": "after", "is_later": is_later}
    site = Vendor(
        (
            Listing("account", "/v26.0/{id}", is_single=True),
            Listing("media", "/v26.0/178/media", "data", pages, since, **way),
            Listing("tags", "/v26.0/178/tags", "data", pages, **way),
            Listing(
                "comments", "/v26.0/{media}/comments", "data", pages, shown=without_media, **way
            ),
        ),
        {"access_token": "a-token"},
    )
    site.put("account", {"id": "178", "username": "Acme", "followers_count": 1230})
    media(site, "media", "1")
    media(site, "tags", "2", username="bo")
    comment(site, "11", ANN, replies={"data": [said("12", ACME)]})
    return site


def is_later(value: Any, since: str) -> bool:
    return datetime.fromisoformat(value).timestamp() >= int(since)


def without_media(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "media"}


def media(site: Vendor, listing: str, id: str, **changed: Any) -> None:
    given = {
        "id": id,
        "caption": "We are open",
        "timestamp": "2026-05-01T08:00:00+0000",
        "like_count": 31,
        "comments_count": 2,
    }
    site.put(listing, given | changed)


def said(id: str, author: dict[str, str]) -> dict[str, Any]:
    return {
        "id": id,
        "text": f"I am {id}",
        "timestamp": "2026-05-01T09:00:00+0000",
        "from": author,
        "like_count": 1,
    }


def comment(site: Vendor, id: str, author: dict[str, str], **changed: Any) -> None:
    site.put("comments", said(id, author) | {"media": "1"} | changed)


@pytest.fixture
def site():
    with serving(vendor()) as site:
        yield site


def message(site: Vendor, id: str) -> dict[str, Any]:
    return load(source_of(site, SECTION)).one("messages", message_id=id)


def test_a_post_of_the_account_is_its_own_word(site):
    assert message(site, "1") == {
        "message_id": "1",
        "conversation_id": "1",
        "sent_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "direction": "outbound",
        "author_kind": "brand",
        "author_id": "178",
        "author_handle": "acme",
        "channel": "instagram",
        "is_public": True,
        "brand": "Acme",
        "text": "We are open",
        "likes": 31,
        "replies": 2,
    }


def test_a_comment_and_the_answer_to_it_are_in_the_posts_thread(site):
    asked, answer = message(site, "11"), message(site, "12")
    assert (asked["direction"], asked["author_kind"]) == ("inbound", "customer")
    assert (asked["author_id"], asked["author_handle"]) == ("77", "ann.b")
    assert (answer["direction"], answer["author_kind"]) == ("outbound", "brand")
    assert (asked["in_reply_to_id"], answer["in_reply_to_id"]) == ("1", "11")
    assert asked["conversation_id"] == answer["conversation_id"] == "1"


def test_a_comment_of_the_account_on_its_own_post_is_outbound(site):
    comment(site, "13", ACME)
    assert (message(site, "13")["direction"], message(site, "13")["author_kind"]) == (
        "outbound",
        "brand",
    )


def test_a_token_that_may_not_see_who_comments_makes_no_customer_of_the_account(site):
    comment(site, "13", ACME)
    for each in site.objects["comments"]:
        each.pop("from")
    with pytest.raises(MappingFault, match=r"has 'from\.username'"):
        load(source_of(site, SECTION))


def test_a_comment_of_somebody_who_is_not_named_is_a_customers(site):
    comment(site, "13", ANN)
    site.objects["comments"][-1].pop("from")
    assert message(site, "13")["author_kind"] == "customer"


def test_a_post_that_tags_the_account_is_inbound(site):
    tagged = message(site, "2")
    assert (tagged["direction"], tagged["author_handle"]) == ("inbound", "bo")


def test_a_post_in_which_the_account_tags_itself_counts_once(site):
    media(site, "tags", "1", username="acme")
    assert message(site, "1")["direction"] == "outbound"


def test_likes_and_views_of_a_video_are_counted_over_the_same_places(site):
    media(site, "media", "3", total_views_count=900, total_like_count=40, total_comments_count=5)
    video, photo = message(site, "3"), message(site, "1")
    assert (video["impressions"], video["likes"], video["replies"]) == (900, 40, 5)
    assert "impressions" not in photo


def test_comments_without_an_answer_and_likes_that_are_hidden_are_no_fault(site):
    site.objects["comments"][0].pop("replies")
    site.objects["media"][0].pop("like_count")
    loaded = load(source_of(site, SECTION))
    assert sorted(loaded.of("messages", "message_id")) == ["1", "11", "2"]


def test_a_comment_without_words_is_no_fault(site):
    site.objects["comments"][0].pop("text")
    assert "text" not in message(site, "11")


def test_a_comment_that_comes_days_later_is_read_with_the_posts_new_number(site):
    lately = (datetime.now(UTC) - timedelta(days=20)).isoformat(timespec="seconds")
    media(site, "media", "5", timestamp=lately)
    source = source_of(site, SECTION)
    first = load(source)
    comment(site, "51", ANN, media="5")
    media(site, "media", "5", timestamp=lately, comments_count=3)
    again = load(source, first.state)
    assert [each for each in again.of("messages", "message_id") if each != "2"] == ["5", "51"]


def test_every_page_is_read(site):
    for number in range(20, 30):
        comment(site, str(number), ANN)
        media(site, "media", f"1{number}")
    loaded = load(source_of(site, SECTION)).of("messages", "message_id")
    assert {str(number) for number in range(20, 30)} <= set(loaded)
    assert {f"1{number}" for number in range(20, 30)} <= set(loaded)


def test_followers_are_counted_each_day(site):
    loaded = load(source_of(site, SECTION))
    assert loaded.of("audience_snapshots", "account_id", "followers") == [("178", 1230)]
    assert loaded.one("social_accounts")["handle"] == "acme"


def test_a_limit_of_facebook_is_waited_out(site):
    error = {"message": "User request limit reached", "type": "OAuthException", "code": 17}
    site.faults = [Fault(400, json.dumps({"error": error}).encode())] * 2
    assert load(source_of(site, SECTION)).of("messages")


@pytest.mark.shared
@pytest.mark.skipif(not DOCUMENTS.exists(), reason="needs ../shared: facebook_marketing is absent")
@pytest.mark.parametrize(
    ("listing", "name", "edges"),
    [
        ("media", "IGMedia.json", set()),
        ("tags", "IGMedia.json", set()),
        ("comments", "IGComment.json", {"replies"}),
    ],
)
def test_what_is_read_is_documented(site, listing, name, edges):
    document = json.loads((DOCUMENTS / name).read_text(encoding="utf-8"))
    known = {each["name"] for each in document["fields"]}
    assert set(site.objects[listing][0]) - edges <= known
