"""What was written to which Metabase, in the warehouse: `concord.metabase_objects`.

An entry is made before the write and closed after it. A write that was cut off leaves both the
old and the new fields, and the next run takes either for ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.types.json import Jsonb

from dashboards.metabase.comparison import Fields, Written

_TABLE = """
create schema if not exists concord;
create table if not exists concord.metabase_objects (
    server text,
    kind text,
    key text,
    metabase_id bigint,
    fields jsonb not null,
    before jsonb,
    written_at timestamptz not null default clock_timestamp(),
    primary key (server, kind, key)
);
"""


@dataclass(frozen=True)
class Entry:
    """One object of ours: where it is, and what we wrote."""

    key: str
    metabase_id: int | None
    written: Written


class Ledger:
    """The entries of one server; `is_open` is False in a dry run, which notes nothing."""

    def __init__(self, connection: psycopg.Connection, server: str, is_open: bool = True) -> None:
        self._connection = connection
        self._server = server
        self._is_open = is_open

    def entries(self, kind: str) -> dict[str, Entry]:
        """Return the entries of a kind by key."""
        found = self._connection.execute(
            "select key, metabase_id, fields, before from concord.metabase_objects"
            " where server = %s and kind = %s order by key",
            (self._server, kind),
        ).fetchall()
        return {key: Entry(key, at, Written(fields, before)) for key, at, fields, before in found}

    def begin(self, kind: str, entry: Entry) -> None:
        """Note what is about to be written."""
        self._write(kind, entry)

    def end(self, kind: str, key: str, metabase_id: int | None, fields: Fields) -> None:
        """Note what was written."""
        self._write(kind, Entry(key, metabase_id, Written(fields)))

    def _write(self, kind: str, entry: Entry) -> None:
        if not self._is_open:
            return
        before = entry.written.before
        self._connection.execute(
            "insert into concord.metabase_objects (server, kind, key, metabase_id, fields, before)"
            " values (%(server)s, %(kind)s, %(key)s, %(id)s, %(fields)s, %(before)s)"
            " on conflict (server, kind, key) do update set metabase_id = excluded.metabase_id,"
            " fields = excluded.fields, before = excluded.before,"
            " written_at = excluded.written_at",
            {
                "server": self._server,
                "kind": kind,
                "key": entry.key,
                "id": entry.metabase_id,
                "fields": Jsonb(dict(entry.written.fields)),
                "before": before if before is None else Jsonb(dict(before)),
            },
        )


@contextmanager
def open_ledger(url: str, server: str, is_open: bool = True) -> Iterator[Ledger]:
    """Open the ledger in the warehouse at `url`; each entry is committed at once."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute("set client_min_messages to warning")
        connection.execute(_TABLE)
        yield Ledger(connection, server, is_open)
