"""Risk: an outlier is told by colour alone, or its name hides behind another's."""

import re
from dataclasses import replace

from dashboards.scorecard.charts import PRINT
from dashboards.scorecard.funnel_charts import funnel_plot
from dashboards.scorecard.funnels import Funnel, Limits, Mark

CURVE = tuple(
    Limits(40 + 20 * step, 30 + step, 40 + step, 70 - step, 80 - step) for step in range(11)
)
DAY = Mark("day", 200, 52.0, "within")
NIGHT = Mark("night", 60, 22.0, "far_below")


def funnel(*marks: Mark) -> Funnel:
    return Funnel("shift", 55.0, marks, CURVE, ())


def texts(drawn: str) -> list[str]:
    """Return what is written, without the outlines beneath it."""
    return re.findall(r"<text(?![^>]*stroke)[^>]*>([^<]+)</text>", drawn)


def shapes(drawn: str) -> list[tuple[str, str]]:
    """Return path and fill of each mark."""
    marks = re.findall(r'<g class="mark-symbol[^>]*>.*?</g>', drawn)
    paths = [path for group in marks for path in re.findall(r"<path[^>]*>", group)]
    attributes = [dict(re.findall(r' ([\w-]+)="([^"]+)"', path)) for path in paths]
    return [(each["d"], each["fill"]) for each in attributes]


def test_an_outlier_is_told_by_its_shape_and_a_word() -> None:
    inside, outside = (
        funnel_plot(funnel(DAY)),
        funnel_plot(funnel(replace(DAY, position="far_below"))),
    )
    assert "day" in texts(inside)
    assert "day, outlier" in texts(outside)
    (round_one, pointed) = shapes(inside)[0], shapes(outside)[0]
    assert round_one[0] != pointed[0]
    assert round_one[1] == pointed[1] == "var(--ink)"


def test_each_position_looks_unlike_the_others() -> None:
    positions = ("within", "above", "below", "far_above", "far_below")
    looks = {shapes(funnel_plot(funnel(replace(DAY, position=each))))[0] for each in positions}
    assert len(looks) == len(positions)


def test_names_never_lie_on_each_other_and_outliers_have_theirs() -> None:
    crowd = [replace(DAY, unit=f"a rather long name {k}") for k in range(12)]
    drawn = texts(funnel_plot(funnel(*crowd, NIGHT)))
    named = [text for text in drawn if text.startswith("a rather")]
    assert "night, outlier" in drawn
    assert 0 < len(named) <= 4


def test_a_funnel_needs_no_style_or_script_and_has_fixed_colours_in_print() -> None:
    drawn = funnel_plot(funnel(DAY, NIGHT))
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|https?://(?!www\.w3\.org)", drawn)
    assert "var(--ink)" in drawn
    assert "var(" not in funnel_plot(funnel(DAY, NIGHT), palette=PRINT)


def test_what_all_agree_on_is_drawn_without_a_scale_of_nothing() -> None:
    flat = tuple(replace(limits, lowest=100, low=100, high=100, highest=100) for limits in CURVE)
    drawn = funnel_plot(replace(funnel(replace(DAY, share=100.0)), curve=flat, common=100.0))
    assert "NaN" not in drawn
    assert "day" in texts(drawn)


def test_funnels_beside_each_other_share_the_scale_of_percents() -> None:
    calm, wild = funnel(DAY), funnel(DAY, replace(NIGHT, share=4.0))
    alone, beside, other = (
        re.findall(r'<path[^>]*transform="translate\(([^)]+)\)"', drawn)[0]
        for drawn in (funnel_plot(calm), funnel_plot(calm, [wild]), funnel_plot(wild, [calm]))
    )
    assert alone != beside
    assert beside == other
