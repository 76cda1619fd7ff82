"""Numbers and dates as people read them.

Pure functions from values to text: units, signs, intervals, changes, periods. Which number
is shown, and whether it may be shown at all, is decided by the view models.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from dashboards.scorecard import definition

THIN = "\u2009"
MINUS = "\u2212"
EN_DASH = "\u2013"

_SIGNAL_RULES = {
    "outside_limits": "the month lies outside its natural limits",
    "run_of_8": "eight months in a row lie on the same side of the mean",
    "3_of_4_near_limit": "three of four months lie nearer to a limit than to the mean",
}
HOUR, DAY = 60, 60 * 24


def number(value: float, decimals: int = 0) -> str:
    """Write a number with thousands separators and a real minus sign; never '-0'."""
    rounded = _rounded(value, decimals)
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def amount(value: float) -> str:
    """Write a number of the rows: a whole one as such, any other with two decimals."""
    return number(value, 0 if float(value).is_integer() else 2)


def signed(value: float, decimals: int = 0) -> str:
    """Write a change with its sign; nothing changed gives a plus-minus zero."""
    rounded = float(_rounded(value, decimals))
    if rounded == 0:
        return f"\u00b1{number(0, decimals)}"
    return number(rounded, decimals) if rounded < 0 else f"+{number(rounded, decimals)}"


def counted(count: float, noun: str) -> str:
    """Write how many there are: 1 row, 2 rows."""
    return f"{number(count)} {noun}" + ("" if count == 1 else "s")


def _rounded(value: float, decimals: int) -> Decimal:
    """Round a half away from zero, as PostgreSQL and Metabase do, so that no two faces differ."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def minutes_scale(value: float) -> tuple[float, str, int]:
    """Choose minutes, hours or days for a duration in minutes: divisor, unit, decimals."""
    if abs(value) >= 2 * DAY:
        return DAY, "d", 1
    if abs(value) >= 2 * HOUR:
        return HOUR, "h", 1
    return 1, "min", 0


def measure(value: float, unit: str, decimals: int, currency: str = "EUR") -> tuple[str, str]:
    """Split a value into the figure and its unit, as a card shows them."""
    if unit == "minutes":
        divisor, word, places = minutes_scale(value)
        return number(value / divisor, places), word
    if unit == "count":
        return number(value, 0), ""
    return number(value, decimals), definition.load().unit(unit, currency).suffix


def joined(figure: tuple[str, str]) -> str:
    """Put figure and unit back together with a thin space."""
    return THIN.join(part for part in figure if part)


def interval(bounds: tuple[float, float], unit: str, decimals: int) -> str:
    """Write the bounds of an interval; durations carry their unit because it may change."""
    low, high = bounds
    if unit == "minutes":
        first, last = (measure(bound, unit, decimals) for bound in bounds)
        start = first[0] if first[1] == last[1] else joined(first)
        return f"{start} {EN_DASH} {joined(last)}"
    places = 0 if unit == "count" else decimals
    return f"{number(low, places)} {EN_DASH} {number(high, places)}"


def absolute_change(change: float, unit: str, decimals: int, currency: str = "EUR") -> str:
    """Write a difference of two values: percentages differ by percentage points."""
    if unit == "minutes":
        divisor, word, places = minutes_scale(change)
        return f"{signed(change / divisor, places)}{THIN}{word}"
    suffix = definition.load().unit(unit, currency).change
    places = 0 if unit == "count" else decimals
    return joined((signed(change, places), suffix))


def relative_change(value: float, base: float) -> str | None:
    """Write a change in percent of its base; None where the base makes it meaningless."""
    return f"{signed(100 * (value - base) / base, 1)}{THIN}%" if base > 0 else None


def period(start: date, grain: str) -> str:
    """Name a period: Oct 2026, Q4 2026 or 2026."""
    if grain == "quarter":
        return f"Q{(start.month - 1) // 3 + 1} {start.year}"
    if grain == "year":
        return str(start.year)
    return f"{start:%b %Y}" if grain == "month" else f"{start.day} {start:%b %Y}"


def short_period(start: date, grain: str) -> str:
    """Name a period beside one that names the year."""
    return f"{start:%b}" if grain == "month" else period(start, grain)


def moment(at: datetime, time_zone: str = "UTC") -> str:
    """Write a time in the company's time zone, and which one that is."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


def clock(at: datetime, time_zone: str) -> str:
    """Write a time to the minute as rows have it, in the company's time zone."""
    return f"{at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}"


def day(at: date | datetime, time_zone: str = "UTC") -> str:
    """Write a day; a timestamp is first moved to the company's time zone."""
    local = at.astimezone(ZoneInfo(time_zone)) if isinstance(at, datetime) else at
    return f"{local.day} {local:%b %Y}"


def signal_rule(rule: str) -> str:
    """Return in words which of the XmR rules made a month a signal."""
    return _SIGNAL_RULES.get(rule, rule.replace("_", " "))
