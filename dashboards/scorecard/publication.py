"""Publication: the one step that changes what readers see.

`publish` refreshes the schema `published` from the marts in one transaction, `hold` leaves
it alone and writes why. Both add one entry to the ledger `concord.publications`, which
readers see as `published.publication_state`. Deciding whether to publish or to hold is
orchestration's; reading what is published is `queries`'.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import psycopg
from psycopg.types.json import Jsonb

from dashboards.scorecard import turns
from dashboards.scorecard.published_tables import refresh_table
from dashboards.scorecard.records import Company, GateOutcome

FIXED_TABLES = ("scorecard", "metric_definitions", "scorecard_owners", "scorecard_trust")
_LOCK = 7_021_001

_LEDGER = """
create schema if not exists concord;
create schema if not exists published;
create table if not exists concord.publications (
    publication_id bigint generated always as identity primary key,
    happened_at timestamptz not null default clock_timestamp(),
    state text not null check (state in ('published', 'held')),
    as_of timestamptz,
    company_name text not null,
    is_demo boolean not null,
    currency text not null,
    time_zone text not null,
    rows bigint not null,
    gates jsonb not null,
    reasons jsonb not null,
    definition_versions jsonb not null
);
create table if not exists concord.published_months (
    table_name text,
    period_start date,
    mark text not null,
    primary key (table_name, period_start)
);
"""
_VIEWS = {
    "publication_state": "create view published.publication_state as"
    " select * from concord.publications",
    "signal_turns": turns.VIEW,
}


def publish(
    url: str, company: Company, gates: Sequence[GateOutcome], as_of: datetime
) -> dict[str, int]:
    """Replace what readers see by the marts' content, all or nothing.

    Returns how many rows of each table were written; months whose content is unchanged are
    not written again.
    """
    with psycopg.connect(url) as connection:
        _prepare(connection)
        written = {table: refresh_table(connection, table) for table in _tables(connection)}
        turns.note(connection)
        entry = _entry("published", company, gates, as_of)
        _record(connection, entry, reasons=(), rows=_count(connection))
    return written


def hold(
    url: str,
    company: Company,
    gates: Sequence[GateOutcome],
    as_of: datetime,
    reasons: Sequence[str] = (),
) -> None:
    """Keep what readers see and say why; without reasons, those of the gates that blocked."""
    blocking = (gate for gate in gates if not gate.is_passed)
    given = tuple(reasons) or tuple(failure for gate in blocking for failure in gate.failures)
    with psycopg.connect(url) as connection:
        _prepare(connection)
        _record(connection, _entry("held", company, gates, as_of), reasons=given, rows=0)


def prepare(url: str) -> None:
    """Make what readers may rely on, in a warehouse of an older version too."""
    with psycopg.connect(url) as connection:
        _prepare(connection)


def _prepare(connection: psycopg.Connection) -> None:
    connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
    connection.execute(_LEDGER)
    connection.execute(turns.TABLE)
    for name, statement in _VIEWS.items():
        found = connection.execute("select to_regclass(%s)", (f"published.{name}",)).fetchone()
        # Replacing a view would wait for every reader, and make every reader wait.
        if found is None or found[0] is None:
            connection.execute(statement)


def _tables(connection: psycopg.Connection) -> list[str]:
    """Name the marts to publish: the fixed ones and those that open behind a card."""
    found = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'marts'"
    ).fetchall()
    existing = {row[0] for row in found}
    behind = connection.execute(
        "select distinct rows_mart from marts.metric_definitions where rows_mart <> ''"
    ).fetchall()
    wanted = (*FIXED_TABLES, *sorted(row[0] for row in behind))
    return [table for table in wanted if table in existing]


def _entry(
    state: str, company: Company, gates: Sequence[GateOutcome], as_of: datetime
) -> dict[str, object]:
    return {
        "state": state,
        "as_of": as_of,
        "company_name": company.name,
        "is_demo": company.is_demo,
        "currency": company.currency,
        "time_zone": company.time_zone,
        "gates": Jsonb([asdict(gate) for gate in gates]),
    }


def _count(connection: psycopg.Connection) -> int:
    row = connection.execute("select count(*) from published.scorecard").fetchone()
    return row[0] if row else 0


def _versions(connection: psycopg.Connection) -> dict[str, str]:
    present = connection.execute("select to_regclass('published.metric_definitions')").fetchone()
    if present is None or present[0] is None:
        return {}
    rows = connection.execute("select metric_id, version from published.metric_definitions")
    return {metric_id: str(version) for metric_id, version in rows}


def _record(
    connection: psycopg.Connection, entry: dict[str, object], reasons: Sequence[str], rows: int
) -> None:
    connection.execute(
        "insert into concord.publications (state, as_of, company_name, is_demo, currency,"
        " time_zone, rows, gates, reasons, definition_versions) values (%(state)s, %(as_of)s,"
        " %(company_name)s, %(is_demo)s, %(currency)s, %(time_zone)s, %(rows)s, %(gates)s,"
        " %(reasons)s, %(versions)s)",
        {
            **entry,
            "rows": rows,
            "reasons": Jsonb(list(reasons)),
            "versions": Jsonb(_versions(connection)),
        },
    )
