"""Concord's own bookkeeping in the warehouse: settings tables, builds, gate results.

What ingestion loads and what a publication holds is booked by those packages; this is what
orchestration alone knows. Every write is one transaction, so a killed step leaves nothing half
done.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg
from psycopg.types.json import Jsonb

from orchestration.configuration import Configuration

if TYPE_CHECKING:
    from expectations.validate import Outcome

_TABLES = """
create schema if not exists concord;
create schema if not exists analytics;
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
create table if not exists concord.builds (
    build_id bigint generated always as identity primary key,
    fingerprint text not null,
    changed_since timestamptz,
    loaded_through timestamptz,
    as_of timestamptz not null,
    started_at timestamptz not null default now(),
    completed_at timestamptz
);
alter table concord.builds add column if not exists built_as_of timestamptz;
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
"""


@dataclass(frozen=True)
class Build:
    """One transformation of the warehouse: what counts as changed, and up to which load.

    `built_as_of` is the clock of the build that it goes on from: months may have begun since.
    """

    build_id: int
    changed_since: datetime | None
    loaded_through: datetime | None
    built_as_of: datetime | None


@dataclass(frozen=True)
class GateResult:
    """What a gate said of a subject the last time; `words` is a sentence per failed check."""

    gate: str
    subject: str
    checked_at: datetime
    is_passed: bool
    checks: int
    words: tuple[str, ...]


def prepare(url: str) -> None:
    """Make the tables of this module where they don't exist yet."""
    with psycopg.connect(url) as connection:
        # Two commands at once would race between "exists" and "create".
        connection.execute("select pg_advisory_xact_lock(hashtext('concord.ledger'))")
        connection.execute(_TABLES)


def write_settings(url: str, configuration: Configuration) -> int:
    """Replace the targets and baseline shifts by the configured ones; return how many."""
    targets = [tuple(target.model_dump().values()) for target in configuration.targets]
    shifts = [tuple(shift.model_dump().values()) for shift in configuration.baseline_shifts]
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
        cursor.execute("delete from concord.baseline_shifts")
        cursor.executemany(
            """
            insert into concord.baseline_shifts (
                metric_id, segment_name, segment_value, shifted_on, reason
            ) values (%s, %s, %s, %s, %s)
            """,
            shifts,
        )
    return len(targets) + len(shifts)


def open_build(url: str, fingerprint: str, as_of: datetime) -> Build:
    """Book the start of a build and tell from when on rows count as changed.

    `fingerprint` stands for everything but the rows that a model's result depends on: when it
    differs from the last completed build's, or from one that was begun since, or time has run
    backwards, all is built anew. A build of everything that was begun and not completed has made
    anew some tables and not the views upon them: it is begun again.
    """
    with psycopg.connect(url) as connection:
        last = connection.execute(
            """
            select loaded_through, as_of from concord.builds
            where completed_at is not null
            and build_id = (
                select max(build_id) from concord.builds where completed_at is not null
            )
            and fingerprint = %s and as_of <= %s
            and not exists (
                select from concord.builds as begun
                where begun.build_id > builds.build_id
                and (begun.fingerprint <> builds.fingerprint or begun.changed_since is null)
            )
            """,
            (fingerprint, as_of),
        ).fetchone()
        loaded = connection.execute("select max(finished_at) from concord.loads").fetchone()
        # A build that saw no load has nothing to go on from.
        changed_since, built_as_of = last if last and last[0] else (None, None)
        loaded_through = loaded[0] if loaded else None
        row = connection.execute(
            """
            insert into concord.builds (
                fingerprint, changed_since, loaded_through, built_as_of, as_of
            )
            values (%s, %s, %s, %s, %s) returning build_id
            """,
            (fingerprint, changed_since, loaded_through, built_as_of, as_of),
        ).fetchone()
    assert row is not None
    return Build(row[0], changed_since, loaded_through, built_as_of)


def continue_build(url: str, fingerprint: str, as_of: datetime) -> Build:
    """Return the build that was opened last if it is this one; open one if it isn't."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """
            select build_id, changed_since, loaded_through, built_as_of from concord.builds
            where build_id = (select max(build_id) from concord.builds)
            and completed_at is null and fingerprint = %s and as_of = %s
            """,
            (fingerprint, as_of),
        ).fetchone()
    return Build(*row) if row else open_build(url, fingerprint, as_of)


def current_build(url: str) -> Build:
    """Return the build that was opened last; LookupError when there is none."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """
            select build_id, changed_since, loaded_through, built_as_of from concord.builds
            order by build_id desc limit 1
            """
        ).fetchone()
    if row is None:
        raise LookupError("no build was opened yet: run the intermediate models first")
    return Build(*row)


def complete_build(url: str, build: Build) -> None:
    """Book that every model of `build` is done, so that the next one starts from its rows."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "update concord.builds set completed_at = now() where build_id = %s",
            (build.build_id,),
        )


def record_gate(url: str, run_id: str, outcome: "Outcome") -> None:
    """Book what a gate said."""
    with psycopg.connect(url) as connection:
        connection.execute(
            """
            insert into concord.gate_results (gate, subject, run_id, is_passed, checks, failures)
            values (%s, %s, %s, %s, %s, %s)
            """,
            (
                outcome.gate,
                outcome.subject,
                run_id,
                outcome.is_passed,
                len(outcome.checks),
                Jsonb([str(failure) for failure in outcome.failures]),
            ),
        )


def latest_gates(url: str) -> list[GateResult]:
    """Return the last result of each gate and subject."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            """
            select gate, subject, checked_at, is_passed, checks, failures
            from (
                select
                    *,
                    row_number() over (
                        partition by gate, subject order by checked_at desc
                    ) as recency
                from concord.gate_results
            ) as results
            where recency = 1
            order by gate, subject
            """
        ).fetchall()
    return [
        GateResult(gate, subject, checked_at, is_passed, checks, tuple(words))
        for gate, subject, checked_at, is_passed, checks, words in rows
    ]
