"""The funnel plot: shares against numbers of answers, among the limits of what chance explains.

Drawn as `charts` does; what a unit is and where it lies comes ready from `funnels`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from dashboards.scorecard.charts import PAGE, SERIES, Palette, draw, finish, values_axis
from dashboards.scorecard.funnels import Funnel, Mark

WIDTH, HEIGHT = 320, 230
_LETTER, _LINE, _GAP = 5.9, 13.0, 8.0
# By position: the shape, and whether it is filled.
_SHAPES = {
    "within": ("circle", True),
    "above": ("triangle-up", False),
    "below": ("triangle-down", False),
    "far_above": ("triangle-up", True),
    "far_below": ("triangle-down", True),
}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Scales:
    """From answers and percent to pixels of the plot."""

    x: tuple[float, float]
    y: tuple[float, float]

    def place(self, mark: Mark) -> tuple[float, float]:
        across = (mark.answers - self.x[0]) / (self.x[1] - self.x[0])
        up = (mark.share - self.y[0]) / (self.y[1] - self.y[0])
        return across * WIDTH, (1 - up) * HEIGHT

    def values(self, x: float, y: float) -> tuple[float, float]:
        across, up = x / WIDTH, 1 - y / HEIGHT
        return (
            self.x[0] + across * (self.x[1] - self.x[0]),
            self.y[0] + up * (self.y[1] - self.y[0]),
        )


def funnel_plot(funnel: Funnel, beside: Sequence[Funnel] = (), palette: Palette = PAGE) -> str:
    """Draw one funnel as SVG, with percents on the scale of those `beside` it.

    Every outlier has its name, others where there is room for it.
    """
    scales = _scales(funnel, [funnel, *beside])
    curve = [{**asdict(limits), "kind": "limits"} for limits in funnel.curve]
    values: list[dict[str, Any]] = [{**each, "common": funnel.common} for each in curve]
    for mark in funnel.marks:
        shape, is_filled = _SHAPES[mark.position]
        values.append({**asdict(mark), "kind": "mark", "shape": shape, "is_filled": is_filled})
    values += [{**label, "kind": "label"} for label in _labels(funnel.marks, scales)]
    return draw(_definition(palette, scales), values)


def _scales(funnel: Funnel, funnels: Sequence[Funnel]) -> _Scales:
    numbers = [mark.share for each in funnels for mark in each.marks]
    numbers += [
        limit
        for each in funnels
        for limits in each.curve
        for limit in (limits.lowest, limits.highest)
    ]
    lowest, highest = min(numbers), max(numbers)
    room = 0.06 * (highest - lowest) or 1.0
    answers = (funnel.curve[0].answers, funnel.curve[-1].answers)
    return _Scales(answers, (max(-2.0, lowest - room), min(102.0, highest + room)))


def _labels(marks: Sequence[Mark], scales: _Scales) -> list[dict[str, Any]]:
    """Put names beside their marks where they hide neither a mark nor another name."""
    places = {mark: scales.place(mark) for mark in marks}
    taken: list[Box] = [(x - 5, y - 5, x + 5, y + 5) for x, y in places.values()]
    labels = []
    for mark in sorted(marks, key=lambda mark: not mark.is_outlier):
        text = f"{mark.unit}, outlier" if mark.is_outlier else mark.unit
        free = [found for found in _candidates(text, *places[mark]) if _is_free(found[1], taken)]
        if not free and not mark.is_outlier:
            continue
        align, box = (free or list(_candidates(text, *places[mark])))[0]
        taken.append(box)
        x = {"left": box[0], "right": box[2], "center": (box[0] + box[2]) / 2}[align]
        answers, share = scales.values(x, (box[1] + box[3]) / 2)
        labels.append({"text": text, "align": align, "answers": answers, "share": share})
    return labels


def _candidates(text: str, x: float, y: float) -> list[tuple[str, Box]]:
    """Return where a name may stand, the best place first: right, left, above, below."""
    width, half = _LETTER * len(text), _LINE / 2
    return [
        ("left", (x + _GAP, y - half, x + _GAP + width, y + half)),
        ("right", (x - _GAP - width, y - half, x - _GAP, y + half)),
        ("center", (x - width / 2, y - _GAP - _LINE, x + width / 2, y - _GAP)),
        ("center", (x - width / 2, y + _GAP, x + width / 2, y + _GAP + _LINE)),
    ]


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    is_inside = left >= 0 and right <= WIDTH and top >= 0 and bottom <= HEIGHT
    return is_inside and all(
        right <= other[0] or left >= other[2] or bottom <= other[1] or top >= other[3]
        for other in taken
    )


@lru_cache(maxsize=64)
def _definition(palette: Palette, scales: _Scales) -> dict[str, Any]:
    named = alt.Chart(alt.NamedData(SERIES))
    titled: dict[str, Any] = {"titleColor": palette.plan, "titleFontWeight": "normal"}
    x = alt.X(
        "answers:Q",
        scale=alt.Scale(domain=list(scales.x), nice=False),
        axis=alt.Axis(
            **titled,
            title="answers",
            grid=False,
            tickCount=5,
            domainColor=palette.rule,
            tickColor=palette.rule,
            labelColor=palette.plan,
        ),
    )
    axis = values_axis(
        palette,
        **titled,
        title="% satisfied",
        titleAngle=0,
        titleAlign="left",
        titleX=-24,
        titleY=-8,
    )

    def y(field: str) -> alt.Y:
        scale = alt.Scale(domain=list(scales.y), nice=False, zero=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    limits = named.transform_filter("datum.kind == 'limits'").encode(x=x)
    layers = [
        limits.mark_area(color=palette.band).encode(y=y("low"), y2="high:Q"),
        limits.mark_line(color=palette.plan, strokeWidth=1).encode(y=y("lowest")),
        limits.mark_line(color=palette.plan, strokeWidth=1).encode(y=y("highest")),
        limits.mark_line(color=palette.plan, strokeWidth=1, strokeDash=[3, 2.5]).encode(
            y=y("common")
        ),
        *_marks(palette, named.encode(x=x, y=y("share"))),
        *_names(palette, named.encode(x=x, y=y("share"))),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, padding=4)


def _marks(palette: Palette, base: alt.Chart) -> list[alt.Chart]:
    return [
        base.transform_filter(
            f"datum.kind == 'mark' && datum.shape == '{shape}' && datum.is_filled == {is_filled}"
        ).mark_point(
            shape=shape,
            fill=palette.ink if is_filled == "true" else palette.paper,
            stroke=palette.ink,
            strokeWidth=1.25,
            size=80 if shape != "circle" else 50,
            opacity=1,
        )
        for shape in ("circle", "triangle-up", "triangle-down")
        for is_filled in ("true", "false")
    ]


def _names(palette: Palette, base: alt.Chart) -> list[alt.Chart]:
    """Write the names, each upon an outline of itself that keeps curves off its letters."""
    sides: tuple[Any, ...] = ("left", "right", "center")
    looks: tuple[dict[str, Any], ...] = (
        {"stroke": palette.paper, "strokeWidth": 3, "strokeJoin": "round", "color": palette.paper},
        {"color": palette.ink},
    )
    return [
        base.transform_filter(f"datum.kind == 'label' && datum.align == '{side}'")
        .mark_text(align=side, baseline="middle", fontSize=11, **look)
        .encode(text="text:N")
        for look in looks
        for side in sides
    ]
