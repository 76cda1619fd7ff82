"""Risk: a brand's words count as its customers', one post twice, or what was removed stays.

The vendor's answers follow https://www.reddit.com/dev/api/ and, for tokens,
https://github.com/reddit-archive/reddit/wiki/OAuth2 (read in November 2026).
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {
    "kind": "reddit",
    "address": "{url}",
    "token_address": "{url}",
    "client_id": "an-id",
    "client_secret": "a-secret",
    "account": "AcmeHelp",
    "brand": "Acme",
    "subreddit": "acme",
    "search": "acme",
}


def vendor() -> Vendor:
    """Return a Reddit with a brand's post and comment, a customer's of each, and one elsewhere."""
    pages = Pages(position("after"))
    token = "/api/v1/access_token"
    lists = {
        "own": "/user/AcmeHelp/overview",
        "posts": "/r/acme/new",
        "comments": "/r/acme/comments",
        "found": "/search",
    }
    network = Vendor(
        (
            Listing("token", token, is_single=True, is_open=True),
            Listing("account", "/user/AcmeHelp/about", is_single=True, shown=thing),
            *(Listing(name, path, "data.children", pages) for name, path in lists.items()),
        ),
        {"Authorization": "Bearer a-token"},
    )
    network.put("token", {"access_token": "a-token", "expires_in": 86400}, key="access_token")
    network.put("account", {"id": "abc", "name": "AcmeHelp", "created_utc": 1714550400.0})
    post(network, "own", "t3_1", "AcmeHelp", title="We are open", selftext="Come in")
    comment(network, "own", "t1_2", "AcmeHelp")
    post(network, "posts", "t3_7", "ann")
    comment(network, "comments", "t1_8", "Bo")
    post(network, "found", "t3_9", "cy", subreddit="shoes")
    return network


def thing(account: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "t2", "data": account}


def post(network: Vendor, listing: str, name: str, author: str, **changed: Any) -> None:
    """Put a post into a list."""
    given = {"title": "Acme shoes", "selftext": "", "num_comments": 4, "subreddit": "acme"}
    put(network, listing, "t3", {"name": name, "author": author, **given, **changed})


def comment(network: Vendor, listing: str, name: str, author: str, **changed: Any) -> None:
    """Put a comment on the customer's post into a list."""
    given = {"body": "Sure", "link_id": "t3_7", "parent_id": "t3_7", "subreddit": "acme"}
    put(network, listing, "t1", {"name": name, "author": author, **given, **changed})


def put(network: Vendor, listing: str, kind: str, data: dict[str, Any]) -> None:
    always = {"author_fullname": f"t2_{data['author']}", "created_utc": 1777626000.0, "score": 3}
    network.put(listing, {"id": data["name"], "kind": kind, "data": {**always, **data}})


@pytest.fixture
def network():
    with serving(vendor()) as network:
        yield network


def messages(network: Vendor, *columns: str, **changed: Any) -> list[Any]:
    section = {key: each for key, each in {**SECTION, **changed}.items() if each is not None}
    return load(source_of(network, section)).of("messages", *columns)


def test_a_comment_of_the_brand_is_outbound_in_the_customers_thread(network):
    (comment,) = [row for row in messages(network) if row["message_id"] == "t1_2"]
    assert {name: value for name, value in comment.items() if value is not None} == {
        "message_id": "t1_2",
        "conversation_id": "t3_7",
        "in_reply_to_id": "t3_7",
        "sent_at": datetime(2026, 5, 1, 9, tzinfo=UTC),
        "direction": "outbound",
        "author_kind": "brand",
        "author_id": "t2_AcmeHelp",
        "author_handle": "acmehelp",
        "channel": "reddit",
        "is_public": True,
        "brand": "Acme",
        "text": "Sure",
        "likes": 3,
    }


def test_a_post_has_its_title_before_its_words_and_begins_a_thread(network):
    found = messages(network, "message_id", "conversation_id", "text", "replies")
    assert ("t3_1", "t3_1", "We are open\n\nCome in", 4) in found
    assert ("t3_7", "t3_7", "Acme shoes", 4) in found


def test_what_people_say_is_inbound(network):
    found = messages(network, "message_id", "direction", "author_kind", "author_handle")
    assert ("t3_7", "inbound", "customer", "ann") in found
    assert ("t1_8", "inbound", "customer", "bo") in found
    assert ("t3_9", "inbound", "customer", "cy") in found


def test_what_several_lists_have_comes_once_as_the_brands(network):
    post(network, "posts", "t3_1", "AcmeHelp")
    comment(network, "comments", "t1_2", "AcmeHelp")
    post(network, "found", "t3_1", "AcmeHelp")
    post(network, "found", "t3_7", "ann")
    found = messages(network, "message_id", "direction")
    assert sorted(found) == [
        ("t1_2", "outbound"),
        ("t1_8", "inbound"),
        ("t3_1", "outbound"),
        ("t3_7", "inbound"),
        ("t3_9", "inbound"),
    ]


def test_what_was_deleted_or_removed_leaves(network):
    source = source_of(network, SECTION)
    state = load(source).state
    comment(network, "comments", "t1_8", "[deleted]", body="[deleted]")
    post(network, "posts", "t3_7", "ann", selftext="[removed]")
    again = load(source, state)
    assert {"t1_8", "t3_7"} <= {row["message_id"] for row in again.left["messages"]}
    assert not {"t1_8", "t3_7"} & set(again.of("messages", "message_id"))


def test_a_bot_of_reddits_is_no_customer(network):
    comment(network, "comments", "t1_8", "AutoModerator")
    assert ("t1_8", "bot") in messages(network, "message_id", "author_kind")


def test_votes_against_are_no_likes_below_nothing(network):
    comment(network, "comments", "t1_8", "Bo", score=-5)
    assert ("t1_8", None) in messages(network, "message_id", "likes")


def test_a_brand_without_a_subreddit_is_found_by_words_alone(network):
    post(network, "found", "t3_7", "ann")
    found = messages(network, "message_id", subreddit=None)
    assert found == ["t3_1", "t1_2", "t3_9", "t3_7"]
    assert not [each for each in network.asked if each.path.startswith("/r/")]
