"""Risk: who got, opened and clicked a Ghost's newsletter is missed, or a post that none got counts.

The vendor's answers follow https://docs.ghost.org/admin-api; the filters by which members are asked
for are those of Ghost's own lists (filterRelations and filterExpansions of its members' model).
"""

import re
from datetime import UTC, date, datetime
from typing import Any

import jwt
import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import Json, serving
from tests.fixtures.vendor_api import Listing, Pages, Turn, Vendor, page_number, unsettled

SECRET = "c0ffee" * 11
SECTION = {"kind": "ghost", "address": "{url}", "api_key": f"1d:{SECRET}"}
SENT = "2026-05-01T08:00:00.000Z"
# How members are asked for, by what a newsletter was to them.
FILTERS = {
    "recipients": "emails.post_id:'{post_id}'",
    "openers": "opened_emails.post_id:'{post_id}'",
    "clickers": "clicked_links.post_id:'{post_id}'",
}


def vendor() -> Vendor:
    """Return a Ghost with one newsletter that Ann opened, Bob clicked and Cem got."""
    start = unsettled(page_number("page"), lambda asked: "id asc" in asked.params["order"])
    pages, every = Pages(page_number("page"), pagination), Pages(start, pagination)
    posts, members = "/ghost/api/admin/posts/", "/ghost/api/admin/members/"
    since = ("filter", "published_at")
    ghost = Vendor(
        (
            Listing("posts", posts, "posts", pages, since, is_later=is_published_after),
            *(
                Listing(name, members, "members", every, shown=without_post, asked_by={"filter": f})
                for name, f in FILTERS.items()
            ),
            Listing("members", members, "members", every),
        ),
        {"Authorization": is_signed},
    )
    post(ghost, "p-1")
    for name in ("ann", "bob", "cem"):
        ghost.put("members", member(name))
        got(ghost, "recipients", name)
    got(ghost, "openers", "ann")
    got(ghost, "openers", "bob")
    got(ghost, "clickers", "bob")
    return ghost


def is_signed(given: str) -> bool:
    """Return whether a token is signed as Ghost wants it, for five minutes at most."""
    scheme, _, token = given.partition(" ")
    try:
        said = jwt.decode(token, bytes.fromhex(SECRET), ["HS256"], audience="/admin/")
    except jwt.InvalidTokenError:
        return False
    is_known = jwt.get_unverified_header(token)["kid"] == "1d"
    return scheme == "Ghost" and is_known and said["exp"] - said["iat"] <= 300


def pagination(turn: Turn) -> Json:
    return {"meta": {"pagination": {"pages": -(-turn.total // 3), "total": turn.total}}}


def is_published_after(value: str, asked: str) -> bool:
    found = re.search(r"published_at:>='([-\d]+)'", asked)
    return found is None or value >= found[1]


def without_post(recipient: Json) -> Json:
    return {name: value for name, value in recipient.items() if name != "post_id"}


def member(name: str) -> Json:
    return {
        "id": name,
        "email": f"{name}@example.com",
        "name": name.title(),
        "status": "free",
        "created_at": "2026-01-05T10:00:00.000Z",
        "updated_at": "2026-01-05T10:00:00.000Z",
    }


def got(ghost: Vendor, listing: str, name: str, post: str = "p-1") -> None:
    ghost.put(listing, {**member(name), "post_id": post})


def post(ghost: Vendor, name: str, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": name,
        "title": "Spring is here",
        "status": "published",
        "published_at": SENT,
        "updated_at": SENT,
        "newsletter": {"id": "n-1", "name": "Weekly"},
        "email": {"id": "e-1", "status": "submitted", "email_count": 3, "opened_count": 2},
        "count": {"clicks": 1},
    }
    ghost.put("posts", given | changed)


@pytest.fixture
def ghost():
    with serving(vendor()) as ghost:
        yield ghost


def touches(source: Any, state: Any = None) -> dict[str, Any]:
    """Return the last row of each person, which is the one that the warehouse keeps."""
    return {row["customer_id"]: row for row in load(source, state).of("campaign_touches")}


def test_a_newsletter_begins_when_its_post_was_published(ghost):
    assert load(source_of(ghost, SECTION)).one("campaigns") == {
        "campaign_id": "p-1",
        "name": "Spring is here",
        "channel": "email",
        "starts_on": date(2026, 5, 1),
    }


def test_the_furthest_that_an_e_mail_came_counts(ghost):
    found = touches(source_of(ghost, SECTION))
    states = {name: row["status"] for name, row in found.items()}
    assert states == {"ann": "opened", "bob": "clicked", "cem": "delivered"}
    assert {name: value for name, value in found["bob"].items() if value is not None} == {
        "touch_id": "p-1:bob",
        "campaign_id": "p-1",
        "customer_id": "bob",
        "sent_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "channel": "email",
        "status": "clicked",
    }


def test_openers_and_clickers_may_take_the_place_of_recipients(ghost):
    extracts = list(source_of(ghost, SECTION).extract({}))
    assert {each.section for each in extracts if each.overrides} == {"openers", "clickers"}


def test_a_post_that_nobody_got_by_e_mail_is_no_campaign(ghost):
    post(ghost, "p-2", email=None, newsletter=None)
    assert load(source_of(ghost, SECTION)).of("campaigns", "campaign_id") == ["p-1"]


def test_drafts_and_what_went_to_no_newsletter_are_not_asked_for(ghost):
    load(source_of(ghost, SECTION))
    (asked,) = (each for each in ghost.asked if each.path.endswith("/posts/"))
    assert asked.params["filter"] == "status:[published,sent]+newsletter_id:-null"


def test_a_click_that_comes_days_later_is_seen(ghost):
    source = source_of(ghost, SECTION)
    post(ghost, "p-2", published_at="2026-05-20T08:00:00.000Z")
    state = load(source).state
    got(ghost, "clickers", "ann")
    post(ghost, "p-1", count={"clicks": 2})
    assert touches(source, state)["ann"]["status"] == "clicked"


def test_a_newsletter_without_news_is_not_asked_for_again(ghost):
    source = source_of(ghost, SECTION)
    state = load(source).state
    ghost.asked.clear()
    load(source, state)
    assert [asked.params["filter"] for asked in ghost.asked if "filter" in asked.params] == [
        "status:[published,sent]+newsletter_id:-null+published_at:>='2026-04-01'"
    ]


def test_members_of_all_pages_are_customers_and_who_is_gone_leaves(ghost):
    ghost.put("members", member("dan"))
    source = source_of(ghost, SECTION)
    assert load(source).of("customers", "customer_id") == ["ann", "bob", "cem", "dan"]
    assert {each.table.name for each in source.extract({}) if each.is_whole} == {"customers"}


def test_no_member_of_an_import_is_lost_between_pages(ghost):
    for number in range(5):
        ghost.put("members", member(f"member-{number}"))
        got(ghost, "recipients", f"member-{number}")
    loaded = load(source_of(ghost, SECTION))
    assert len(set(loaded.of("customers", "customer_id"))) == 8
    assert len(set(loaded.of("campaign_touches", "customer_id"))) == 8


def test_a_newsletter_that_is_a_brand_is_one_line(ghost):
    own = {"campaigns": {"columns": {"brand": "newsletter.name"}}}
    loaded = load(source_of(ghost, {**SECTION, "entities": own}))
    assert loaded.of("campaigns", "brand") == ["Weekly"]
