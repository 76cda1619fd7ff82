"""The rules of a card: what it says, and what it must not say."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboards.scorecard import catalogue
from dashboards.scorecard.cards import CardSource, CardView, card, changes
from dashboards.scorecard.definition import load
from dashboards.scorecard.records import WHOLE_COMPANY, Company, MetricDefinition, ScorecardRow

DEFINITION = MetricDefinition(
    metric_id="retention_rate",
    name="Retention rate",
    area="retention",
    question="Do they stay?",
    definition="Persons who stay",
    numerator="stayed",
    denominator="all",
    unit="percent",
    decimals=1,
    direction="up",
    interval_method="wilson",
    minimum_n=30,
    needs=("orders", "survey_responses"),
    needs_detail=None,
    source="house",
    version="2",
    rows_mart="retention_by_person",
    rows_numerator="is_retained",
    rows_denominator="is_active_at_start",
)
ROW = ScorecardRow(
    metric_id="retention_rate",
    period_start=date(2026, 10, 1),
    period_grain="month",
    segment_name="company",
    segment_value="all",
    value=72.0,
    unit="percent",
    numerator=7200,
    denominator=10000,
    n=10000,
    ci_low=71.1,
    ci_high=72.9,
    prior_year_value=70.0,
    target=75.0,
    signal="improving",
    target_status="may_miss",
    is_partial=False,
    suppressed_reason=None,
    left_out=None,
    data_as_of=datetime(2026, 11, 21, 22, tzinfo=UTC),
    definition_version="2",
)
RUNNING = replace(
    ROW,
    period_start=date(2026, 11, 1),
    value=60.0,
    is_partial=True,
    prior_year_value=None,
    signal="too_little_data",
    target_status=None,
)


def view(*rows: ScorecardRow, segment: tuple[str, str] = WHOLE_COMPANY, **more) -> CardView:
    company = Company("Northwind", currency="EUR")
    return card(CardSource(DEFINITION, "Retention", segment, rows, None, company, **more))


def test_the_latest_complete_period_stands_on_the_card() -> None:
    shown = view(ROW, RUNNING)
    assert (shown.figure, shown.unit, shown.period) == ("72.0", "%", "Oct 2026")
    assert shown.n == "n 10,000"
    assert shown.interval == "71.1 \u2013 72.9"


def test_the_running_period_is_labelled_and_has_no_change() -> None:
    shown = view(ROW, RUNNING)
    assert shown.running == "Nov so far: 60.0\u2009% (partial)"
    assert [point.is_partial for point in shown.points] == [False, True]


def test_a_partial_period_alone_has_no_percent_change_and_no_verdict() -> None:
    shown = view(replace(RUNNING, prior_year_value=70.0))
    assert shown.state == "partial"
    assert "partial" in shown.note
    assert shown.changes == ()
    assert shown.signal.word == "too little data"


def test_changes_are_reported_absolute_and_in_percent() -> None:
    prior, target = view(ROW).changes
    assert (prior.label, prior.absolute, prior.relative) == (
        "vs prior year",
        "+2.0\u2009pp",
        "+2.9\u2009%",
    )
    assert (target.label, target.absolute) == ("vs target", "\u22123.0\u2009pp")


def test_what_a_value_left_out_stands_beside_it() -> None:
    partly = replace(ROW, left_out="76 of 120 margins unknown")
    assert view(partly).left_out == "76 of 120 margins unknown"
    nothing_known = replace(partly, value=None, suppressed_reason=partly.left_out)
    assert view(nothing_known).note == "suppressed: 76 of 120 margins unknown"
    assert view(nothing_known).left_out == ""


def test_a_suppressed_value_is_never_shown_but_its_reason_and_n_are() -> None:
    shown = view(replace(ROW, suppressed_reason="n < 30", n=17))
    assert (shown.figure, shown.interval, shown.changes) == ("", "", ())
    assert shown.note == "suppressed: n < 30"
    assert shown.n == "n 17"
    assert shown.signal.tone == "plain"


def test_no_rows_name_what_is_needed() -> None:
    shown = view()
    assert (shown.state, shown.figure) == ("no_data", "")
    assert shown.note == "no data: needs orders, survey responses"


def test_data_that_is_there_but_too_short_is_not_asked_for_again() -> None:
    definition = replace(DEFINITION, needs=("orders",), needs_detail="over more than a year")
    shown = card(CardSource(definition, "Retention", WHOLE_COMPANY, (), None, Company("")))
    assert shown.note == "no data: needs orders over more than a year"


def test_a_null_value_is_neither_zero_nor_blank() -> None:
    shown = view(replace(ROW, value=None))
    assert (shown.figure, shown.note) == ("", "no data in this period")


def test_a_metric_not_measured_for_a_segment_does_not_ask_for_data() -> None:
    assert view(segment=("brand", "Harbour")).note == "not measured for this brand"


def test_a_metric_without_a_total_leads_to_its_segments() -> None:
    assert view(only_by=["event"]).note == "by event only"
    shown = view(only_by=["month_k"], absence="horizon not reached")
    assert shown.note == "horizon not reached; by month after the first order only"


def test_a_metric_without_a_figure_says_its_own_reason() -> None:
    assert view(absence="tickets without persons").note == "tickets without persons"
    # A segment has reasons of its own.
    segment = view(segment=("brand", "Harbour"), absence="tickets without persons")
    assert segment.note == "not measured for this brand"


@pytest.mark.parametrize("signal", list(load().signals))
def test_every_signal_has_an_icon_and_a_word(signal: str) -> None:
    mark = view(replace(ROW, signal=signal)).signal
    assert mark.icon and mark.word


@pytest.mark.parametrize("status", list(load().target_statuses))
def test_a_target_status_never_has_colour(status: str) -> None:
    mark = view(replace(ROW, target_status=status)).target
    assert mark.icon and mark.word
    assert mark.tone == "plain"


def test_without_a_target_none_is_invented() -> None:
    shown = view(replace(ROW, target=None, target_status=None))
    assert shown.target.word == "no target set"
    assert [change.label for change in shown.changes] == ["vs prior year"]


def test_a_later_period_without_value_does_not_hide_the_last_known_one() -> None:
    later = replace(ROW, period_start=date(2026, 11, 1), value=None)
    assert view(ROW, later).period == "Oct 2026"


def test_a_card_draws_at_most_24_periods() -> None:
    rows = [replace(ROW, period_start=date(2020 + k // 12, k % 12 + 1, 1)) for k in range(40)]
    assert len(view(*rows).points) == 24


def test_a_month_without_a_row_leaves_a_gap() -> None:
    months = [date(2025, 11, 1), date(2026, 2, 1)]
    points = view(*(replace(ROW, period_start=month) for month in months)).points
    assert [point.label for point in points] == ["Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026"]
    assert [point.value is None for point in points] == [False, True, True, False]
    gap = points[1]
    assert (gap.prior, gap.limit_low, gap.limit_high, gap.target) == (None,) * 4


def test_a_card_draws_24_months_and_nothing_from_before_them() -> None:
    months = [date(2024, 10, 1), date(2024, 11, 1), date(2026, 10, 1)]
    points = view(*(replace(ROW, period_start=month) for month in months)).points
    assert len(points) == 24
    assert (points[0].label, points[-1].label) == ("Nov 2024", "Oct 2026")


def test_neither_limits_nor_a_line_give_a_suppressed_value_away() -> None:
    hidden = replace(ROW, value=None, suppressed_reason="n < 30", limit_low=70.0, limit_high=74.0)
    shown = view(hidden)
    assert not shown.has_history
    assert (shown.points[0].limit_low, shown.points[0].limit_high) == (None, None)


@pytest.mark.parametrize(("minutes", "unit", "drawn"), [(90, "min", 90), (210, "h", 3.5)])
def test_a_duration_is_drawn_in_the_unit_of_the_figure_above_it(
    minutes: float, unit: str, drawn: float
) -> None:
    definition = replace(DEFINITION, unit="minutes", decimals=0)
    row = replace(ROW, value=minutes, limit_low=minutes, limit_high=minutes, target=minutes)
    shown = card(CardSource(definition, "First reply", WHOLE_COMPANY, [row], None, Company("")))
    assert (shown.unit, shown.axis_unit) == (unit, unit)
    (point,) = shown.points
    assert (point.value, point.limit_low, point.limit_high, point.target) == (drawn,) * 4


@pytest.mark.parametrize("metric_id", ["nps", "net_sentiment", "campaign_roi"])
def test_what_can_be_negative_never_differs_in_percent(metric_id: str) -> None:
    definition = replace(DEFINITION, metric_id=metric_id)
    row = replace(ROW, value=-8.0, prior_year_value=2.0, target=None)
    (change,) = changes(row, definition, Company(""))
    assert (change.absolute, change.relative) == ("\u221210.0\u2009pp", None)


def test_every_net_share_is_known_to_be_signed() -> None:
    metrics = catalogue.read()
    net = {row["metric_id"] for row in metrics if row["interval_method"] == "nps"}
    assert net <= load().signed <= {row["metric_id"] for row in metrics}


DECEMBER = replace(ROW, period_start=date(2025, 12, 1))


def test_who_asks_for_a_month_is_never_shown_another_one() -> None:
    shown = view(DECEMBER, period=date(2026, 1, 1))
    assert (shown.figure, shown.period) == ("", "Jan 2026")
    assert shown.note == "not measured in Jan 2026"
    assert shown.signal.word == "too little data"


@pytest.mark.parametrize("segment", [WHOLE_COMPANY, ("brand", "Wrenly")])
def test_the_month_that_is_asked_for_is_shown_although_it_says_less(
    segment: tuple[str, str],
) -> None:
    asked = replace(ROW, value=None, suppressed_reason="n < 30", n=12)
    shown = view(DECEMBER, asked, segment=segment, period=asked.period_start)
    assert (shown.period, shown.note) == ("Oct 2026", "suppressed: n < 30")


def test_a_running_month_that_is_asked_for_is_shown_as_partial() -> None:
    shown = view(ROW, RUNNING, period=RUNNING.period_start)
    assert (shown.figure, shown.period, shown.changes) == ("60.0", "Nov 2026", ())
    assert "partial" in shown.note and shown.running == ""
