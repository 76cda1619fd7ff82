"""The charts: each defined and compiled once in Vega-Lite, drawn on the server as inline SVG.

IBCS notation: actual solid and dark, prior year lighter, plan outlined, a period that has
not ended hollow. Colours are CSS variables, so one drawing serves light and dark; an image
is drawn with fixed colours instead. What is drawn comes ready from `cards` and `drilldown`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

from dashboards.scorecard.cards import SPARK_MONTHS, Point

SERIES = "series"
FONT = "system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif"
_LABELS = "labels_of_places"
_SIZE = re.compile(r'<svg [^>]*?(width="\d+" height="\d+" viewBox="[^"]*")')


@dataclass(frozen=True)
class Palette:
    """The colours of a chart, as CSS understands them."""

    ink: str = "var(--ink)"
    soft: str = "var(--soft)"
    band: str = "var(--band)"
    rule: str = "var(--rule)"
    paper: str = "var(--card)"
    plan: str = "var(--ink-2)"


PAGE = Palette()
PRINT = Palette("#1d2329", "#a9b1b8", "#eceff1", "#d5dadd", "#ffffff", "#5b656e")


@dataclass(frozen=True)
class Bar:
    """One segment of a bullet graph."""

    label: str
    value: float | None
    prior: float | None
    target: float | None
    ci_low: float | None
    ci_high: float | None


def sparkline(points: tuple[Point, ...], palette: Palette = PAGE, width: int = 168) -> str:
    """Draw up to 24 periods with natural limits, prior year and target as SVG."""
    return draw(_spark_definition(palette, width), placed(points))


def history(
    points: tuple[Point, ...], unit: str, palette: Palette = PAGE, *, is_narrow: bool = False
) -> str:
    """Draw up to 24 periods, large, with their axes; narrow for a phone, which shows it whole."""
    values = placed(points)
    labels = {str(value["place"]): value["label"] for value in values}
    drawn = draw(_history_definition(palette, is_narrow, unit), values, labels)
    return drawn.replace('class="chart"', f'class="chart {"narrow" if is_narrow else "wide"}"', 1)


def bullets(bars: tuple[Bar, ...], domain: tuple[float, float], palette: Palette = PAGE) -> str:
    """Draw segments on a shared scale: actual, prior year behind it, target as outline."""
    values = [{**_scaled(bar, domain), "row": row} for row, bar in enumerate(bars)]
    drawn = draw(_bullet_definition(palette), values)
    return drawn.replace("<svg ", '<svg preserveAspectRatio="none" ', 1)


def _scaled(bar: Bar, domain: tuple[float, float]) -> dict[str, Any]:
    """Move a bar's numbers to a scale from 0 to 1, so that one definition serves all bars."""
    low, high = domain
    numbers = {name: value for name, value in asdict(bar).items() if name != "label"}
    scaled = {
        name: None if value is None else (value - low) / (high - low)
        for name, value in numbers.items()
    }
    return {**scaled, "zero": (0 - low) / (high - low)}


def placed(points: Sequence[Any]) -> list[dict[str, Any]]:
    """Set points against the right end of 24 places, and mark the last complete one."""
    first = SPARK_MONTHS - len(points)
    values = [{**asdict(point), "place": first + k} for k, point in enumerate(points)]
    complete = [v["place"] for v in values if v["value"] is not None and not v["is_partial"]]
    last = complete[-1] if complete else None
    return [{**value, "is_last": value["place"] == last} for value in values]


def _layers(palette: Palette, x: alt.X, y_axis: Any) -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData(SERIES)).encode(x=x)
    scale = alt.Scale(zero=False, nice=False, padding=4)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=y_axis, scale=scale, title=None)

    complete = "!datum.is_partial"
    ink, soft = palette.ink, palette.soft
    actual = base.transform_filter(complete).encode(y=y("value"))
    running = base.transform_filter("datum.is_partial && isValid(datum.value)")
    # A month without a value breaks its line: nothing is known of what lies between.
    return [
        base.mark_area(color=palette.band, interpolate="step").encode(
            y=y("limit_low"), y2="limit_high:Q"
        ),
        base.mark_line(color=palette.plan, strokeWidth=1, strokeDash=[3, 2.5]).encode(
            y=y("target")
        ),
        base.mark_line(color=soft, strokeWidth=1.25).encode(y=y("prior")),
        # A round cap lets a month between two gaps be a dot.
        actual.mark_line(color=ink, strokeWidth=1.75, strokeJoin="round", strokeCap="round"),
        actual.transform_filter("datum.is_last").mark_point(
            fill=ink, stroke=palette.paper, strokeWidth=1, size=34, opacity=1
        ),
        running.mark_point(
            fill=palette.paper, stroke=ink, strokeWidth=1.25, size=26, opacity=1
        ).encode(y=y("value")),
    ]


