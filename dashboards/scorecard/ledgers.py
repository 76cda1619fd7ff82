"""The tables of schema `concord` that a publication keeps, and the views that show them to readers.

Only their definitions: entries are written by `publication`, `signal_changes` and `restatements`.
"""

import psycopg

_LOCK = 7_021_001

_TABLES = """
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
create table if not exists concord.signal_changes (
    metric_id text,
    segment_name text,
    segment_value text,
    period_start date,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (metric_id, segment_name, segment_value, period_start)
);
create table if not exists concord.restatements (
    metric_id text not null,
    period_start date not null,
    segment_name text not null,
    segment_value text not null,
    old_value numeric not null,
    new_value numeric,
    old_version text not null,
    new_version text not null,
    cause text not null,
    detail text not null,
    restated_at timestamptz not null default clock_timestamp()
);
create index if not exists restatements_by_metric on concord.restatements (metric_id, restated_at);
"""
_VIEWS = {
    "publication_state": "create view published.publication_state as"
    " select * from concord.publications",
    "signal_changes": "create view published.signal_changes as"
    " select * from concord.signal_changes",
    "restatements": "create view published.restatements as select * from concord.restatements",
}
VIEWS = frozenset(_VIEWS)
"""The views of `published` that are not those of `marts`."""

# What warehouses made before December 2026 call the table, its view and its column.
_RENAMED = """
drop view if exists published.signal_turns;
alter table concord.signal_turns rename column turned_at to changed_at;
alter table concord.signal_turns rename to signal_changes;
"""


def prepare(connection: psycopg.Connection) -> None:
    """Make what is missing; another transaction that publishes or holds waits for this one."""
    connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
    if exists(connection, "concord.signal_turns"):
        connection.execute(_RENAMED)
    connection.execute(_TABLES)
    connection.execute("drop table if exists concord.published_months")
    for name, statement in _VIEWS.items():
        # Replacing a view would wait for every reader, and make every reader wait.
        if not exists(connection, f"published.{name}"):
            connection.execute(statement)


def exists(connection: psycopg.Connection, relation: str) -> bool:
    """Return whether there is a table or view of this qualified name."""
    found = connection.execute("select to_regclass(%s)", (relation,)).fetchone()
    return found is not None and found[0] is not None
