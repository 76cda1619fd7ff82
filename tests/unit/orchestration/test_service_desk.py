"""Risk: hours that mean something else than their author thinks are taken without a word."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.dbt import calendars
from orchestration.settings import load_settings
from tests.unit.orchestration.test_settings import MINIMAL, faults_of, settings_of

HOURS = "[company.business_hours]\n"
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('start = "9 am"', "start: '9 am' is no time of day. Write one such as 09:00"),
        ('end = "24:01"', "end: '24:01' is no time of day"),
        ("end = 17", "end: is not a text"),
        ('country = "Germany"', "country: no holidays are known of 'Germany'"),
        ('country = "DE"\nregion = "B"', "region: no holidays are known of 'B' in DE. Did you"),
        ('region = "BE"', "region: is a region without a country. Add country"),
        ("holidays = [25]", "holidays[0]: is not a date such as"),
        ("hours = { friday = [] }", "hours.friday: is not 'mon', 'tue'"),
        ('hours = { fri = [{ start = "09:00" }] }', "hours.fri[0].end: is missing"),
        (
            'hours = { fri = [{ start = "09:00", end = "12:00" },'
            ' { start = "11:00", end = "13:00" }] }',
            "hours.fri: overlap, or are not in the order of the day",
        ),
    ],
)
def test_a_fault_of_the_hours_is_named_with_its_key(tmp_path: Path, text: str, fault: str):
    faults = faults_of(tmp_path, MINIMAL + HOURS + text)
    assert [each for each in faults if f"company.business_hours.{fault}" in each], faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[company.calendars]]\n", "company.calendars[0]: is for no brand, channel or team"),
        (
            "[[company.service_levels]]\n",
            "company.service_levels[0]: says neither when to reply nor when to solve",
        ),
        (
            'brands = [{ name = "Alder" }]\n[[company.calendars]]\nbrands = ["Elder"]\n',
            "company.calendars: there is no brand 'Elder'. Did you mean Alder?",
        ),
        (
            "[[company.service_levels]]\nfirst_reply_minutes = 0\n",
            "company.service_levels[0].first_reply_minutes: is too small",
        ),
    ],
)
def test_a_calendar_or_a_level_for_nothing_is_a_fault(tmp_path: Path, text: str, fault: str):
    faults = faults_of(tmp_path, MINIMAL + text)
    assert [each for each in faults if fault in each], faults


def test_hours_as_they_were_written_before_mean_what_they_did(tmp_path: Path):
    text = HOURS + 'start = 08:30:00\nend = "18:00:00"\ndays = [1, 7]\n'
    (calendar,) = calendars(settings_of(tmp_path, MINIMAL + text).company, 2026)
    assert calendar == {"spans": [[1, "08:30", "18:00"], [7, "08:30", "18:00"]], "days_off": []}


def test_single_weekdays_replace_the_usual_hours(tmp_path: Path):
    text = HOURS + 'hours = { mon = [], sat = [{ start = "10:00", end = "14:00" }] }\n'
    (calendar,) = calendars(settings_of(tmp_path, MINIMAL + text).company, 2026)
    usual = [[day, "09:00", "17:00"] for day in range(2, 6)]
    assert calendar["spans"] == [*usual, [6, "10:00", "14:00"]]


def test_holidays_are_those_of_the_country_and_the_ones_listed(tmp_path: Path):
    text = HOURS + 'country = "DE"\nregion = "BE"\nholidays = [2025-12-24]\n'
    hours = settings_of(tmp_path, MINIMAL + text).company.business_hours
    found = hours.days_off(range(2025, 2026))
    assert date(2025, 12, 24) in found
    assert date(2025, 3, 8) in found  # women's day, in Berlin
    assert date(2025, 1, 6) not in found
    assert len(found) == 12  # 8 May 2025, once


def test_the_demo_promises_what_its_truths_are_computed_by():
    from ingestion.demo.parameters import Parameters

    levels = load_settings(ROOT / "concord.toml", ROOT / "out", {}).company.service_levels
    found = [(each.first_reply_minutes, each.full_resolution_minutes) for each in levels]
    p = Parameters()
    assert found == [
        (p.chat_reply_minutes, p.chat_solve_minutes),
        (p.reply_minutes, p.solve_minutes),
    ]
    assert {each.clock for each in levels} == {"calendar"}
