"""Risk: what a lag reads again is kept in mind without an end."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.sources import watermark
from ingestion.sources.watermark import Watermark

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("known", [frozenset(), frozenset(["another"])])
def test_of_more_records_than_can_be_kept_in_mind_the_newest_are(monkeypatch, known):
    monkeypatch.setattr(watermark, "_MOST_KEPT", 100)
    monkeypatch.setattr(watermark, "_MOST_WAITING", 50)
    first = Watermark(timedelta(hours=1), known)
    records = [(number, NOON + timedelta(milliseconds=number)) for number in range(1_000)]
    for start in range(0, 1_000, 10):
        assert len(first.news(records[start : start + 10], NOON + timedelta(days=1))) == 10
        assert len(first._late) <= 200 and len(first._waiting) <= 50
    again = Watermark(timedelta(hours=1), frozenset(first.digests()))
    assert again.news(records, NOON + timedelta(days=1)) == list(range(900))
