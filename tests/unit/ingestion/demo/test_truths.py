"""What is planted must really be there, and be visible in the true figures."""

import numpy as np
import pytest

from ingestion.demo.clock import add_months
from ingestion.demo.company import simulate
from ingestion.demo.parameters import GENERATIONS, Parameters
from ingestion.demo.service import REGULAR
from ingestion.demo.truths import truths
from ingestion.demo.truths.rows import NEVER, quantile_of_waits

P = Parameters()
WITHOUT_TOTAL = {
    "ces": ("scale", "up to 7"),
    "promise_gap": ("promise", "two_days"),
    "experience_consistency": ("dimension", "shift"),
}


def mean(series) -> float:
    return float(np.mean([row.value for row in series]))


def month(company, number):
    return company.clock.months_first[company.clock.reported(number)]


def test_every_complete_month_has_every_metric(known, company):
    months = {row.period_start for row in known.rows}
    assert months == {company.clock.months_first[m] for m in company.clock.complete_months}
    metrics = {row.metric_id for row in known.rows}
    assert len(metrics) == 36
    for metric_id in metrics:
        whole = WITHOUT_TOTAL.get(metric_id, ("company", "all"))
        assert len(known.series(metric_id, *whole)) == 24


def test_older_generations_stay_longer(known):
    by_generation = [
        mean(known.series("retention_rate", "generation", name).values()) for name in GENERATIONS
    ]
    assert by_generation == sorted(by_generation, reverse=True)


def test_segments_add_up_to_the_company(known):
    for metric_id in ("retention_rate", "reactivation_rate", "new_customers"):
        for first, whole in known.series(metric_id).items():
            parts = [
                row.numerator
                for row in known.rows
                if row.metric_id == metric_id
                and row.period_start == first
                and row.segment_name == "generation"
            ]
            assert sum(parts) == whole.numerator


def test_reply_times_have_their_planted_medians(company):
    tickets = company.tickets
    start = company.clock.month_start[company.clock.reported(P.crisis_month)]
    for channel, median in enumerate(P.reply_median):
        rows = (tickets.channel == channel) & (tickets.replied_at > 0) & (tickets.at < start)
        waits = (tickets.replied_at - tickets.at)[rows] / 60
        assert np.median(waits) == pytest.approx(median, rel=0.1)


def test_the_backlash_turns_its_month(known, company):
    series = known.series("net_sentiment")
    assert min(series, key=lambda first: series[first].value) == month(company, P.backlash_month)
    assert known.events.backlash_mentions > 150


def test_the_crisis_shows_everywhere_and_passes(known, company):
    before, during, after = (month(company, P.crisis_month + step) for step in (-1, 0, 2))
    for metric_id, falls in (("net_sentiment", True), ("csat", True), ("first_reply_time", False)):
        values = [known.find(metric_id, first).value for first in (before, during, after)]
        assert (values[1] < min(values[0], values[2])) == falls, metric_id
    asked = [known.find("first_reply_time", first).denominator for first in (before, during)]
    assert asked[1] > 1.5 * asked[0]


def test_persons_hit_by_the_crisis_buy_less_afterwards(as_of):
    later = simulate(
        7, 20_000, 24, as_of.replace(month=9), add_months(as_of.date().replace(day=1), -24)
    )
    events = truths(later).events
    assert events.crisis_bought_again_affected < events.crisis_bought_again_others - 0.05


def test_the_broken_promise_lowers_satisfaction(known, company):
    series = known.series("csat")
    broken = month(company, P.promise_month)
    crisis = month(company, P.crisis_month)
    kept = mean(row for first, row in series.items() if first < broken and first != crisis)
    assert mean(row for first, row in series.items() if first >= broken) < kept - 8


def test_the_send_check_lowers_sends_to_open_complaints(known, company):
    series = known.series("open_complaint_send_rate")
    checked = month(company, P.send_check_month)
    before = mean(row for first, row in series.items() if first < checked)
    assert mean(row for first, row in series.items() if first >= checked) < before / 2


def test_served_persons_order_more_often_within_a_week(company):
    tickets, orders = company.tickets, company.orders
    solved = np.flatnonzero((tickets.solved_at > 0) & (tickets.fate == REGULAR))
    week = 7 * 86_400
    key = np.sort(orders.person.astype(np.int64) * (1 << 34) + orders.at)

    def share(at: np.ndarray) -> float:
        low = tickets.person[solved].astype(np.int64) * (1 << 34) + at
        return float((np.searchsorted(key, low + week) > np.searchsorted(key, low)).mean())

    lift = share(tickets.solved_at[solved]) - share(tickets.solved_at[solved] + 8 * week)
    assert lift > P.service_order_lift * 0.6


def test_kaplan_meier_of_freireich_1963():
    """Remission of 6-MP in weeks: S(6) = 0.857, S(23) = 0.448; the median is 23."""
    times = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    came = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    waits = np.array([60 * t if event else NEVER for t, event in zip(times, came, strict=True)])
    observed = np.array([60 * t for t in times])
    assert quantile_of_waits(waits, observed, 0.5) == 23
    assert quantile_of_waits(waits, observed, 0.143) == 7
    assert quantile_of_waits(waits, observed, 0.142) == 6
