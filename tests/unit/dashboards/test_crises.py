"""The words for a crisis: what is not known yet must not read like nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from dashboards.scorecard.cards import Point
from dashboards.scorecard.crises import CrisisLine, crisis_list, crisis_now, marked
from dashboards.scorecard.records import WHOLE_COMPANY, Crisis

BEGAN = datetime(2026, 10, 31, 23, tzinfo=UTC)
OVER = Crisis(
    brand="Alpha",
    period_start=date(2026, 11, 1),
    began_at=BEGAN,
    peaked_at=BEGAN + timedelta(hours=2),
    ended_at=BEGAN + timedelta(days=3),
    peak_count=1_200,
    peak_expected=1.25,
    negative_count=4_310,
    reach=0,
    first_reply_minutes=95.4,
    days_to_baseline=3,
    campaign_key="shop:spring",
    campaign_name="Tidy homes",
    campaign_mention_count=2_100,
    promise=None,
    promise_mention_count=None,
    product=None,
    product_mention_count=None,
    sample_message_keys=None,
)
ON = replace(
    OVER,
    brand="Beta",
    ended_at=None,
    days_to_baseline=None,
    first_reply_minutes=None,
    reach=None,
    negative_count=1,
    campaign_key=None,
)


def line(crisis: Crisis) -> CrisisLine:
    return crisis_list([crisis], WHOLE_COMPANY, "Europe/Berlin").lines[0]


def test_times_are_the_companys_and_durations_are_read_as_people_say_them() -> None:
    said = line(OVER)
    assert (said.began, said.ended) == ("1 Nov 2026, 00:00", "4 Nov 2026, 00:00")
    assert (said.first_reply, said.lasted) == ("after 95\u2009min", "3.0\u2009d")
    assert (said.peak_rate, said.mentions) == ("1,200 an hour, 1.3 expected", "4,310")


def test_what_is_not_known_yet_is_no_nought() -> None:
    assert line(OVER).reach == "0"
    said = line(ON)
    assert (said.reach, said.first_reply) == ("not known", "none yet")
    assert (said.ended, said.lasted) == ("still on", "still on")
    assert line(replace(OVER, first_reply_minutes=None)).first_reply == "none"


def test_a_campaign_is_named_with_what_links_it_and_by_its_key_where_it_has_no_name() -> None:
    assert line(OVER).spoken_of == "campaign Tidy homes (2,100 of 4,310)"
    unnamed = line(replace(OVER, campaign_name=None))
    assert unnamed.spoken_of == "campaign shop:spring (2,100 of 4,310)"
    assert line(ON).spoken_of == "none"


def test_a_promise_and_a_product_are_named_and_what_is_said_of_them() -> None:
    crisis = replace(ON, promise="Soon there", promise_mention_count=1, negative_count=3)
    crisis = replace(crisis, product="Lamp", product_mention_count=2, sample_message_keys="a, b, c")
    said = crisis_list([crisis], WHOLE_COMPANY, "UTC", {"c": "Late", "a": "Dark"}).lines[0]
    assert said.spoken_of == "promise Soon there (1 of 3); product Lamp (2 of 3)"
    assert said.texts == ("Dark", "Late")


def test_next_to_nothing_expected_is_not_written_as_nothing() -> None:
    assert line(replace(OVER, peak_expected=0.004)).peak_rate.endswith("less than 0.01 expected")
    assert line(replace(OVER, peak_expected=0.02)).peak_rate.endswith("0.02 expected")


def test_a_list_is_that_of_the_brand_and_counts_what_it_leaves_out() -> None:
    found = crisis_list([OVER] * 120 + [ON], ("brand", "Alpha"), "UTC")
    assert (len(found.lines), found.hidden) == (100, 20)
    assert len(crisis_list([OVER, ON], ("generation", "Gen X"), "UTC").lines) == 2


def test_only_what_is_on_is_news_and_the_most_mentioned_comes_first() -> None:
    assert crisis_now([OVER], "UTC") == crisis_now([], "UTC") == ""
    said = crisis_now([OVER, ON], "UTC")
    assert said == "Beta, since 31 Oct 2026, 23:00 UTC: 1 negative mention, no public reply yet"
    others = [replace(ON, brand=name, negative_count=9 - k) for k, name in enumerate("abcd")]
    replied = replace(ON, negative_count=50, first_reply_minutes=30, brand="unknown")
    said = crisis_now([*others, replied], "UTC")
    assert said.startswith("unknown brand, since")
    assert said.endswith("first public reply after 30\u2009min; also a, b and 2 more")


def test_months_are_marked_for_the_company_and_its_brand_alone() -> None:
    points = tuple(
        Point(label, 1, None, None, None, None, is_partial=False)
        for label in ("Oct 2026", "Nov 2026")
    )
    for segment, wanted in {
        WHOLE_COMPANY: [False, True],
        ("brand", "Alpha"): [False, True],
        ("brand", "Gamma"): [False, False],
        ("channel", "x"): [False, False],
    }.items():
        assert [point.has_crisis for point in marked(points, [OVER], segment)] == wanted
