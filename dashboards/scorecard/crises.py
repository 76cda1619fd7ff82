"""The view of crises: their list, the one that is on, and the months that a history marks.

Pure functions from published crises to texts. What a crisis is, and when it began and ended, is
found before anything is published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dashboards.scorecard import formatting
from dashboards.scorecard.cards import Point
from dashboards.scorecard.records import WHOLE_COMPANY, Crisis

_STILL_ON, _NOT_KNOWN = "still on", "not known"
_MOST_NAMED, _MOST_LISTED = 2, 100
_LEAST_WRITTEN = 0.01


@dataclass(frozen=True)
class CrisisLine:
    """One crisis of the list, as texts."""

    brand: str
    began: str
    peaked: str
    peak_rate: str
    mentions: str
    reach: str
    first_reply: str
    ended: str
    lasted: str
    spoken_of: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class CrisisList:
    """The crises of the company or of one brand, newest first; `zone` is that of their times."""

    lines: tuple[CrisisLine, ...]
    zone: str
    hidden: int


def crisis_list(
    crises: Iterable[Crisis],
    segment: tuple[str, str],
    time_zone: str,
    texts: Mapping[str, str] | None = None,
) -> CrisisList:
    """Write crises line by line, with words for what is not known yet.

    `texts` are those of mentions by their keys, of which a crisis names a few.
    """
    found = _of_segment(crises, segment)
    lines = tuple(_line(each, time_zone, texts or {}) for each in found[:_MOST_LISTED])
    return CrisisList(lines, time_zone, len(found) - len(lines))


def sample_keys(crises: Iterable[Crisis]) -> list[str]:
    """Return the keys of the mentions that stand for crises, those with most readers."""
    return [key for each in crises for key in (each.sample_message_keys or "").split(", ") if key]


def crisis_now(crises: Sequence[Crisis], time_zone: str) -> str:
    """Say which crisis is on, the one with most mentions first; empty where none is."""
    on = sorted((each for each in crises if each.is_on), key=lambda each: -each.negative_count)
    if not on:
        return ""
    worst, others = on[0], [_brand(each) for each in on[1:]]
    since = formatting.moment(worst.began_at, time_zone)
    mentions = formatting.counted(worst.negative_count, "negative mention")
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    also = f"; also {', '.join(others[:_MOST_NAMED])}{more}" if others else ""
    return f"{_brand(worst)}, since {since}: {mentions}, {_reply_in_words(worst)}{also}"


def marked(
    points: Sequence[Point], crises: Iterable[Crisis], segment: tuple[str, str]
) -> tuple[Point, ...]:
    """Mark the months in which a crisis of the company, or of the brand that is shown, began."""
    if segment != WHOLE_COMPANY and segment[0] != "brand":
        return tuple(points)
    found = _of_segment(crises, segment)
    months = {formatting.period(each.period_start, "month") for each in found}
    return tuple(replace(point, has_crisis=point.label in months) for point in points)


def _of_segment(crises: Iterable[Crisis], segment: tuple[str, str]) -> list[Crisis]:
    """Keep a brand's crises where one is chosen; beside any other segment all stand."""
    name, choice = segment
    return [each for each in crises if name != "brand" or each.brand == choice]


def _line(crisis: Crisis, time_zone: str, texts: Mapping[str, str]) -> CrisisLine:
    days = crisis.days_to_baseline
    return CrisisLine(
        brand=_brand(crisis),
        began=_clock(crisis.began_at, time_zone),
        peaked=_clock(crisis.peaked_at, time_zone),
        peak_rate=_rate(crisis),
        mentions=formatting.number(crisis.negative_count),
        reach=_NOT_KNOWN if crisis.reach is None else formatting.number(crisis.reach),
        first_reply=_reply(crisis),
        ended=_STILL_ON if crisis.ended_at is None else _clock(crisis.ended_at, time_zone),
        lasted=_STILL_ON if days is None else _duration(days * formatting.DAY),
        spoken_of=_spoken_of(crisis),
        texts=tuple(texts[key] for key in sample_keys([crisis]) if key in texts),
    )


def _brand(crisis: Crisis) -> str:
    return "unknown brand" if crisis.brand == "unknown" else crisis.brand


def _clock(at: datetime, time_zone: str) -> str:
    return formatting.moment(at, time_zone).rpartition(" ")[0]


def _duration(minutes: float) -> str:
    return formatting.joined(formatting.measure(minutes, "minutes", 0))


def _rate(crisis: Crisis) -> str:
    """Write the peak beside what was expected, which is little where few people write."""
    expected = crisis.peak_expected
    usual = formatting.number(expected, 1 if expected >= 1 else 2)
    if expected < _LEAST_WRITTEN:
        usual = f"less than {_LEAST_WRITTEN}"
    return f"{formatting.number(crisis.peak_count)} an hour, {usual} expected"


def _spoken_of(crisis: Crisis) -> str:
    """Name the campaign, the promise and the product that the mentions are about."""
    campaign = crisis.campaign_key and (crisis.campaign_name or crisis.campaign_key)
    subjects = (
        ("campaign", campaign, crisis.campaign_mention_count),
        ("promise", crisis.promise, crisis.promise_mention_count),
        ("product", crisis.product, crisis.product_mention_count),
    )
    of = formatting.number(crisis.negative_count)
    named = (
        f"{kind} {name} ({formatting.number(count or 0)} of {of})"
        for kind, name, count in subjects
        if name
    )
    return "; ".join(named) or "none"


def _reply(crisis: Crisis) -> str:
    if crisis.first_reply_minutes is None:
        return "none yet" if crisis.is_on else "none"
    return f"after {_duration(crisis.first_reply_minutes)}"


def _reply_in_words(crisis: Crisis) -> str:
    if crisis.first_reply_minutes is None:
        return "no public reply yet"
    return f"first public reply {_reply(crisis)}"
