"""The chart of one segment's months: each a value with its interval, beside a line at zero.

Drawn as the others are. A side of zero has a shape of its own, so that no colour is needed.
"""

from functools import lru_cache
from typing import Any

import altair as alt

from dashboards.scorecard.cards import SPARK_MONTHS
from dashboards.scorecard.charts import (
    PAGE,
    SERIES,
    Palette,
    draw,
    finish,
    months_axis,
    placed,
    values_axis,
)
from dashboards.scorecard.intervals import IntervalPoint

_SHAPES = {"above": "triangle-up", "below": "triangle-down", "includes": "circle", "": "circle"}
_LARGE, _SMALL = 42, 18


def interval_panel(
    points: tuple[IntervalPoint, ...], scale: tuple[float, float], palette: Palette = PAGE
) -> str:
    """Draw up to 24 months on a scale that the panels share: as wide as a phone shows whole."""
    values = placed(points)
    labels = {str(value["place"]): value["label"] for value in values}
    return draw(_definition(palette, scale), values, labels)


@lru_cache(maxsize=64)
def _definition(palette: Palette, scale: tuple[float, float]) -> dict[str, Any]:
    base = alt.Chart(alt.NamedData(SERIES)).transform_filter("isValid(datum.value)")
    base = base.encode(x=_months(palette))
    chart = alt.layer(
        base.mark_rule(color=palette.plan).encode(
            y=_values(palette, scale, "ci_low"), y2="ci_high:Q", strokeWidth=_weight()
        ),
        _zero(palette),
        *(_marks(base, palette, scale, side) for side in _SHAPES),
    ).properties(width=270, height=150)
    return finish(chart, padding=2)


def _months(palette: Palette) -> alt.X:
    places = alt.Scale(domain=[0, SPARK_MONTHS - 1], padding=6, nice=False)
    return alt.X("place:Q", axis=months_axis(palette, step=8), scale=places)


def _values(palette: Palette, scale: tuple[float, float], field: str) -> alt.Y:
    scaled = alt.Scale(domain=list(scale), padding=6)
    return alt.Y(f"{field}:Q", axis=values_axis(palette), scale=scaled, title=None)


def _weight() -> Any:
    """Draw an interval heavier that leaves zero out."""
    is_apart = "datum.side == 'above' || datum.side == 'below'"
    return alt.condition(is_apart, alt.value(2), alt.value(1))


def _zero(palette: Palette) -> alt.Chart:
    zero = alt.Chart(alt.NamedData(SERIES)).mark_rule(color=palette.ink, strokeWidth=1)
    return zero.encode(y=alt.datum(0))


def _marks(base: alt.Chart, palette: Palette, scale: tuple[float, float], side: str) -> alt.Chart:
    """Mark the months of one side; a month that has not ended is hollow."""
    fill = alt.condition("datum.is_partial", alt.value(palette.paper), alt.value(palette.ink))
    return (
        base.transform_filter(f"datum.side == '{side}'")
        .mark_point(
            shape=_SHAPES[side],
            stroke=palette.ink,
            strokeWidth=1,
            size=_LARGE if side in {"above", "below"} else _SMALL,
            opacity=1,
        )
        .encode(y=_values(palette, scale, "value"), fill=fill)
    )
