"""Charts that a strict policy would break or that would mislead."""

import re
from dataclasses import replace

from dashboards.scorecard.cards import Point
from dashboards.scorecard.charts import PRINT, Bar, bullets, history, sparkline

POINTS = tuple(
    Point(f"month {k}", 70 + k % 3, 69.0 if k > 11 else None, 66, 75, 74, k == 23)
    for k in range(24)
)
BAR = Bar("web", 40, 38, 50, 36, 44)


def test_no_drawing_needs_an_inline_style_or_script() -> None:
    for drawn in (sparkline(POINTS), history(POINTS, "%"), bullets((BAR,), (0, 60))):
        assert drawn.startswith("<svg")
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=|https?://(?!www\.w3\.org)", drawn)


def test_colours_follow_the_theme_on_the_page_and_are_fixed_in_a_picture() -> None:
    assert "var(--ink)" in sparkline(POINTS)
    assert "var(" not in sparkline(POINTS, PRINT)


def test_a_partial_period_is_hollow_and_not_part_of_the_line() -> None:
    whole = sparkline(POINTS)
    without = sparkline(POINTS[:-1])
    hollow = re.findall(r'fill="var\(--card\)" stroke="var\(--ink\)"', whole)
    assert len(hollow) == 1
    assert not re.findall(r'fill="var\(--card\)" stroke="var\(--ink\)"', without)


def test_a_month_of_a_crisis_is_marked_by_a_shape_in_the_history_alone() -> None:
    marked = (*POINTS[:5], replace(POINTS[5], has_crisis=True), *POINTS[6:])
    shapes = [drawn.count("<path") for drawn in (history(marked, "%"), history(POINTS, "%"))]
    assert shapes[0] == shapes[1] + 1
    assert sparkline(marked) == sparkline(POINTS)


def test_series_of_nothing_or_of_one_point_are_drawn() -> None:
    empty = Point("Oct 2026", None, None, None, None, None, False)
    assert sparkline((empty,)).startswith("<svg")
    assert sparkline((POINTS[0],)).startswith("<svg")
    assert history((empty,), "").startswith("<svg")


def test_a_suppressed_segment_has_no_bar() -> None:
    hidden = Bar("small", None, None, None, None, None)
    bar_of = re.compile(r'fill="var\(--ink\)"')
    assert len(bar_of.findall(bullets((BAR, hidden), (0, 60)))) == len(
        bar_of.findall(bullets((BAR,), (0, 60)))
    )


def test_the_axis_names_periods_not_places() -> None:
    assert "month 23" in history(POINTS, "%")


def test_a_month_without_a_value_breaks_the_line_instead_of_being_bridged() -> None:
    lone = Point("month 12", None, None, None, None, None, False)
    whole, broken = sparkline(POINTS), sparkline((*POINTS[:12], lone, *POINTS[13:]))

    def strokes(drawn: str) -> int:
        return max(path.count("M") for path in re.findall(r' d="([^"]+)"', drawn))

    assert strokes(broken) > strokes(whole)
