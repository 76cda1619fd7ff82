"""From a source to its raw tables: read, land, merge, and keep account of every row.

A load reads the source into a landing schema, then merges in one transaction: rows,
quarantine, ledger and the source's state become true together or not at all. Killed at any
moment and run again, it ends the same. What a kind of source is does not belong here.
"""

import re
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Protocol, runtime_checkable
from zlib import crc32

import psycopg
from psycopg import sql

from ingestion import ledger
from ingestion.account import REJECTS, Account, Part, Progress
from ingestion.errors import UnbalancedLoad
from ingestion.landing import Landing
from ingestion.ledger import LatestLoad, LoadReport, PartReport, QuarantineCount
from ingestion.merge import FILE, Load, Moved, landed_counts, merge
from ingestion.sources.base import Source
from ingestion.warehouse_schema import prepare

__all__ = ["LoadReport", "PartReport", "Progress", "Status", "load", "prepare", "status"]

# Sources may read at the same time, but they merge one after the other, so that none waits
# for tables in an order in which another one holds them.
MERGE_LOCK = 7_302_002
MERGE_SETTINGS = """
set local work_mem = '64MB';
set local maintenance_work_mem = '128MB';
"""


@dataclass(frozen=True)
class Status:
    """What `concord status` shows of ingestion."""

    loads: tuple[LatestLoad, ...]
    quarantine: tuple[QuarantineCount, ...]


@runtime_checkable
class OfFiles(Protocol):
    """A source of files: its quarantine holds only rows of files that are there."""

    name: str

    def files(self) -> Mapping[str, Collection[str]]:
        """Return the names of the files that there are for each entity."""


def load(
    source: Source,
    url: str,
    state_dir: Path,
    on_progress: Callable[[Progress], None] | None = None,
) -> LoadReport:
    """Load what is new in `source`; SourceError or UnbalancedLoad leave the warehouse as it was."""
    started_at = datetime.now(UTC)
    landing = Landing(source.name, _schema_name(source), state_dir)
    account = Account(source.name, on_progress or (lambda progress: None))
    with _alone(url, landing.schema) as connection:
        _drop(connection, landing)
        connection.commit()
        state = ledger.read_state(connection, source.name)
        connection.commit()
        batches = account.batches(source.extract(state))
        if (first := next(batches, None)) is not None:
            landing.land(url, chain([first], batches))
        account.progress("merging")
        report = _commit(connection, source, landing, account, started_at)
    account.progress("done")
    return report


def status(url: str) -> Status:
    """Return the latest load of each source and entity, and what stands in quarantine."""
    with psycopg.connect(url) as connection:
        return Status(
            tuple(ledger.latest_loads(connection)), tuple(ledger.quarantine_counts(connection))
        )


def _commit(
    connection: psycopg.Connection,
    source: Source,
    landing: Landing,
    account: Account,
    started_at: datetime,
) -> LoadReport:
    """Merge the landing, and everything that must become true with it, in one transaction."""
    with connection.transaction():
        connection.execute(MERGE_SETTINGS)
        connection.execute("select pg_advisory_xact_lock(%s)", (MERGE_LOCK,))
        load = Load(uuid.uuid4().hex, source.name, source.kind, landing.schema, datetime.now(UTC))
        parts = _merge_parts(connection, load, account)
        if isinstance(source, OfFiles):
            _forget_gone(connection, source)
        report = LoadReport(
            load.load_id, source.name, source.kind, started_at, datetime.now(UTC), parts
        )
        if not report.is_balanced:
            raise UnbalancedLoad(f"{source.name}: received is not loaded + quarantined: {parts}")
        ledger.write_loads(connection, report)
        if account.state is not None:
            ledger.write_state(connection, source.name, account.state)
        _drop(connection, landing)
    return report


def _merge_parts(
    connection: psycopg.Connection, load: Load, account: Account
) -> tuple[PartReport, ...]:
    moved: dict[int, Moved] = {}
    landed: dict[int, int] = {}
    tables = {part.table.name: part.table for part in account.parts.values() if part.rows}
    for table in tables.values():
        landed |= landed_counts(connection, load, table.name)
        moved |= merge(connection, load, table)
    parts = tuple(account.parts.values())
    for part in parts:
        if landed.get(part.number, 0) != part.rows:
            raise UnbalancedLoad(
                f"{load.source_name}: {part.rows} rows of {part.file} were read for "
                f"{part.table.name}, and {landed.get(part.number, 0)} landed"
            )
        _replace_rejects(connection, load, part)
    return tuple(part.report(moved.get(part.number, Moved())) for part in parts)


def _replace_rejects(connection: psycopg.Connection, load: Load, part: Part) -> None:
    entity = part.table.name
    if not part.is_append:
        connection.execute(
            "delete from quarantine.rejected_rows"
            " where source_name = %s and entity = %s and file = %s",
            (load.source_name, entity, part.file),
        )
    if not part.rejected:
        return
    statement = sql.SQL(
        "insert into quarantine.rejected_rows"
        " select %s, %s, %s, line, field, reason, original, %s, %s from {} where {} = %s"
    ).format(sql.Identifier(load.landing, REJECTS), sql.Identifier(FILE))
    values = (load.source_name, entity, part.file, load.load_id, load.loaded_at, part.number)
    written = connection.execute(statement, values).rowcount
    if written != part.rejected:
        raise UnbalancedLoad(
            f"{load.source_name}: {part.rejected} rows of {part.file} were refused for "
            f"{entity}, and {written} reached quarantine"
        )


def _forget_gone(connection: psycopg.Connection, source: OfFiles) -> None:
    """Delete the rejects of files that were renamed or deleted, or are mapped no longer."""
    standing = [(entity, file) for entity, files in source.files().items() for file in files]
    connection.execute(
        "delete from quarantine.rejected_rows as rejected where source_name = %s and not exists ("
        " select from unnest(%s::text[], %s::text[]) as standing (entity, file)"
        " where standing.entity = rejected.entity and standing.file = rejected.file)",
        (source.name, [entity for entity, _ in standing], [file for _, file in standing]),
    )


@contextmanager
def _alone(url: str, landing: str) -> Iterator[psycopg.Connection]:
    """Connect, and wait until no other load of the same source runs."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_lock(%s)", (crc32(landing.encode()),))
        connection.commit()
        yield connection


def _drop(connection: psycopg.Connection, landing: Landing) -> None:
    connection.execute("set local client_min_messages = warning")
    connection.execute(
        sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(landing.schema))
    )


def _schema_name(source: Source) -> str:
    """Name the landing: plainly where the source's name allows it."""
    is_plain = re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", source.name) and len(source.name) < 30
    name = source.name if is_plain else f"{crc32(source.name.encode()):08x}"
    return f"landing_{source.kind}_{name}"
