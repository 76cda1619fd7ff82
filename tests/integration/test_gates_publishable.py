"""Gate 2 lets a sound scorecard out, and names each card that was broken on purpose."""

from datetime import UTC, datetime

import psycopg
import pytest

from expectations.validate import WARNING, GateError, Outcome, PublishLimits, publishable
from orchestration import ledger
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres

AS_OF = datetime(2025, 7, 10, tzinfo=UTC)
LIMITS = PublishLimits(maximum_jump=0.5)

# Eighteen complete months and a partial one: 80 of 100 persons retained, 40 tickets answered.
GOOD = """
create schema marts;
create schema staging;

create table marts.metric_definitions (
    metric_id text, unit text, interval_method text, version integer, needs text,
    rows_mart text, rows_numerator text, rows_denominator text
);
insert into marts.metric_definitions values
('retention_rate', 'percent', 'wilson', 1, 'orders',
    'retention_by_person', 'is_retained', 'is_active_at_start'),
('nps', 'points', 'nps', 1, 'survey_responses', 'nps_responses', 'contribution', 'counted'),
('first_reply_time', 'minutes', 'km', 1, 'tickets,messages',
    'conversations', 'replied_count', 'ticket_count'),
('new_customers', 'count', 'none', 1, 'orders', 'retention_by_person', 'is_new', ''),
('net_revenue_retention', 'percent', 'none', 1, 'orders',
    'retention_by_person', 'revenue', 'revenue_before'),
('csat', 'percent', 'wilson', 1, 'satisfaction_ratings', 'csat_ratings', 'good', 'answers');

create table marts.retention_by_person as
select
    cast(month as date) as period_start,
    number <= 80 as is_retained,
    number <= 100 as is_active_at_start,
    number > 100 as is_new,
    30.25 as revenue,
    25.5 as revenue_before
from generate_series(timestamp '2024-01-01', '2025-07-01', interval '1 month') as month,
    generate_series(1, 140) as number;

create table marts.nps_responses as
select period_start, case when number <= 50 then 1 when number <= 60 then -1 else 0 end
    as contribution, 1 as counted
from (select distinct period_start from marts.retention_by_person) as months,
    generate_series(1, 100) as number;

create table marts.conversations as
select period_start, 1 as ticket_count, case when number <= 38 then 1 else 0 end as replied_count
from (select distinct period_start from marts.retention_by_person) as months,
    generate_series(1, 40) as number;

create table marts.scorecard as
select
    metric_id, period_start, 'month' as period_grain, 'company' as segment_name,
    'all' as segment_value, value, unit, numerator, denominator, n, ci_low, ci_high,
    period_start = '2025-07-01' as is_partial, cast(null as text) as suppressed_reason,
    timestamptz '2025-07-09 22:00+00' as data_as_of, '1' as definition_version,
    value - spread as limit_low, value as limit_mean, value + spread as limit_high
from (select distinct period_start from marts.retention_by_person) as months,
(values
    ('retention_rate', 80.0, 'percent', 80.0, 100.0, 100, 71.1, 86.7, 5.0),
    ('nps', 40.0, 'points', 40.0, 100.0, 100, 28.0, 52.0, 10.0),
    ('first_reply_time', 95.0, 'minutes', 38.0, 40.0, 40, 60.0, 120.0, 20.0),
    ('new_customers', 40.0, 'count', 40.0, null, 40, null, null, 4.0),
    ('net_revenue_retention', 118.627451, 'percent', 4235.0, 3570.0, 140, null, null, 9.0)
) as cards (metric_id, value, unit, numerator, denominator, n, ci_low, ci_high, spread);

insert into marts.scorecard
select
    metric_id, period_start, period_grain, 'brand', 'Tern', value, unit, 40, 50, 50, 67, 88.8,
    is_partial, suppressed_reason, data_as_of, definition_version, null, null, null
from marts.scorecard where metric_id = 'retention_rate';

create table staging.stg_orders as select 1 as order_id;
create table staging.stg_tickets as select 1 as ticket_id;
create view staging.stg_satisfaction_ratings as select 1 as rating_id where false;
"""
PUBLISHED = """
create schema published;
create table published.scorecard as table marts.scorecard;
"""
MAY = "period_start = '2025-05-01'"
RETENTION = f"segment_name = 'company' and {MAY} and metric_id = 'retention_rate'"

