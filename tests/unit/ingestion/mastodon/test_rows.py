"""Fields that must survive, and fields that must not pass."""

import pytest

from ingestion.sources.mastodon.config import BrandAccount
from ingestion.sources.mastodon.plain import plain_text
from ingestion.sources.mastodon.rows import Brands, UnusableError, account_row, status_row
from tests.fixtures.mastodon_server import account, status

ACME = BrandAccount("acme", "Acme")
BOLT = BrandAccount("bolt", "Bolt")
BRANDS = Brands({"1": ACME, "2": BOLT}, {"summer": "c-1"})
ANN = account(3, "ann")


def row(**changed):
    said = status(7, ANN, "2025-06-01T12:00:00+02:00", "hello")
    return status_row({**said, **changed}, BRANDS, ACME)


def test_a_time_is_kept_in_utc():
    assert row()["created_at"].isoformat() == "2025-06-01T10:00:00+00:00"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": None}, "status_id"),
        ({"id": ""}, "status_id"),
        ({"created_at": None}, "created_at"),
        ({"created_at": "31 June"}, "created_at"),
        ({"account": None}, "account"),
        ({"account": {"id": "3"}}, "account_acct"),
        ({"replies_count": "many"}, "replies_count"),
        ({"favourites_count": 2**70}, "favourites_count"),
        ({"content": ["x"]}, "content_html"),
    ],
)
def test_an_unusable_field_is_named(changed, field):
    with pytest.raises(UnusableError) as fault:
        row(**changed)
    assert fault.value.field == field


@pytest.mark.parametrize("item", [None, "text", 7, []])
def test_what_is_no_object_is_refused_and_kept(item):
    with pytest.raises(UnusableError) as fault:
        status_row(item, BRANDS, ACME)
    assert fault.value.reject(item).original


def test_optional_fields_may_be_missing():
    bare = {"id": 7, "created_at": "2025-06-01", "account": {"id": 3, "acct": "ann"}}
    kept = status_row(bare, BRANDS, ACME)
    assert (kept["status_id"], kept["account_id"], kept["edited_at"]) == ("7", "3", None)
    assert (kept["content_text"], kept["brand"]) == (None, "Acme")


def test_the_mentioned_brand_wins_over_the_one_it_was_found_for():
    kept = row(mentions=[{"id": "9"}, {"id": "2"}])
    assert (kept["mention_of"], kept["brand"], kept["found_for"]) == ("bolt", "Bolt", "acme")


def test_a_brand_s_account_is_told_from_a_customer_s():
    assert account_row(account(1, "acme"), BRANDS)["brand"] == "Acme"
    assert account_row(ANN, BRANDS)["is_brand"] is False


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (None, None),
        ("", ""),
        ("<p>One</p><p>Two<br/>three</p>", "One\n\nTwo\nthree"),
        ('<p><a href="x">@<span>acme</span></a> why?</p>', "@acme why?"),
        ("<p>5 &lt; 6 &amp;&nbsp;so on</p>", "5 < 6 &\xa0so on"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<script>alert(1)</script><p>words", "words"),
        ("no tags, 1 < 2", "no tags, 1 < 2"),
    ],
)
def test_html_reads_as_a_person_sees_it(html, text):
    assert plain_text(html) == text
