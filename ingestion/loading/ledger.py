"""The ledger of loads, and the state up to which each source was read.

Reads and writes concord.loads and concord.source_state; the rows themselves are merged elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb


@dataclass(frozen=True)
class PartReport:
    """What became of the rows of one file (or endpoint) for one entity.

    `loaded` rows are inserted, updated or unchanged; `folded` ones are those that a later row with
    the same key replaced, and lines that became part of a group; `filtered` ones are not the
    entity's. Of the folded ones, a row of the same file with other values replaced the
    `overwritten` ones. `removed` rows left the warehouse. `is_append` says that only what had been
    appended to the file was read.
    """

    entity: str
    file: str
    received: int
    loaded: int
    quarantined: int
    inserted: int
    updated: int
    unchanged: int
    is_append: bool = False
    folded: int = 0
    filtered: int = 0
    overwritten: int = 0
    removed: int = 0

    @classmethod
    def of_removed(cls, entity: str, removed: int) -> "PartReport":
        """Return the part of rows that left, and of which the source has no file any more."""
        return cls(entity, "", 0, 0, 0, 0, 0, 0, removed=removed)

    @property
    def is_balanced(self) -> bool:
        became = self.loaded + self.folded + self.quarantined + self.filtered
        return self.received == became and self.folded >= 0


@dataclass(frozen=True)
class LoadReport:
    """One load of one source, part by part; no parts when there was nothing new.

    A load in pieces has parts of each, and one report a piece until it has ended (`has_more`).
    """

    load_id: str
    source_name: str
    kind: str
    started_at: datetime
    finished_at: datetime
    parts: tuple[PartReport, ...]
    has_more: bool = False

    @property
    def is_balanced(self) -> bool:
        return all(part.is_balanced for part in self.parts)

    def total(self, measure: str) -> int:
        """Sum a measure, such as `received`, over the parts."""
        return sum(getattr(part, measure) for part in self.parts)

    def with_pieces(self, pieces: Sequence["LoadReport"]) -> "LoadReport":
        """Return the report of a load of which this is the last piece."""
        started_at = min(piece.started_at for piece in (*pieces, self))
        parts = tuple(part for piece in (*pieces, self) for part in piece.parts)
        return replace(self, started_at=started_at, parts=parts)


@dataclass(frozen=True)
class SourceState:
    """What a source's next load begins with.

    `state` is what the last one left. A load of a source that `is_reset` begins with nothing, and
    brings all that there is; one that `accepts_loss` may lose any share of its rows. `load_id` is
    the load that goes on, if its last piece isn't there yet.
    """

    state: Mapping[str, Any]
    is_reset: bool = False
    accepts_loss: bool = False
    load_id: str | None = None

    @property
    def is_marked(self) -> bool:
        return self.is_reset or self.accepts_loss


def read_state(connection: psycopg.Connection, source_name: str) -> SourceState:
    """Return what the source's next load begins with."""
    row = connection.execute(
        "select state, is_reset, accepts_loss, load_id from concord.source_state"
        " where source_name = %s",
        (source_name,),
    ).fetchone()
    state, is_reset, accepts_loss, load_id = row or ({}, False, False, None)
    if is_reset:
        return SourceState({}, is_reset, accepts_loss)
    return SourceState(state, is_reset, accepts_loss, load_id)


def write_state(connection: psycopg.Connection, source_name: str, new: SourceState) -> None:
    """Keep what the source's next load, or the next piece of this one, begins with."""
    connection.execute(
        "insert into concord.source_state"
        " (source_name, state, updated_at, is_reset, accepts_loss, load_id)"
        " values (%s, %s, now(), %s, %s, %s) on conflict (source_name)"
        " do update set state = excluded.state, updated_at = excluded.updated_at,"
        " is_reset = excluded.is_reset, accepts_loss = excluded.accepts_loss,"
        " load_id = excluded.load_id",
        (source_name, Jsonb(dict(new.state)), new.is_reset, new.accepts_loss, new.load_id),
    )


def reset(url: str, source_name: str) -> None:
    """Let the next load of a source begin with nothing, and replace all that there is of it."""
    _mark(url, source_name, "is_reset")


def accept_loss(url: str, source_name: str) -> None:
    """Let the next load of a source take out any share of its rows."""
    _mark(url, source_name, "accepts_loss")


def _mark(url: str, source_name: str, name: LiteralString) -> None:
    statement = sql.SQL(
        "insert into concord.source_state (source_name, state, updated_at, {0})"
        " values (%s, '{{}}', now(), true) on conflict (source_name) do update set {0} = true"
    ).format(sql.Identifier(name))
    with psycopg.connect(url) as connection:
        connection.execute(statement, (source_name,))


def write_load(connection: psycopg.Connection, report: LoadReport) -> None:
    """Write one ledger row a part."""
    head = (report.load_id, report.source_name, report.kind)
    times = (report.started_at, report.finished_at)
    connection.cursor().executemany(
        """
        insert into concord.loads (
            load_id, source_name, kind, entity, file, received, loaded, quarantined,
            inserted, updated, unchanged, is_append, folded, filtered, overwritten, removed,
            started_at, finished_at
        ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [(*head, *astuple(part), *times) for part in report.parts],
    )