@lru_cache(maxsize=8)
def _spark_definition(palette: Palette, width: int) -> dict[str, Any]:
    scale = alt.Scale(domain=[0, SPARK_MONTHS - 1], padding=5, nice=False)
    x = alt.X("place:Q", axis=None, scale=scale)
    chart = alt.layer(*_layers(palette, x, None)).properties(width=width, height=50)
    return finish(chart, padding=0)


@lru_cache(maxsize=64)
def _history_definition(palette: Palette, is_narrow: bool, unit: str) -> dict[str, Any]:
    width, height, step = (280, 210, 8) if is_narrow else (860, 300, 2)
    scale = alt.Scale(domain=[0, SPARK_MONTHS - 1], padding=8, nice=False)
    x = alt.X("place:Q", axis=months_axis(palette, step), scale=scale)
    y_axis = values_axis(
        palette,
        title=unit or None,
        titleAlign="left",
        titleAngle=0,
        titleX=-24,
        titleY=-10,
        titleColor=palette.plan,
        titleFontWeight="normal",
    )
    layers = (*_layers(palette, x, y_axis), _crises(palette, x))
    chart = alt.layer(*layers).properties(width=width, height=height)
    return finish(chart, padding=4)


def values_axis(palette: Palette, **title: Any) -> alt.Axis:
    """Return the axis of values, which is nothing but a grid with numbers, and its title."""
    return alt.Axis(
        tickCount=5,
        gridColor=palette.rule,
        gridOpacity=0.6,
        domain=False,
        ticks=False,
        labelColor=palette.plan,
        **title,
    )


def months_axis(palette: Palette, step: int) -> alt.Axis:
    """Return the axis of 24 places, every so many of them named, the newest among them."""
    return alt.Axis(
        values=list(range(SPARK_MONTHS - 1, 0, -step)),
        labelExpr=_LABELS,
        labelOverlap=True,
        grid=False,
        title=None,
        domainColor=palette.rule,
        tickColor=palette.rule,
        labelColor=palette.plan,
    )


def _crises(palette: Palette, x: alt.X) -> alt.Chart:
    """Mark above the upper edge the months in which a crisis began: a peak is often at the edge."""
    base = alt.Chart(alt.NamedData(SERIES)).transform_filter("datum.has_crisis")
    mark = base.mark_point(
        shape="triangle-down", fill=palette.ink, stroke=palette.ink, size=60, opacity=1
    )
    return mark.encode(x=x, y=alt.value(-9))


@lru_cache(maxsize=8)
def _bullet_definition(palette: Palette) -> dict[str, Any]:
    base = alt.Chart(alt.NamedData(SERIES)).encode(
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))

    plan = base.transform_filter("isValid(datum.target)").encode(x=x("target"))
    chart = alt.layer(
        base.transform_filter("isValid(datum.prior)")
        .mark_bar(color=palette.soft, size=16, opacity=0.55)
        .encode(x=x("prior"), x2="zero:Q"),
        base.mark_bar(color=palette.ink, size=8).encode(x=x("value"), x2="zero:Q"),
        base.transform_filter("isValid(datum.ci_low)")
        .mark_rule(color=palette.plan, strokeWidth=1.25)
        .encode(x=x("ci_low"), x2="ci_high:Q"),
        plan.mark_tick(
            color=palette.paper, stroke=palette.ink, strokeWidth=1, thickness=4, size=20, opacity=1
        ),
    ).properties(width=320, height=alt.Step(28))
    return finish(chart, padding=0)


def finish(chart: alt.LayerChart | alt.FacetChart, padding: int) -> dict[str, Any]:
    """Return a chart as Vega draws it, in the page's font and on no ground of its own."""
    finished = chart.properties(
        background="transparent", padding=padding, autosize=alt.AutoSizeParams(type="pad")
    ).configure_view(stroke=None)
    finished = finished.configure(aria=False, font=FONT, view=alt.ViewConfig(stroke=None))
    return vl_convert.vegalite_to_vega(finished.to_dict())


def draw(
    definition: Mapping[str, Any],
    values: Sequence[Mapping[str, Any]],
    texts: Mapping[str, str] | None = None,
) -> str:
    """Draw values as a definition says; `texts` name their places."""
    data = [
        {**source, "values": list(values)} if source["name"] == SERIES else source
        for source in definition["data"]
    ]
    text = json.dumps({**definition, "data": data})
    if texts is not None:
        lookup = f"({json.dumps(texts)})[datum.value] || ''".replace('"', "'")
        text = text.replace(_LABELS, lookup)
    return _svg(text)


@lru_cache(maxsize=1024)
def _svg(specification: str) -> str:
    """Render a specification; the same data is never drawn twice by one process."""
    drawn = vl_convert.vega_to_svg(json.loads(specification))
    return _SIZE.sub(r'<svg class="chart" aria-hidden="true" focusable="false" \1', drawn, count=1)
