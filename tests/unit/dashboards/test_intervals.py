"""Risk: a picture of intervals says more, or something else, than the figures behind it."""

import re
from dataclasses import replace
from datetime import date

from dashboards.scorecard.charts import PRINT
from dashboards.scorecard.definition import load
from dashboards.scorecard.interval_charts import interval_panel
from dashboards.scorecard.intervals import IntervalPanel, IntervalPoint, Intervals, intervals
from dashboards.scorecard.records import Company, ScorecardRow
from tests.unit.dashboards.test_cards import DEFINITION, ROW

EFFECT = replace(DEFINITION, metric_id="retention_after", unit="points")
COMPARED = replace(
    ROW,
    metric_id="retention_after",
    segment_name="event",
    segment_value="solved_complaint",
    unit="points",
    n=400,
)


def month(number: int, value: float | None, low: float | None, high: float | None) -> ScorecardRow:
    start = date(2024 + number // 12, number % 12 + 1, 1)
    return replace(COMPARED, period_start=start, value=value, ci_low=low, ci_high=high)


def view(*rows: ScorecardRow, metric_id: str = "retention_after") -> Intervals:
    item = replace(EFFECT, metric_id=metric_id)
    found = intervals(
        sorted(rows, key=lambda row: row.period_start), (item, Company("Northwind"), load())
    )
    assert found is not None
    return found


def panel(*rows: ScorecardRow) -> IntervalPanel:
    (found,) = view(*rows).panels
    return found


def test_an_interval_that_touches_zero_includes_it() -> None:
    found = panel(month(0, 4.0, 0.1, 8.0), month(1, 4.0, 0.0, 8.0), month(2, -4.0, -8.0, -0.1))
    assert [point.side for point in found.points] == ["above", "includes", "below"]
    assert [line.side for line in found.lines] == ["below 0", "includes 0", "above 0"]
    assert found.tally == "3 months, 1 above 0, 1 below 0"


def test_a_suppressed_month_and_one_without_a_row_are_gaps_with_their_reason() -> None:
    hidden = replace(month(1, None, None, None), suppressed_reason="n < 30", n=17)
    found = panel(month(0, 4.0, 0.1, 8.0), hidden, month(3, 5.0, 1.0, 9.0))
    assert [point.label for point in found.points] == [
        "Jan 2024",
        "Feb 2024",
        "Mar 2024",
        "Apr 2024",
    ]
    assert [point.value for point in found.points] == [4.0, None, None, 5.0]
    assert [(each.value, each.n, each.left_out) for each in found.lines][1] == (
        "suppressed",
        "17",
        "n < 30",
    )


def test_segments_share_their_months_and_their_scale() -> None:
    other = replace(month(30, 1.0, -60.0, 2.0), segment_value="complaint")
    found = view(month(7, 1.0, 0.5, 40.0), month(6, 1.0, 0.5, 90.0), other)
    complaint, solved = found.panels
    assert [len(each.points) for each in found.panels] == [24, 24]
    assert complaint.points[-1].label == solved.points[-1].label == "Jul 2026"
    assert solved.points[0] == IntervalPoint("Aug 2024", 1.0, 0.5, 40.0, "above")
    assert found.scale == (-60.0, 40.0)


def test_words_say_the_newest_month_to_who_cannot_see_the_picture() -> None:
    found = panel(month(0, 4.0, 0.1, 8.0), month(1, -0.3, -8.4, 7.8))
    assert found.summary == (
        "solved complaint: 2 months, 1 above 0; Feb 2024: \u22120.3\u2009points,"
        " 95 % \u22128.4 \u2013 7.8, includes 0"
    )


def test_zero_is_no_measure_of_a_share() -> None:
    found = view(month(0, 14.0, 12.0, 16.0), metric_id="joint_credit_share")
    assert found.sides == ()
    assert found.panels[0].points[0].side == ""
    assert found.panels[0].tally == "1 month"


def test_without_intervals_there_is_no_picture_of_them() -> None:
    assert intervals([month(0, 4.0, None, None)], (EFFECT, Company(""), load())) is None
    assert intervals([], (EFFECT, Company(""), load())) is None


def test_only_the_largest_segments_are_drawn_and_the_others_counted() -> None:
    rows = [replace(month(0, 1.0, 0.5, 2.0), segment_value=f"event {k:02}", n=k) for k in range(14)]
    found = view(*rows)
    assert (len(found.panels), found.hidden) == (12, 2)
    assert found.panels[0].title == "event 02"


def _drawn(*points: IntervalPoint) -> str:
    return interval_panel(points, (-10.0, 10.0))


def test_each_side_of_zero_has_a_shape_and_no_colour_of_its_own() -> None:
    points = {
        side: _drawn(IntervalPoint("Jan", 1.0, 0.5, 2.0, side))
        for side in ("above", "below", "includes")
    }
    shapes = {
        re.search(r'<path transform="[^"]+" d="([^"]+)"', each)[1] for each in points.values()
    }
    assert len(shapes) == 3
    for drawn in points.values():
        assert set(re.findall(r"var\(--([\w-]+)\)", drawn)) <= {"ink", "ink-2", "rule", "card"}
        assert not re.search(r"\sstyle=|<style|<script|https?://(?!www\.w3\.org)", drawn)


def test_a_month_without_a_value_leaves_no_mark() -> None:
    gap, shown = IntervalPoint("Jan"), IntervalPoint("Feb", 1.0, 0.5, 2.0, "above")
    assert _drawn(gap).count("<path") == _drawn(gap, gap).count("<path")
    assert _drawn(gap, shown).count("<path") == _drawn(shown).count("<path")


def test_a_month_that_has_not_ended_is_hollow() -> None:
    running = IntervalPoint("Jan", 1.0, 0.5, 2.0, "above", is_partial=True)
    assert 'fill="var(--card)"' in _drawn(running)
    assert 'fill="#ffffff"' in interval_panel((running,), (-1.0, 3.0), PRINT)
