"""Matched comparisons of events that do nothing: how often 95 % intervals exclude 0.

Each seed is a company of its own; the comparisons' own models judge it. Their inputs are tables, so
that a company takes a second or two.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psycopg
from psycopg import sql

from benchmarks import placebos
from benchmarks.finding import Finding, within
from benchmarks.sizes import Sizes
from orchestration import dbt
from orchestration.settings import load_settings

_NAME = "comparisons"
_PERSONS = 2_000
_TABLES = """
create schema intermediate;
create schema concord;
create table concord.promises (promise_id text, topic text);
create table intermediate.int_months (period_start date);
create table intermediate.int_persons (person_number integer, person_id text, generation text);
create table intermediate.int_purchase_intervals (
    person_number integer, first_month date, is_first boolean
);
create table intermediate.int_orders (
    order_key text, person_number integer, ordered_at timestamptz, is_return boolean,
    ordered_amount numeric
);
create table intermediate.int_conversations (
    conversation_number integer, person_number integer, opened_at timestamptz, topic text
);
create table intermediate.int_touch_events (
    event text, period_start date, person_number integer, began_at timestamptz,
    happened_at timestamptz
);
"""
_EVENTS = """
create table intermediate.{} (
    event text, person_number integer, began_at timestamptz, happened_at timestamptz, points integer
)
"""
_HAPPENED = ("int_customer_events", "int_promise_exposures", "int_recovery_events")
# The comparisons, without what says where their events come from.
_MODELS = "int_order_intervals path:models/intermediate/comparisons,+int_comparison_effects"
_GIVEN = "int_conversation_events int_recovery_answers int_touch_events " + " ".join(_HAPPENED)
_OUTCOMES = {
    "ordered_within_90_days": ("who ordered", " points"),
    "spent_within_90_days": ("money", " EUR"),
}
_EFFECTS = """
select
    event, outcome, effect::float8, ci_low::float8, ci_high::float8,
    greatest(
        abs(days_since_order_after), abs(order_count_after), abs(contact_count_after)
    ) > 0.1
from intermediate.int_comparison_effects
where outcome = any(%s) and ci_low is not null
"""


class Effect(NamedTuple):
    """What one comparison of one company says of an event that does nothing."""

    event: str
    outcome: str
    value: float
    low: float
    high: float
    is_unlike: bool  # both sides differ by more than 0.1 standard deviations


def run(url: str, folder: Path, sizes: Sizes) -> list[Finding]:
    """Compare in each company, and count the intervals that exclude 0."""
    return list(_findings(list(effects(url, folder, range(sizes.comparison_seeds)))))


def effects(url: str, folder: Path, seeds: range) -> Iterator[Effect]:
    """Return the effects that the models find in each company."""
    config = folder / "concord.toml"
    clock = placebos.AS_OF.isoformat()
    config.write_text(f'[company]\nname = "Placebos"\nas_of = {clock}\n', encoding="utf-8")
    settings = load_settings(config, folder / "dbt", environment={"CONCORD_DATABASE_URL": url})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLES)
        for name in _HAPPENED:
            connection.execute(sql.SQL(_EVENTS).format(sql.Identifier(name)))
        connection.execute("insert into intermediate.int_months values (%s)", (placebos.MONTH,))
        for seed in seeds:
            _write(connection, placebos.company(seed, _PERSONS))
            outcomes = dbt.build(settings, url, (_MODELS, _GIVEN))
            failed = [f"{each.name}: {each.message}" for each in outcomes if not each.is_fine]
            if failed:
                raise RuntimeError("dbt could not compare: " + "; ".join(failed))
            yield from map(Effect._make, connection.execute(_EFFECTS, (list(_OUTCOMES),)))


def _write(connection: psycopg.Connection, company: placebos.Company) -> None:
    """Put a company in the place of the one before."""
    for name, rows in company.rows().items():
        table = sql.Identifier("intermediate", name)
        connection.execute(sql.SQL("truncate {}").format(table))
        with connection.cursor().copy(sql.SQL("copy {} from stdin").format(table)) as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(sql.SQL("analyze {}").format(table))


def _findings(found: list[Effect]) -> Iterator[Finding]:
    for event, outcome in dict.fromkeys((each.event, each.outcome) for each in found):
        own = [each for each in found if (each.event, each.outcome) == (event, outcome)]
        low, high = (np.array([getattr(each, end) for each in own]) for end in ("low", "high"))
        values = np.array([each.value for each in own])
        above, below = 100 * (low > 0).mean(), 100 * (high < 0).mean()
        error = values.std(ddof=1) / np.sqrt(len(own))
        warned = 100 * np.mean([each.is_unlike for each in own])
        name, unit_of_effect = _OUTCOMES[outcome]
        for what, value, unit, aim in (
            ("intervals without 0", above + below, " %", within(2, 8, " %")),
            ("of them above 0", above, " %", None),
            ("mean effect", values.mean(), unit_of_effect, None),
            ("its standard error", error, unit_of_effect, None),
            ("with a warning of imbalance", warned, " %", None),
        ):
            yield Finding(_NAME, f"{what}, {name}, {event}", float(value), unit, aim)
