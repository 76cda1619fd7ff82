"""Risk: a crisis is missed, has the wrong hours, or is seen where there is too little history."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.crises.keeping import Report, find_crises, histories
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import LOADED_AT

pytestmark = pytest.mark.postgres

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2025, 6, 20, 12, 30, tzinfo=UTC)
VARIABLES = {"as_of": NOW.isoformat(), "company_time_zone": ZONE.key, "minimum_n": 2}
FIRST = NOW.date() - timedelta(days=70)
MODELS = "int_mentions_heard int_crises int_crisis_mentions int_crisis_replies int_crisis_counts"
MODELS += " int_campaigns int_crisis_candidates int_crisis_subjects crises int_crisis_measures"
WORDS = {"negative": "This is awful", "positive": "This is lovely"}
# By hand: 4 negative mentions a day, two at 9 and two at 18 by the clock in Berlin.
BURST = datetime(2025, 5, 31, 23, tzinfo=ZONE)
Row = dict[str, Any]


def test_a_burst_over_the_months_border_is_one_crisis_with_its_hours(
    warehouse: DbtWarehouse,
) -> None:
    burst = [
        *said("alpha", BURST, 6, audience=100),
        *said("alpha", BURST + timedelta(hours=1), 9, audience=None),
        # Nobody who praises is in a crisis, nor is another brand.
        *said("alpha", BURST, 5, "positive"),
    ]
    first = next(row for row in burst if row["message_id"].startswith("alpha"))
    reply = answer(first["message_id"], BURST + timedelta(minutes=95))
    report = build(warehouse, [*usual("alpha", 70), *usual("beta", 70), *burst, reply])

    assert report == Report(crises=1, brands=2, too_little_history=0)
    ((brand, began, detected, peaked, ended, month, *rest),) = warehouse.rows(
        "select brand, began_at, detected_at, peaked_at, ended_at, period_start::text, peak_count,"
        " negative_count, reach, first_reply_minutes::int, detection_minutes::int,"
        " days_to_baseline::float8 from marts.crises"
    )
    assert (brand, month) == ("alpha", "2025-05-01")
    assert (began, detected, peaked, ended) == (
        BURST,
        BURST + timedelta(hours=1),
        BURST + timedelta(hours=1),
        BURST + timedelta(hours=2),
    )
    assert rest == [9, 15, 600, 95, 60, pytest.approx(2 / 24, abs=1e-6)]
    assert figures(warehouse, "2025-05-01") == {
        ("crisis_count", "all"): (1, 1, None, 1),
        ("crisis_count", "alpha"): (1, 1, None, 1),
        ("crisis_count", "beta"): (0, 0, None, 0),
        **{
            (metric, segment): (value, 1, 1, 15)
            for segment in ("all", "alpha")
            for metric, value in (
                ("crisis_detection_minutes", 60),
                ("crisis_first_reply_minutes", 95),
                ("crisis_days_to_baseline", pytest.approx(2 / 24, abs=1e-6)),
            )
        },
    }
    assert figures(warehouse, "2025-06-01")["crisis_count", "all"] == (0, 0, None, 0)


def test_texts_are_named_by_three_keys_at_most(warehouse: DbtWarehouse) -> None:
    burst = said("alpha", BURST, 9, audience=3)
    burst[5]["audience"] = 500
    build(warehouse, [*usual("alpha", 70), *burst])
    ((keys,),) = warehouse.rows("select sample_message_keys from marts.crises")
    named = keys.split(", ")
    assert len(named) == 3
    assert named[0] == f"shop:{burst[5]['message_id']}"


def test_eight_days_of_a_brand_are_too_little_history_whatever_they_bring(
    warehouse: DbtWarehouse,
) -> None:
    began = datetime(2025, 6, 12, 12, tzinfo=ZONE)
    rows = [row for days in range(8) for row in said("care", began + timedelta(days=days), 60)]
    report = build(warehouse, [*usual("alpha", 70), *rows])
    assert report == Report(crises=0, brands=1, too_little_history=1)
    assert ("crisis_count", "care") not in figures(warehouse, "2025-06-01")


def test_a_crisis_that_is_on_has_no_end_and_no_reply_yet(warehouse: DbtWarehouse) -> None:
    began = NOW - timedelta(hours=2, minutes=30)
    build(warehouse, [*usual("alpha", 70), *said("alpha", began, 8)])
    found = warehouse.rows(
        "select began_at, ended_at, first_reply_at, is_over, is_replied from marts.crises"
    )
    assert found == [(began, None, None, False, False)]
    june = figures(warehouse, "2025-06-01")
    assert june["crisis_first_reply_minutes", "all"] == (None, 0, 1, 8)
    assert june["crisis_days_to_baseline", "all"] == (None, 0, 1, 8)


def test_an_hour_that_is_not_over_raises_no_alarm(warehouse: DbtWarehouse) -> None:
    last = NOW - timedelta(minutes=20)
    report = build(warehouse, [*usual("alpha", 70), *said("alpha", last, 20)])
    assert report.crises == 0


def test_what_is_reposted_is_said_once(warehouse: DbtWarehouse) -> None:
    said_once = said("alpha", BURST, 1)
    reposts = [
        {**row, "repost_of_id": said_once[0]["message_id"]} for row in said("alpha", BURST, 20)
    ]
    reposts = [{**row, "message_id": f"r{number}"} for number, row in enumerate(reposts)]
    report = build(warehouse, [*usual("alpha", 70), *said_once, *reposts])
    assert report.crises == 0


def test_without_a_mention_there_is_neither_crisis_nor_figure(warehouse: DbtWarehouse) -> None:
    assert build(warehouse, []) == Report(0, 0, 0)
    assert warehouse.rows("select * from intermediate.int_crisis_measures") == []


def test_a_second_run_finds_the_same_and_forgets_what_is_gone(warehouse: DbtWarehouse) -> None:
    rows = [*usual("alpha", 70), *said("alpha", BURST, 9)]
    build(warehouse, rows)
    before = warehouse.rows("select * from analytics.crises")
    assert len(before) == 1
    find_crises(warehouse.url, ZONE, NOW)
    assert warehouse.rows("select * from analytics.crises") == before
    warehouse.execute("delete from raw.messages where message_id like 'alpha-2025-05-31T23%%'")
    build(warehouse, [])
    assert warehouse.rows("select * from analytics.crises") == []


def test_the_day_on_which_clocks_change_keeps_the_hours_on_the_wall() -> None:
    day = datetime(2025, 3, 29, tzinfo=ZONE).date()
    (history,) = histories([("a", day, 3, 1), ("a", day + timedelta(2), 9, 5)], ZONE, NOW)
    assert history.first_day.isoformat() == "2025-03-30"
    assert history.instant(9) == datetime(2025, 3, 30, 7, tzinfo=UTC)
    assert history.instant(24 + 9) == datetime(2025, 3, 31, 7, tzinfo=UTC)
    assert history.counts[1, 9] == 5
    assert history.counts.sum() == 5


def build(warehouse: DbtWarehouse, rows: list[Row]) -> Report:
    """Load, and build as a run does: hours, crises, the rest."""
    warehouse.load("messages", rows, LOADED_AT)
    for label, text in WORDS.items():
        warehouse.execute(
            "insert into analytics.text_scores values (%s, 'vader', '1', 'en', 0, %s, %s)"
            " on conflict do nothing",
            hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
            label,
            LOADED_AT,
        )
    warehouse.build("+int_negative_hours +int_orders stg_order_lines", **VARIABLES)
    report = find_crises(warehouse.url, ZONE, NOW)
    warehouse.build(MODELS, **VARIABLES)
    return report


def usual(brand: str, days: int) -> Iterator[Row]:
    """Yield four negative mentions a day, from yesterday back."""
    for back in range(1, days + 1):
        day = datetime.combine(NOW.date() - timedelta(days=back), datetime.min.time(), ZONE)
        for hour in (9, 18):
            yield from said(brand, day.replace(hour=hour), 2)


def said(brand: str, at: datetime, times: int, label: str = "negative", **more: Any) -> list[Row]:
    """Return public mentions of a minute each from an instant on."""
    return [
        {
            "message_id": f"{brand}-{at:%Y-%m-%dT%H}-{label}-{minute}",
            "direction": "inbound",
            "author_handle": f"someone{minute}",
            "channel": "mastodon",
            "brand": brand,
            "sent_at": at + timedelta(minutes=minute),
            "is_public": True,
            "text": WORDS[label],
            "audience": None,
            "repost_of_id": None,
            **more,
        }
        for minute in range(times)
    ]


def answer(to: str, at: datetime) -> Row:
    replied = {"message_id": "answer", "direction": "outbound", "in_reply_to_id": to}
    where = {"channel": "mastodon", "brand": "alpha", "is_public": True}
    return {**replied, **where, "sent_at": at, "text": "We are sorry"}


def figures(warehouse: DbtWarehouse, month: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return value, numerator, denominator and n by metric and segment."""
    rows = warehouse.rows(
        "select metric_id, segment_value, value::float8, numerator::int, denominator::int, n::int"
        " from intermediate.int_crisis_measures where period_start = %s",
        month,
    )
    return {(metric, segment): tuple(rest) for metric, segment, *rest in rows}
