"""The tables of orchestration in the warehouse: what is configured there, and gate results.

Loads, text scores, publications and Metabase's objects are kept by the packages that write them,
accepted findings by `acceptances`; each table is defined once, beside its writer. Every write is
one transaction, so a killed step leaves nothing half done.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg
from psycopg.types.json import Jsonb

from orchestration.configuration import Configuration
from orchestration.promises import Promise

if TYPE_CHECKING:
    from expectations.validate import Outcome

_TABLES = """
create schema if not exists concord;
create table if not exists concord.targets (
    metric_id text not null,
    segment_name text not null,
    segment_value text not null,
    valid_from date not null,
    valid_to date,
    value numeric,
    marketing_owner text not null,
    service_owner text not null,
    reason text not null,
    version integer not null,
    primary key (metric_id, segment_name, segment_value, valid_from, version)
);
create table if not exists concord.baseline_shifts (
    metric_id text not null,
    segment_name text not null,
    segment_value text not null,
    shifted_on date not null,
    reason text not null,
    primary key (metric_id, segment_name, segment_value, shifted_on)
);
create table if not exists concord.promises (
    promise_id text primary key,
    claim text not null,
    measure text not null,
    at_most numeric,
    at_least numeric,
    brand text,
    channel text,
    topic text,
    valid_from date not null,
    valid_to date,
    marketing_owner text not null,
    service_owner text not null
);
create table if not exists concord.promise_campaigns (
    promise_id text not null,
    campaign text not null,
    primary key (promise_id, campaign)
);
create table if not exists concord.explanations (
    metric_id text,
    first_month date not null,
    last_month date not null,
    reason text not null
);
create table if not exists concord.gate_results (
    gate text not null,
    subject text not null,
    checked_at timestamptz not null default now(),
    run_id text not null,
    is_passed boolean not null,
    checks integer not null,
    failures jsonb not null,
    primary key (gate, subject, checked_at)
);
alter table concord.gate_results
add column if not exists stopping jsonb not null default '{}',
add column if not exists accepted jsonb not null default '[]';
"""
# Earlier versions remembered their builds, and made tables that would now be taken for marts. All
# of it but the ledger is built anew by the next run; what readers see stays until then.
_EARLIER_VERSION = "concord.builds"
_DROP_EARLIER_VERSION = """
drop schema if exists staging, intermediate, marts cascade;
drop table if exists concord.builds, concord.metabase_objects;
"""


@dataclass(frozen=True)
class GateResult:
    """The last result of a gate for a subject.

    `words` has a sentence for each failure that is named, `accepted` for each that somebody let
    pass; `stopping` has what was seen, by finding.
    """

    gate: str
    subject: str
    checked_at: datetime
    is_passed: bool
    checks: int
    words: tuple[str, ...]
    stopping: Mapping[str, str]
    accepted: tuple[str, ...]


def prepare(url: str) -> None:
    """Create the tables of this module that don't exist yet."""
    with psycopg.connect(url) as connection:
        # Two commands at once would race between "exists" and "create".
        connection.execute("select pg_advisory_xact_lock(hashtext('concord.ledger'))")
        connection.execute(_TABLES)
        found = connection.execute("select to_regclass(%s)", (_EARLIER_VERSION,)).fetchone()
        if found and found[0]:
            connection.execute(_DROP_EARLIER_VERSION)


def write_settings(url: str, configuration: Configuration) -> int:
    """Replace targets, promises and the like by the configured ones; return how many there are."""
    targets = [tuple(target.model_dump().values()) for target in configuration.targets]
    explanations = [
        (metric_id, each.first_month, each.last_month, each.reason)
        for each in configuration.explanations
        for metric_id in each.metric_ids
    ]
    shifts = [tuple(shift.model_dump().values()) for shift in configuration.baseline_shifts]
    promises = [_promise(promise) for promise in configuration.promises]
    campaigns = [
        (each.id, campaign) for each in configuration.promises for campaign in each.campaigns
    ]
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("delete from concord.targets")
        cursor.executemany(
            """
            insert into concord.targets (
                metric_id, segment_name, segment_value, valid_from, valid_to, value,
                marketing_owner, service_owner, reason, version
            ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            targets,
        )
        cursor.execute("delete from concord.explanations")
        cursor.executemany(
            """
            insert into concord.explanations (metric_id, first_month, last_month, reason)
            values (%s, %s, %s, %s)
            """,
            explanations,
        )
        cursor.execute("delete from concord.baseline_shifts")
        cursor.executemany(
            """
            insert into concord.baseline_shifts (
                metric_id, segment_name, segment_value, shifted_on, reason
            ) values (%s, %s, %s, %s, %s)
            """,
            shifts,
        )
        cursor.execute("delete from concord.promises")
        cursor.executemany(
            """
            insert into concord.promises (
                promise_id, claim, measure, at_most, at_least, brand, channel, topic, valid_from,
                valid_to, marketing_owner, service_owner
            ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            promises,
        )
        cursor.execute("delete from concord.promise_campaigns")
        cursor.executemany(
            "insert into concord.promise_campaigns (promise_id, campaign) values (%s, %s)",
            campaigns,
        )
    return len(targets) + len(explanations) + len(shifts) + len(promises)


def _promise(promise: Promise) -> tuple[object, ...]:
    return (
        promise.id,
        promise.claim,
        promise.measured,
        *promise.threshold,
        promise.brand,
        promise.channel,
        promise.topic,
        promise.valid_from,
        promise.valid_to,
        promise.marketing_owner,
        promise.service_owner,
    )


def record_gate(url: str, run_id: str, outcome: "Outcome") -> None:
    """Record the result of a gate."""
    with psycopg.connect(url) as connection:
        connection.execute(
            """
            insert into concord.gate_results (
                gate, subject, run_id, is_passed, checks, failures, stopping, accepted
            ) values (%s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (
                outcome.gate,
                outcome.subject,
                run_id,
                outcome.is_passed,
                len(outcome.checks),
                Jsonb([str(failure) for failure in outcome.failures]),
                Jsonb({failure.finding: failure.words for failure in outcome.stopping}),
                Jsonb([str(failure) for failure in outcome.accepted]),
            ),
        )


def latest_gates(url: str, sources: Collection[str] | None = None) -> list[GateResult]:
    """Return the last result of each gate and subject; of arrivals those of `sources` alone."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            """
            select gate, subject, checked_at, is_passed, checks, failures, stopping, accepted
            from (
                select
                    *,
                    row_number() over (
                        partition by gate, subject order by checked_at desc
                    ) as recency
                from concord.gate_results
            ) as results
            where
                recency = 1
                and (gate <> 'arrival' or %(all)s or subject = any(%(sources)s))
            order by gate, subject
            """,
            {"all": sources is None, "sources": list(sources or ())},
        ).fetchall()
    return [
        GateResult(gate, subject, at, is_passed, checks, tuple(words), stopping, tuple(accepted))
        for gate, subject, at, is_passed, checks, words, stopping, accepted in rows
    ]