FAULTS = {
    "a share of 130 %": (
        f"update marts.scorecard set value = 130, ci_high = 131 where {RETENTION}",
        "bounds",
        "scorecard.value",
        "retention_rate of the whole company in May 2025 is 130.00 percent;"
        " a share lies between 0 and 100 %",
    ),
    "a score below its scale": (
        f"update marts.scorecard set value = -101, ci_low = -102 where metric_id = 'nps' and {MAY}",
        "bounds",
        "scorecard.value",
        "nps of the whole company in May 2025 is -101.00 points",
    ),
    "a negative time": (
        f"""
        update marts.scorecard set value = -5, ci_low = -9
        where metric_id = 'first_reply_time' and {MAY}
        """,
        "bounds",
        "scorecard.value",
        "first_reply_time of the whole company in May 2025 is -5.00 minutes; it can't be below 0",
    ),
    "a crossed interval": (
        f"update marts.scorecard set ci_low = 81 where {RETENTION}",
        "interval",
        "scorecard.ci_low",
        "is 80.00, outside its own interval from 81.00 to 86.70",
    ),
    "a part above the whole": (
        f"update marts.scorecard set numerator = 60 where segment_value = 'Tern' and {MAY}",
        "share of its base",
        "scorecard.numerator",
        "retention_rate of brand Tern in May 2025 counts 60 of 50",
    ),
    "a suppressed card that shows": (
        f"update marts.scorecard set suppressed_reason = 'n < 200' where {RETENTION}",
        "suppression",
        "scorecard.suppressed_reason",
        "retention_rate of the whole company in May 2025 is suppressed and yet shows a figure",
    ),
    "data from the future": (
        "update marts.scorecard set data_as_of = '2025-07-10 09:00+00' where metric_id = 'nps'"
        f" and {MAY}",
        "data as of",
        "scorecard.data_as_of",
        "nps of the whole company in May 2025 says that its data is of 10 July 2025",
    ),
    "rows that don't add up": (
        f"delete from marts.retention_by_person where ctid = (select max(ctid) from"
        f" marts.retention_by_person where is_retained and {MAY})",
        "reconciliation",
        "retention_by_person.is_active_at_start",
        "The card retention_rate for May 2025 counts 100.00, and the rows behind it in"
        " retention_by_person.is_active_at_start add up to 99.00",
    ),
    "a month without any rows": (
        f"delete from marts.conversations where {MAY}",
        "reconciliation",
        "conversations.replied_count",
        "The card first_reply_time for May 2025 counts 38.00, and the rows behind it in"
        " conversations.replied_count add up to 0.00",
    ),
    "a card that doesn't open": (
        "alter table marts.conversations drop column replied_count",
        "rows behind a card",
        "metric_definitions.rows_mart",
        "The card first_reply_time opens into conversations.replied_count, which doesn't exist",
    ),
    "a jump": (
        f"update published.scorecard set value = 30, ci_low = 20 where {RETENTION}",
        "jump",
        "scorecard.value",
        "retention_rate of the whole company for May 2025 is published as 30.00 percent and would"
        " now be 80.00; a published month may change by 50 % at most: find the rows that were"
        " added, changed or lost since",
    ),
    "a metric that vanished": (
        "delete from marts.scorecard where metric_id = 'nps'",
        "missing metric",
        "scorecard.metric_id",
        "nps is published for 18 months, from January 2024 on, that the new scorecard lacks",
    ),
}


@pytest.fixture
def sound(copied: Copied) -> str:
    return copied(_fill)


def _fill(url: str) -> None:
    ledger.prepare(url)
    change(url, GOOD)


@pytest.fixture
def published(sound: str) -> str:
    change(sound, PUBLISHED)
    return sound


def change(url: str, statements: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statements)


def judge(url: str) -> Outcome:
    return publishable(url, AS_OF, LIMITS)


def failed(outcome: Outcome) -> set[str]:
    return {failure.check for failure in outcome.failures}


def test_a_sound_scorecard_passes_the_first_time_and_again(sound):
    assert judge(sound).failures == ()
    change(sound, PUBLISHED)
    again = judge(sound)
    assert again.failures == ()
    assert {check.name for check in again.checks} >= {fault[1] for fault in FAULTS.values()}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_blocks_by_its_own_check_and_names_the_card(published, fault):
    statements, check, place, words = FAULTS[fault]
    change(published, statements)
    if check not in {"jump", "missing metric"}:
        change(published, "drop schema published cascade")
    outcome = judge(published)
    assert not outcome.is_passed
    assert failed(outcome) == {check}
    assert place in {failure.column for failure in outcome.failures}
    assert any(words in str(failure) for failure in outcome.failures)


