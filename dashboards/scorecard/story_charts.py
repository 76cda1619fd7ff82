"""The picture of one person's story: a lane for each side, shaded while a conversation was open.

Drawn as the others are. Sides have lanes of their own, so that no colour is needed.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt

from dashboards.scorecard.charts import PAGE, SERIES, Palette, draw, finish
from dashboards.scorecard.story import LANES, StoryMark

_TICKS, _TICKS_IF_NARROW = 8, 3
_DAYS_OF_A_SEASON, _DAYS_OF_A_MONTH = 120, 30


def story_lanes(
    marks: Sequence[StoryMark], palette: Palette = PAGE, *, is_narrow: bool = False
) -> str:
    """Draw touches on their lanes, behind them the time in which a conversation was open."""
    values = [
        {"lane": each.lane, "at": _written(each.at), "until": _written(each.until or each.at)}
        for each in marks
    ]
    ends = [end.date() for each in marks for end in (each.at, each.until or each.at)]
    time = _time(palette, (min(ends), max(ends) + timedelta(days=1)), is_narrow)
    drawn = draw(_definition(palette, time, is_narrow), values)
    return drawn.replace('class="chart"', f'class="chart {"narrow" if is_narrow else "wide"}"', 1)


def _written(at: Any) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"


def _definition(palette: Palette, time: alt.X, is_narrow: bool) -> dict[str, Any]:
    base = alt.Chart(alt.NamedData(SERIES)).encode(x=time)
    lanes = alt.Y("lane:N", axis=_names(palette), scale=alt.Scale(domain=list(LANES)), title=None)
    chart = alt.layer(
        base.transform_filter("datum.lane == 'open'")
        .mark_rect(color=palette.band, stroke=palette.rule, strokeWidth=0.5)
        .encode(x2="until:T"),
        base.transform_filter("datum.lane != 'open'")
        .mark_tick(color=palette.ink, thickness=1.5, size=18)
        .encode(y=lanes),
    ).properties(width=250 if is_narrow else 1100, height=alt.Step(34))
    return finish(chart, padding=4)


def _time(palette: Palette, days: tuple[date, date], is_narrow: bool) -> alt.X:
    """Return the axis of whole days, or months, so that none is named twice."""
    count = (days[1] - days[0]).days
    is_short = count <= _DAYS_OF_A_SEASON
    length = 1 if is_short else _DAYS_OF_A_MONTH
    step = 1 + count // (length * (_TICKS_IF_NARROW if is_narrow else _TICKS))
    axis = alt.Axis(
        format="%-d %b" if is_short else "%b %Y",
        tickCount=alt.TimeIntervalStep("day" if is_short else "month", step),
        labelOverlap=True,
        grid=False,
        domainColor=palette.rule,
        tickColor=palette.rule,
        labelColor=palette.plan,
    )
    ends = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in days]
    return alt.X("at:T", axis=axis, scale=alt.Scale(domain=ends), title=None)


def _names(palette: Palette) -> alt.Axis:
    return alt.Axis(
        domain=False, ticks=False, grid=True, gridColor=palette.rule, labelColor=palette.plan
    )
