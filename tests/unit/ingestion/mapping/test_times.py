"""Risk: a time is read an hour off, or a date that doesn't exist becomes another one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.mapping.convert.times import parse


def _utc(text: str, form: str = "iso", zone: str = "UTC") -> datetime | None:
    value = parse(pa.array([text, None]), [form], zone)[0][0].as_py()
    return value and value.replace(tzinfo=UTC)


@settings(deadline=None)
@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2037, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_local_times_become_the_utc_that_zoneinfo_gives(moment, zone):
    expected = moment.replace(fold=0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert _utc(moment.isoformat(sep=" "), zone=zone) == expected


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2015-02-24 11:35:52 -0800", "iso", "2015-02-24T19:35:52"),
        ("2020-04-01T17:31:32.000Z", "iso", "2020-04-01T17:31:32"),
        ("2024-02-29", "iso", "2024-02-28T23:00:00"),
        ("2024-07-01 10:30", "iso", "2024-07-01T08:30:00"),
        ("Tue Oct 31 22:10:47 +0000 2017", "%a %b %d %H:%M:%S %z %Y", "2017-10-31T22:10:47"),
        ("1/12/2010 8:26", "%d/%m/%Y %H:%M", "2010-12-01T07:26:00"),
        ("12/1/10 8:26 PM", "%m/%d/%y %I:%M %p", "2010-12-01T19:26:00"),
        ("1600000000", "unix", "2020-09-13T12:26:40"),
        ("1600000000123", "unix_ms", "2020-09-13T12:26:40.123000"),
    ],
)
def test_usual_export_formats_are_read(text, form, expected):
    value = _utc(text, form, "Europe/Berlin")
    assert value == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_time_is_read_alike_whatever_stands_beside_it():
    texts = ["2024-01-01 10", "2024-01-01 10:30", "2024-01-01", "2024-01-01T10:00:00.5"]
    alone = [_utc(text) for text in texts]
    beside, _ = parse(pa.array([*texts, "2024-01-01T10:00:00+01:00"]), ("iso",), "UTC")
    assert [each.replace(tzinfo=UTC) for each in beside.to_pylist()[:4]] == alone
    assert alone[0] == datetime(2024, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2015-01-01T10:00:00+25:00",
        "2015-01-01 10:00:00 -1600",
        "2015-01-01T10:00:00+01:60",
        "2015-01-01 10-05",
        "2015-02-30",
        "2015-13-01",
        "2015-02-29 10:00:00",
        "2015-01-01 25:00",
        "soon",
        "2015-1-1x",
    ],
)
def test_what_is_no_time_is_never_bent_into_one(text):
    assert _utc(text) is None


@pytest.mark.parametrize(
    ("text", "form", "year"),
    [
        ("17118432000000", "unix", None),
        ("1711843200000", "unix", None),
        ("-99999999999999", "unix", None),
        ("7258118400", "unix", None),
        ("7258118399", "unix", 2199),
        ("-2208988800", "unix", 1900),
        ("-2208988801", "unix", None),
        ("99999999999999", "unix_ms", None),
        ("7258118399999", "unix_ms", 2199),
    ],
)
def test_a_count_of_seconds_far_from_our_years_is_no_time(text, form, year):
    value = _utc(text, form)
    assert (value and value.year) == year


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])
def test_never_and_for_ever_are_the_same_in_every_zone(zone):
    assert _utc("0001-01-01", zone=zone) == datetime(1, 1, 1, tzinfo=UTC)
    assert _utc("9999-12-31", zone=zone) == datetime(9999, 12, 31, tzinfo=UTC)
    assert _utc("9999-12-31 23:59:59", zone=zone) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert _utc("9999-12-30", zone="Europe/Berlin") == datetime(9999, 12, 29, 23, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_the_first_and_the_skipped_one_moves_on():
    assert _utc("2024-10-27 02:30:00", zone="Europe/Berlin") == datetime(
        2024, 10, 27, 0, 30, tzinfo=UTC
    )
    assert _utc("2024-03-31 02:30:00", zone="Europe/Berlin") == datetime(
        2024, 3, 31, 1, 30, tzinfo=UTC
    )


def test_the_first_format_that_fits_counts():
    texts = pa.array(["01.02.2024", "2024-02-03", "?"])
    utc, _ = parse(texts, ["%d.%m.%Y", "%Y-%m-%d"], "UTC")
    assert [value.as_py() for value in utc] == [datetime(2024, 2, 1), datetime(2024, 2, 3), None]
