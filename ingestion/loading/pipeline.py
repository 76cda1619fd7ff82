"""One load of one source: read, land, merge, and account for every row.

A load reads the source into a landing schema, then merges in one transaction: rows, quarantine,
ledger and the source's state become true together or not at all. Killed at any moment and run
again, it ends the same. A long history comes in pieces, each with a transaction of its own, and a
load that was killed goes on after the last of them. What a kind of source is does not belong here.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import adbc_driver_manager
import psycopg

from ingestion.contract import ENTITIES, Entity
from ingestion.errors import ExportShrank, IngestionError, UnbalancedLoad
from ingestion.loading import ledger, quarantine
from ingestion.loading.landing import Landing, Load, landing_of
from ingestion.loading.ledger import LoadReport, PartReport, SourceState
from ingestion.loading.merge import MergeCounts, landed_counts, merge, withdraw
from ingestion.loading.removal import (
    count_rows,
    leaving_table,
    remove_filtered,
    remove_missing,
    remove_replaced,
)
from ingestion.loading.tally import Progress, Tally
from ingestion.sources.base import Extract, Source

# Sources may read at the same time, but they merge one after the other, so that none waits
# for tables in an order in which another one holds them.
MERGE_LOCK = 7_302_002
MERGE_SETTINGS = """
set local work_mem = '64MB';
set local maintenance_work_mem = '128MB';
"""
# Of the rows that complete sections have of an entity; below a few, a share says nothing.
MAXIMUM_REMOVED_SHARE = 0.2
FEWEST_JUDGED = 20


def load(
    source: Source,
    url: str,
    on_progress: Callable[[Progress], None] | None = None,
    maximum_removed_share: float = MAXIMUM_REMOVED_SHARE,
) -> LoadReport:
    """Load what is new in `source`; after an IngestionError the pieces before it stay.

    An entity of which complete sections lost more than a share of its rows stops the load.
    """
    tally = Tally(source.name, on_progress or (lambda progress: None))
    pieces: list[LoadReport] = []
    with _plain_warehouse_errors(source.name), _exclusive(url, source.name) as connection:
        report = _load_piece(connection, url, source, tally, maximum_removed_share)
        while report.has_more:
            pieces.append(report)
            tally = Tally(source.name, tally.on_progress, received=tally.received)
            report = _load_piece(connection, url, source, tally, maximum_removed_share)
    tally.progress("done")
    return report.with_pieces(pieces)


def _load_piece(
    connection: psycopg.Connection,
    url: str,
    source: Source,
    tally: Tally,
    maximum_removed_share: float,
) -> LoadReport:
    with landing_of(connection, source.name) as landing:
        begun = ledger.read_state(connection, source.name)
        connection.commit()
        landing.write(connection, url, tally.batches(_extracts(source, begun)))
        tally.progress("merging")
        share = 1 if begun.is_marked else maximum_removed_share
        return _commit(connection, source, landing, tally, begun, share)


def _extracts(source: Source, begun: SourceState) -> Iterator[Extract]:
    """Yield a piece; all of them after a reset, which removes what none of them brings."""
    state, has_more = begun.state, True
    while has_more:
        has_more = False
        for extract in source.extract(state):
            if extract.state is not None:
                state, has_more = extract.state, extract.has_more and begun.is_reset
            yield extract


def _commit(
    connection: psycopg.Connection,
    source: Source,
    landing: Landing,
    tally: Tally,
    begun: SourceState,
    maximum_removed_share: float,
) -> LoadReport:
    """Merge the landing, and everything that must become true with it, in one transaction."""
    with connection.transaction():
        connection.execute(MERGE_SETTINGS)
        connection.execute("select pg_advisory_xact_lock(%s)", (MERGE_LOCK,))
        load = Load(
            begun.load_id or uuid.uuid4().hex,
            source.name,
            landing,
            datetime.now(UTC),
            tuple(tally.sections),
            tuple(tally.overriding),
        )
        if begun.is_reset:
            tally.whole = {name: {None} for name in ENTITIES if name not in tally.refused}
            quarantine.empty(connection, source.name)
        parts = _merge_parts(connection, load, tally, maximum_removed_share)
        if isinstance(source, quarantine.SourceOfFiles):
            quarantine.delete_vanished(connection, source)
        report = LoadReport(
            load.load_id,
            source.name,
            source.kind,
            tally.started_at,
            datetime.now(UTC),
            parts,
            tally.has_more,
        )
        if not report.is_balanced:
            raise UnbalancedLoad(f"{source.name}: some received rows became nothing: {parts}")
        ledger.write_load(connection, report)
        if tally.state is not None or begun.is_marked:
            ledger.write_state(connection, source.name, _next_state(begun, tally, load))
    return report


def _next_state(begun: SourceState, tally: Tally, load: Load) -> SourceState:
    """Return what the next load, or piece, begins with; marks are for one load with all its pieces.

    A reset takes out all that the source no longer has: till then, each load is one.
    """
    return SourceState(
        begun.state if tally.state is None else tally.state,
        is_reset=begun.is_reset and bool(tally.refused),
        accepts_loss=begun.accepts_loss and tally.has_more,
        load_id=load.load_id if tally.has_more else None,
    )


def _merge_parts(
    connection: psycopg.Connection, load: Load, tally: Tally, maximum_removed_share: float
) -> tuple[PartReport, ...]:
    _withdraw(connection, load, tally)
    merged: dict[int, MergeCounts] = {}
    landed: dict[int, int] = {}
    removed: dict[str, int] = {}
    parts = tuple(tally.parts.values())
    for name in sorted(tally.landed | tally.leaving | tally.whole.keys()):
        if name in tally.landed:
            landed |= landed_counts(connection, load, ENTITIES[name])
        counts, removed[name] = _merge_entity(
            connection, load, tally, ENTITIES[name], maximum_removed_share
        )
        merged |= counts
    for part in parts:
        if landed.get(part.number, 0) != part.rows:
            raise UnbalancedLoad(
                f"{load.source_name}: {part.rows} rows of {part.file} were read for "
                f"{part.entity.name}, and {landed.get(part.number, 0)} landed"
            )
        quarantine.replace(connection, load, part)
    # Of an entity's parts, the first one has what all of them removed.
    reports = tuple(
        part.report(merged.get(part.number, MergeCounts()), removed.pop(part.entity.name, 0))
        for part in parts
    )
    vanished = (PartReport.of_removed(name, count) for name, count in removed.items() if count)
    return (*reports, *vanished)


def _withdraw(connection: psycopg.Connection, load: Load, tally: Tally) -> None:
    for part in tally.withdrawn:
        if part.entity.name in tally.landed:
            withdraw(connection, load, part.entity.name, part.number)
        if part.entity.name in tally.leaving:
            withdraw(connection, load, leaving_table(part.entity), part.number)


def _merge_entity(
    connection: psycopg.Connection,
    load: Load,
    tally: Tally,
    entity: Entity,
    maximum_removed_share: float,
) -> tuple[dict[int, MergeCounts], int]:
    """Take out what leaves and write what landed; return the counts by file, and what left."""
    filtered = replaced = missing = before = 0
    has_landed = entity.name in tally.landed
    if entity.name in tally.leaving:
        filtered = remove_filtered(connection, load, entity, has_landed=has_landed)
    # What a refused file has of a set stays.
    if entity.set_key and has_landed and entity.name not in tally.refused:
        replaced = remove_replaced(connection, load, entity)
    whole = tally.whole.get(entity.name, ())
    if whole:
        before = count_rows(connection, load, entity)
        missing = remove_missing(connection, load, entity, whole, has_landed=has_landed)
    counts = merge(connection, load, entity, whole) if has_landed else {}
    lost = missing - sum(each.inserted for each in counts.values())
    if before >= FEWEST_JUDGED and lost > maximum_removed_share * before:
        raise ExportShrank(
            load.source_name,
            f"its files are complete, and lack {lost:,} of {before:,} rows of {entity.name};"
            f" maximum_removed_share under [gates] lets {maximum_removed_share:.0%} go",
            "Look whether the export is whole. If these rows are rightly gone,"
            f" `concord sources accept {load.source_name}` lets them go once",
        )
    return counts, filtered + replaced + missing


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
