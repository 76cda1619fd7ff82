"""Risk: staff count as customers, a thread falls apart, or what is hidden or deleted stays.

The vendor's answers follow https://docs.discourse.org/ and the public source of its serializers
(https://github.com/discourse/discourse, read in November 2026).
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, after_key, page_number, unsettled

SECTION = {"kind": "discourse", "address": "{url}", "api_key": "a-key", "brand": "Acme"}
OPENED = "2026-05-01T08:00:00.000Z"


def vendor() -> Vendor:
    """Return a forum in which a customer asks and an administrator answers."""
    is_by_name = {"order": "username", "asc": "true"}.items()
    pages = Pages(unsettled(page_number("page"), lambda asked: is_by_name <= asked.params.items()))
    users, staff = "/admin/users.json", "/admin/users/list/staff.json"
    forum = Vendor(
        (
            Listing("categories", "/site.json", "categories"),
            Listing("posts", "/posts.json", "latest_posts", Pages(after_key("before"))),
            Listing("users", users, pages=pages, asked_by={"show_emails": "true"}),
            Listing("staff", staff, pages=pages),
        ),
        {"Api-Key": "a-key", "Api-Username": "system"},
    )
    forum.put("categories", {"id": 4, "read_restricted": False})
    forum.put("categories", {"id": 5, "read_restricted": True})
    answer = {"user_id": 2, "username": "Bo", "staff": True, "reply_to_post_number": 1}
    post(forum, 102, post_number=2, **answer)
    post(forum, 101)
    for name in ("users", "staff"):
        user(forum, name, -1, "system", admin=True)
        user(forum, name, 2, "Bo", moderator=True)
    user(forum, "users", 7, "Ann")
    return forum


def post(forum: Vendor, number: int, **changed: Any) -> None:
    given = {
        "id": number,
        "topic_id": 30,
        "post_number": 1,
        "reply_to_post_number": None,
        "category_id": 4,
        "user_id": 7,
        "username": "Ann",
        "staff": False,
        "created_at": OPENED,
        "cooked": "<p>Where is <b>it</b>?</p>",
        "reply_count": 1,
        "actions_summary": [{"id": 2, "count": 3}, {"id": 3, "can_act": True}],
        "hidden": False,
        "user_deleted": False,
        "primary_group_name": None,
    }
    forum.put("posts", given | changed)


def user(forum: Vendor, name: str, number: int, handle: str, **changed: Any) -> None:
    given = {"username": handle, "created_at": OPENED, "admin": False, "moderator": False}
    forum.put(name, {"id": number, "email": f"{handle}@acme.example", **given, **changed})


@pytest.fixture
def forum():
    with serving(vendor()) as forum:
        yield forum


def messages(forum: Vendor, *columns: str) -> list[Any]:
    return load(source_of(forum, SECTION)).of("messages", *columns)


def test_a_question_is_inbound_with_what_people_made_of_it(forum):
    (question,) = (row for row in messages(forum) if row["message_id"] == "30/1")
    assert {name: value for name, value in question.items() if value is not None} == {
        "message_id": "30/1",
        "conversation_id": "30",
        "sent_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "direction": "inbound",
        "author_kind": "customer",
        "author_id": "7",
        "author_handle": "ann",
        "channel": "discourse",
        "is_public": True,
        "brand": "Acme",
        "text": "Where is it?",
        "likes": 3,
        "replies": 1,
    }


def test_an_answer_names_the_post_of_its_own_topic(forum):
    post(forum, 100, topic_id=29)
    answers = messages(forum, "message_id", "in_reply_to_id")
    assert answers == [("30/2", "30/1"), ("30/1", None), ("29/1", None)]


@pytest.mark.parametrize(
    ("given", "spoken"),
    [
        ({"staff": True, "user_id": 2}, ("outbound", "agent")),
        ({"staff": True, "user_id": -1}, ("outbound", "bot")),
        ({"staff": False, "user_id": -2}, ("outbound", "bot")),
    ],
)
def test_staff_and_bots_are_no_customers(forum, given, spoken):
    post(forum, 101, **given)
    assert messages(forum, "direction", "author_kind")[-1] == spoken


def test_what_not_everybody_may_read_is_not_public(forum):
    post(forum, 101, category_id=5)
    assert messages(forum, "is_public") == [True, False]


def test_a_category_that_nobody_knows_is_a_reason_and_no_guess(forum):
    post(forum, 101, category_id=6)
    (reject,) = load(source_of(forum, SECTION)).rejects["messages"]
    assert reject.field == "is_public"


@pytest.mark.parametrize("gone", ["hidden", "user_deleted"])
def test_what_was_hidden_or_deleted_by_its_author_counts_nowhere(forum, gone):
    post(forum, 101, **{gone: True})
    assert messages(forum, "message_id") == ["30/2"]


def test_a_post_that_nobody_likes_has_no_likes(forum):
    post(forum, 101, actions_summary=[])
    post(forum, 102, actions_summary=[])
    assert messages(forum, "likes") == [0, 0]


def test_what_the_forum_no_longer_has_leaves(forum):
    whole = [each.section for each in source_of(forum, SECTION).extract({}) if each.is_whole]
    assert whole == ["posts", "users", "users", "staff"]


def test_every_page_of_the_newest_first_is_read(forum):
    for number in range(100, 90, -1):
        post(forum, number, topic_id=number)
    assert len(messages(forum, "message_id")) == 12


def test_users_are_known_by_their_handle_staff_are_marked_and_bots_are_nobody(forum):
    loaded = load(source_of(forum, SECTION))
    assert loaded.of("customers", "customer_id", "is_staff") == [("2", True), ("7", False)]
    assert loaded.of("customer_identities")[1] == {
        "customer_id": "7",
        "identity_type": "discourse",
        "identity_value": "ann",
    }
    assert loaded.of("agents", "agent_id", "handle") == [("2", "bo")]


def test_no_user_of_an_import_is_lost_between_pages(forum):
    for number in range(20, 25):
        user(forum, "users", number, f"user-{number}")
    assert len(set(load(source_of(forum, SECTION)).of("customers", "customer_id"))) == 7


def test_a_group_of_ones_own_says_who_speaks_for_the_company(forum):
    spoken = {"from": "primary_group_name", "map": {"team": "outbound"}, "default": "inbound"}
    post(forum, 101, staff=True)
    post(forum, 102, staff=False, primary_group_name="team")
    own = {"messages": {"columns": {"direction": spoken}}}
    loaded = load(source_of(forum, {**SECTION, "entities": own}))
    assert loaded.of("messages", "direction") == ["outbound", "inbound"]
