"""The picture of one person's story: a lane for each side, shaded while a conversation was open.

Drawn as the others are. Sides have lanes of their own, so that no colour is needed.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt

from dashboards.scorecard.charts import PAGE, SERIES, Palette, draw, finish
from dashboards.scorecard.story import LANES, StoryMark

_DAYS_OF_A_SEASON = 120


def story_lanes(
    marks: Sequence[StoryMark], palette: Palette = PAGE, *, is_narrow: bool = False
) -> str:
    """Draw touches on their lanes, behind them the time in which a conversation was open."""
    values = [
        {"lane": each.lane, "at": _written(each.at), "until": _written(each.until or each.at)}
        for each in marks
    ]
    ends = [end for each in marks for end in (each.at, each.until or each.at)]
    is_short = (max(ends) - min(ends)).days <= _DAYS_OF_A_SEASON
    drawn = draw(_definition(palette, "%-d %b" if is_short else "%b %Y", is_narrow), values)
    return drawn.replace('class="chart"', f'class="chart {"narrow" if is_narrow else "wide"}"', 1)


def _written(at: Any) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"


@lru_cache(maxsize=8)
def _definition(palette: Palette, days: str, is_narrow: bool) -> dict[str, Any]:
    base = alt.Chart(alt.NamedData(SERIES)).encode(x=_time(palette, days, 3 if is_narrow else 8))
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


def _time(palette: Palette, days: str, ticks: int) -> alt.X:
    axis = alt.Axis(
        format=days,
        tickCount=ticks,
        labelOverlap=True,
        grid=False,
        domainColor=palette.rule,
        tickColor=palette.rule,
        labelColor=palette.plan,
    )
    return alt.X("at:T", axis=axis, title=None)


def _names(palette: Palette) -> alt.Axis:
    return alt.Axis(
        domain=False, ticks=False, grid=True, gridColor=palette.rule, labelColor=palette.plan
    )
