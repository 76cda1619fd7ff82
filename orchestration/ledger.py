"""The tables of orchestration in the warehouse: what is configured there, and gate results.

Loads, text scores, publications and Metabase's objects are kept by the packages that write them,
accepted findings by `acceptances`; each table is defined once, beside its writer. Every write is
one transaction, so a killed step leaves nothing half done.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
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
    rows = {
        "targets": [target.model_dump() for target in configuration.targets],
        "explanations": [
            each.model_dump(exclude={"metrics"}) | {"metric_id": metric_id}
            for each in configuration.explanations
            for metric_id in each.metric_ids
        ],
        "baseline_shifts": [shift.model_dump() for shift in configuration.baseline_shifts],
        "promises": [_promise(promise) for promise in configuration.promises],
        "promise_campaigns": [
            {"promise_id": promise.id, "campaign": campaign}
            for promise in configuration.promises
            for campaign in promise.campaigns
        ],
    }
    with psycopg.connect(url) as connection:
        for table, configured in rows.items():
            _replace(connection, table, configured)
    return sum(map(len, rows.values()))


def _replace(
    connection: psycopg.Connection, table: str, rows: Sequence[Mapping[str, object]]
) -> None:
    place = sql.Identifier("concord", table)
    connection.execute(sql.SQL("delete from {}").format(place))
    if rows:
        insert = sql.SQL("insert into {} ({}) values ({})").format(
            place,
            sql.SQL(", ").join(map(sql.Identifier, rows[0])),
            sql.SQL(", ").join(map(sql.Placeholder, rows[0])),
        )
        connection.cursor().executemany(insert, rows)


def _promise(promise: Promise) -> dict[str, object]:
    at_most, at_least = promise.threshold
    told = promise.model_dump(exclude={"id", "experience", "scale_max", "campaigns"})
    measured = {"measure": promise.measured, "at_most": at_most, "at_least": at_least}
    return told | measured | {"promise_id": promise.id}


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


def latest_gates(url: str, sources: Collection[str]) -> list[GateResult]:
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
                and (gate <> 'arrival' or subject = any(%s))
            order by gate, subject
            """,
            (list(sources),),
        ).fetchall()
    return [
        GateResult(gate, subject, at, is_passed, checks, tuple(words), stopping, tuple(accepted))
        for gate, subject, at, is_passed, checks, words, stopping, accepted in rows
    ]
