"""Risk: a page's answer counts as a customer's words, or a comment loses what it answers.

The vendor's answers follow https://developers.facebook.com/docs/graph-api/reference (page/feed,
page/published_posts, insights, object/comments) and
https://developers.facebook.com/docs/graph-api/results (read in November 2026).
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.openapi import SPECS
from tests.fixtures.rest_server import Fault, serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {
    "kind": "facebook_pages",
    "address": "{url}",
    "page_id": "5",
    "access_token": "a-token",
    "brand": "Acme",
}
WITH_VIEWS = SECTION | {"views_metric": "post_media_view"}
DOCUMENTS = SPECS / "facebook_marketing"
PAGE, ANN = {"id": "5", "name": "Acme"}, {"id": "77", "name": "Ann"}


def vendor() -> Vendor:
    """Return a page with a post that was commented on, and a comment that it answered."""
    pages = Pages(
        position("after"), lambda turn: {"paging": {"next": turn.url} if turn.has_more else {}}
    )
    since, every = ("since", "created_time"), {"filter": "stream", "order": "chronological"}
    site = Vendor(
        (
            Listing("page", "/v26.0/{id}", is_single=True),
            Listing(
                "feed", "/v26.0/5/feed", "data", pages, since, position="after", is_later=is_later
            ),
            Listing(
                "published",
                "/v26.0/5/published_posts",
                "data",
                pages,
                since,
                position="after",
                is_later=is_later,
            ),
            Listing(
                "comments",
                "/v26.0/{post}/comments",
                "data",
                pages,
                position="after",
                asked_by=every,
                shown=without_post,
            ),
        ),
        {"access_token": "a-token"},
    )
    site.put("page", {"id": "5", "username": "AcmeShop", "followers_count": 1230})
    post(site, "5_1", PAGE)
    comment(site, "1_11", ANN)
    comment(site, "1_12", PAGE, parent={"id": "1_11"}, message="We are")
    return site


def is_later(value: Any, since: str) -> bool:
    return datetime.fromisoformat(value).timestamp() >= int(since)


def without_post(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "post"}


def post(site: Vendor, id: str, author: dict[str, str] | None, **changed: Any) -> None:
    given = {
        "id": id,
        "created_time": "2026-05-01T08:00:00+0000",
        "message": "We are open",
        "is_published": True,
        "shares": {"count": 4},
        "reactions": {"data": [], "summary": {"total_count": 31}},
        "comments": {"data": [], "summary": {"total_count": 2}},
    }
    site.put("feed", given | ({"from": author} if author else {}) | changed)


def comment(site: Vendor, id: str, author: dict[str, str] | None, **changed: Any) -> None:
    given = {
        "post": "5_1",
        "id": id,
        "created_time": "2026-05-01T09:00:00+0000",
        "message": "On Sunday, too?",
        "like_count": 1,
        "comment_count": 0,
        "is_private": False,
    }
    site.put("comments", given | ({"from": author} if author else {}) | changed)


def see(site: Vendor, id: str, *views: int) -> None:
    """Count how often a post of the page was seen; without a number Facebook has none."""
    shown = next(each for each in site.objects["feed"] if each["id"] == id)
    metric = {"name": "post_media_view", "period": "lifetime"}
    figures = [metric | {"values": [{"value": each}]} for each in views]
    site.put("published", shown | {"insights": {"data": figures}})


@pytest.fixture
def site():
    with serving(vendor()) as site:
        yield site


def message(site: Vendor, id: str) -> dict[str, Any]:
    return load(source_of(site, SECTION)).one("messages", message_id=id)


def test_a_post_of_the_page_is_its_own_word(site):
    assert message(site, "5_1") == {
        "message_id": "5_1",
        "sent_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "direction": "outbound",
        "author_kind": "brand",
        "author_id": "5",
        "channel": "facebook",
        "is_public": True,
        "brand": "Acme",
        "text": "We are open",
        "likes": 31,
        "reposts": 4,
        "replies": 2,
    }


def test_a_comment_answers_the_post_and_the_pages_answer_the_comment(site):
    asked, answer = message(site, "1_11"), message(site, "1_12")
    assert (asked["direction"], asked["author_kind"]) == ("inbound", "customer")
    assert (asked["author_id"], asked["in_reply_to_id"]) == ("77", "5_1")
    assert (answer["direction"], answer["author_kind"]) == ("outbound", "brand")
    assert answer["in_reply_to_id"] == "1_11"


@pytest.mark.parametrize("author", [ANN, None])
def test_what_others_post_on_the_page_is_inbound_though_facebook_hides_their_names(site, author):
    post(site, "5_2", author)
    found = message(site, "5_2")
    assert (found["direction"], found["author_kind"]) == ("inbound", "customer")
    assert found.get("author_id") == (author or {}).get("id")


def test_a_comment_without_a_parent_of_its_own_answers_the_post(site):
    comment(site, "1_13", ANN, parent=None)
    assert message(site, "1_13")["in_reply_to_id"] == "5_1"


@pytest.mark.parametrize("given", [1, "1", "True"])
def test_a_private_comment_is_not_public_however_that_is_written(site, given):
    comment(site, "1_13", ANN, is_private=given)
    assert message(site, "1_13")["is_public"] is False


def test_a_comment_of_which_nobody_knows_whether_it_is_private_is_not_published(site):
    comment(site, "1_13", ANN, is_private="by request")
    loaded = load(source_of(site, SECTION))
    assert "1_13" not in loaded.of("messages", "message_id")
    (reject,) = loaded.rejects["messages"]
    assert (reject.field, reject.column, reject.value) == ("is_public", "is_private", "by request")


def test_a_private_comment_is_not_public_and_a_picture_has_no_words(site):
    comment(site, "1_13", ANN, is_private=True)
    post(site, "5_3", PAGE)
    site.objects["feed"][-1].pop("message")
    assert message(site, "1_13")["is_public"] is False
    assert "text" not in message(site, "5_3")


def test_views_of_a_post_of_the_page_come_beside_its_likes(site):
    see(site, "5_1", 870)
    plain, seen = load(source_of(site, WITH_VIEWS)).of("messages")[:2]
    assert seen == plain | {"impressions": 870}


def test_new_views_of_a_post_are_read_without_asking_for_its_comments_again(site):
    lately = (datetime.now(UTC) - timedelta(days=20)).isoformat(timespec="seconds")
    post(site, "5_5", PAGE, created_time=lately)
    see(site, "5_5")
    source = source_of(site, WITH_VIEWS)
    first = load(source)
    assert ("5_5", None) in first.of("messages", "message_id", "impressions")
    see(site, "5_5", 12)
    site.asked.clear()
    again = load(source, first.state)
    assert again.of("messages", "message_id", "impressions") == [("5_5", 12)]
    assert not [each.path for each in site.asked if "comments" in each.path]


def test_a_post_that_only_ads_show_is_none(site):
    post(site, "5_4", PAGE, is_published=False)
    assert "5_4" not in load(source_of(site, SECTION)).of("messages", "message_id")


def test_a_comment_that_comes_days_later_is_read_with_the_posts_new_number(site):
    lately = (datetime.now(UTC) - timedelta(days=20)).isoformat(timespec="seconds")
    post(site, "5_5", PAGE, created_time=lately)
    source = source_of(site, SECTION)
    first = load(source)
    comment(site, "5_51", ANN, post="5_5")
    post(site, "5_5", PAGE, created_time=lately, comments={"summary": {"total_count": 3}})
    again = load(source, first.state)
    assert again.of("messages", "message_id", "replies") == [("5_5", 3), ("5_51", 0)]


def test_every_page_of_comments_is_read(site):
    for number in range(20, 30):
        comment(site, f"1_{number}", ANN)
    loaded = load(source_of(site, SECTION)).of("messages", "message_id")
    assert {f"1_{number}" for number in range(20, 30)} <= set(loaded)


def test_a_page_without_a_name_in_its_address_is_known_by_its_id(site):
    site.objects["page"][0].pop("username")
    loaded = load(source_of(site, SECTION))
    assert loaded.one("social_accounts")["handle"] == "5"
    assert loaded.of("audience_snapshots", "account_id", "followers") == [("5", 1230)]


def test_a_limit_of_facebook_is_waited_out(site):
    error = {"message": "User request limit reached", "type": "OAuthException", "code": 17}
    site.faults = [Fault(400, json.dumps({"error": error}).encode())] * 2
    assert load(source_of(site, SECTION)).of("messages")


@pytest.mark.shared
@pytest.mark.skipif(not DOCUMENTS.exists(), reason="needs ../shared: facebook_marketing is absent")
@pytest.mark.parametrize(
    ("listing", "name", "edges"),
    [
        ("page", "Page.json", set()),
        ("feed", "PagePost.json", {"comments", "reactions"}),
        ("comments", "Comment.json", {"post"}),
    ],
)
def test_what_is_read_is_documented(site, listing, name, edges):
    document = json.loads((DOCUMENTS / name).read_text(encoding="utf-8"))
    known = {each["name"] for each in document["fields"]}
    assert set(site.objects[listing][0]) - edges <= known