def test_a_jump_that_somebody_explained_is_let_out(published):
    change(published, FAULTS["a jump"][0])
    change(
        published,
        """
        insert into concord.explanations
        values ('retention_rate', '2025-05-01', '2025-05-01', 'a branch was sold')
        """,
    )
    assert judge(published).is_passed


def test_one_explanation_frees_all_metrics_and_months_that_it_names(published):
    change(published, "update marts.scorecard set value = value / 4, ci_low = 0, ci_high = 100")
    change(published, "delete from marts.scorecard where metric_id = 'nps'")
    assert {"jump", "missing metric"} <= failed(judge(published))
    change(
        published,
        "insert into concord.explanations"
        " values (null, '2024-01-01', '2025-06-01', 'the old shop was counted twice')",
    )
    assert not {"jump", "missing metric"} & failed(judge(published))


def test_a_process_that_shifted_explains_no_figure_that_was_published(published):
    change(published, FAULTS["a jump"][0])
    change(
        published,
        """
        insert into concord.baseline_shifts
        values ('retention_rate', 'company', 'all', '2025-05-17', 'a branch was sold')
        """,
    )
    assert failed(judge(published)) == {"jump"}


def test_an_explanation_of_another_month_explains_nothing(published):
    change(published, FAULTS["a jump"][0])
    change(
        published,
        """
        insert into concord.explanations
        values ('retention_rate', '2025-06-01', '2025-06-01', 'a branch was sold')
        """,
    )
    assert failed(judge(published)) == {"jump"}


def test_a_new_definition_may_change_every_figure(published):
    change(published, FAULTS["a jump"][0])
    change(published, FAULTS["a metric that vanished"][0])
    change(published, "update marts.scorecard set definition_version = '2'")
    change(published, "update marts.metric_definitions set version = 2")
    assert judge(published).is_passed


def test_a_partial_month_changes_every_day(published):
    change(published, "update published.scorecard set value = 10 where is_partial")
    assert judge(published).is_passed


def test_a_small_share_may_move_by_a_point(published):
    for schema, value in (("published", 0.4), ("marts", 1.3)):
        change(
            published,
            f"update {schema}.scorecard set value = {value}, ci_low = 0 where {RETENTION}",
        )
    assert judge(published).failures == ()


def test_a_jump_of_a_segment_is_reported_and_let_out(published):
    change(
        published,
        f"update published.scorecard set value = 9 where segment_value = 'Tern' and {MAY}",
    )
    outcome = judge(published)
    assert outcome.is_passed
    assert failed(outcome) == {"jump of a segment"}
    assert "retention_rate of brand Tern for May 2025" in str(outcome.failures[0])


def test_a_month_far_outside_its_natural_limits_is_reported_and_let_out(sound):
    change(
        sound,
        """
        update marts.scorecard set limit_low = 20, limit_mean = 25, limit_high = 30
        where metric_id = 'retention_rate' and segment_name = 'company'
        """,
    )
    outcome = judge(sound)
    assert outcome.is_passed
    assert [(each.check, each.severity) for each in outcome.failures] == [
        ("natural limits", WARNING)
    ]
    assert "in June 2025 is 80.00, far outside its natural limits of 20.00 to 30.00" in str(
        outcome.failures[0]
    )


def test_a_metric_with_data_and_no_card_is_reported_and_let_out(sound):
    change(sound, "delete from marts.scorecard where metric_id = 'net_revenue_retention'")
    outcome = judge(sound)
    assert outcome.is_passed
    assert failed(outcome) == {"metric without a card"}
    assert "net_revenue_retention has no row" in str(outcome.failures[0])


def test_many_broken_cards_make_few_sentences(sound):
    change(sound, "update marts.scorecard set value = 130, ci_high = 131 where unit = 'percent'")
    reported = [failure for failure in judge(sound).failures if failure.check == "bounds"]
    assert len(reported) == 5
    assert "more like this" in str(reported[-1])
    assert "retention_rate of the whole company in July 2025" in str(reported[0])


def test_an_empty_scorecard_passes(sound):
    change(sound, "truncate marts.scorecard, staging.stg_orders")
    outcome = judge(sound)
    assert outcome.is_passed
    assert not outcome.failures


def test_a_database_without_any_table_passes(database_url):
    assert judge(database_url) == Outcome("publishable", "scorecard", ())


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("limit_low", "the check 'natural limits' could not be judged: .*limit_low"),
        ("is_partial", "what 'cards' is about could not be measured: .*is_partial"),
    ],
)
def test_what_cannot_be_judged_does_not_pass(sound, column, words):
    change(sound, f"alter table marts.scorecard drop column {column}")
    with pytest.raises(GateError, match=words):
        judge(sound)
