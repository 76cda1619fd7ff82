"""One load of one source: read, land, merge, and account for every row.

A load reads the source into a landing schema, then merges in one transaction: rows, quarantine,
ledger and the source's state become true together or not at all. Killed at any moment and run
again, it ends the same. What a kind of source is does not belong here.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import adbc_driver_manager
import psycopg

from ingestion.errors import IngestionError, UnbalancedLoad
from ingestion.loading import ledger, quarantine
from ingestion.loading.landing import Landing, landing_of
from ingestion.loading.ledger import LoadReport, PartReport
from ingestion.loading.merge import Load, MergeCounts, landed_counts, merge
from ingestion.loading.removal import remove_filtered
from ingestion.loading.tally import Progress, Tally
from ingestion.sources.base import Source

# Sources may read at the same time, but they merge one after the other, so that none waits
# for tables in an order in which another one holds them.
MERGE_LOCK = 7_302_002
MERGE_SETTINGS = """
set local work_mem = '64MB';
set local maintenance_work_mem = '128MB';
"""


def load(
    source: Source, url: str, on_progress: Callable[[Progress], None] | None = None
) -> LoadReport:
    """Load what is new in `source`; an IngestionError leaves the warehouse as it was."""
    started_at = datetime.now(UTC)
    tally = Tally(source.name, on_progress or (lambda progress: None))
    with (
        _plain_warehouse_errors(source.name),
        _exclusive(url, source.name) as connection,
        landing_of(connection, source.name) as landing,
    ):
        state = ledger.read_state(connection, source.name)
        connection.commit()
        landing.write(connection, url, tally.batches(source.extract(state)))
        tally.progress("merging")
        report = _commit(connection, source, landing, tally, started_at)
    tally.progress("done")
    return report


def _commit(
    connection: psycopg.Connection,
    source: Source,
    landing: Landing,
    tally: Tally,
    started_at: datetime,
) -> LoadReport:
    """Merge the landing, and everything that must become true with it, in one transaction."""
    with connection.transaction():
        connection.execute(MERGE_SETTINGS)
        connection.execute("select pg_advisory_xact_lock(%s)", (MERGE_LOCK,))
        load = Load(
            uuid.uuid4().hex, source.name, landing, datetime.now(UTC), tuple(tally.sections)
        )
        parts = _merge_parts(connection, load, tally)
        if isinstance(source, quarantine.SourceOfFiles):
            quarantine.delete_vanished(connection, source)
        report = LoadReport(
            load.load_id, source.name, source.kind, started_at, datetime.now(UTC), parts
        )
        if not report.is_balanced:
            raise UnbalancedLoad(f"{source.name}: some received rows became nothing: {parts}")
        ledger.write_load(connection, report)
        if tally.state is not None:
            ledger.write_state(connection, source.name, tally.state)
    return report


def _merge_parts(
    connection: psycopg.Connection, load: Load, tally: Tally
) -> tuple[PartReport, ...]:
    merged: dict[int, MergeCounts] = {}
    landed: dict[int, int] = {}
    removed: dict[str, int] = {}
    parts = tuple(tally.parts.values())
    for entity in tally.landed.values():
        landed |= landed_counts(connection, load, entity)
    for name, entity in tally.leaving.items():
        has_landed = name in tally.landed
        removed[name] = remove_filtered(connection, load, entity, has_landed=has_landed)
    for entity in tally.landed.values():
        merged |= merge(connection, load, entity)
    for part in parts:
        if landed.get(part.number, 0) != part.rows:
            raise UnbalancedLoad(
                f"{load.source_name}: {part.rows} rows of {part.file} were read for "
                f"{part.entity.name}, and {landed.get(part.number, 0)} landed"
            )
        quarantine.replace(connection, load, part)
    return tuple(
        part.report(
            merged.get(part.number, MergeCounts()),
            # Of an entity's parts, the first one has what all of them removed.
            removed.pop(part.entity.name, 0),
        )
        for part in parts
    )


@contextmanager
def _exclusive(url: str, source_name: str) -> Iterator[psycopg.Connection]:
    """Connect, and wait until no other load of the same source runs."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (source_name,))
        connection.commit()
        yield connection


@contextmanager
def _plain_warehouse_errors(source_name: str) -> Iterator[None]:
    """Raise an error of the warehouse as IngestionError, in PostgreSQL's words alone."""
    try:
        yield
    except (psycopg.Error, adbc_driver_manager.Error) as error:
        said = re.search(r"(?:ERROR|FATAL|PANIC):\s*(.+)", str(error))
        words = said[1] if said else next(iter(str(error).splitlines()), type(error).__name__)
        raise IngestionError(
            f"{source_name}: its rows could not be written into the warehouse ({words}). "
            "The warehouse is as it was; correct the cause, and load again"
        ) from None
