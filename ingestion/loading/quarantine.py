"""What can't be read into quarantine, and out of it when its file is read again or is gone.

Rejects are rows that are not loaded; of values that rows are loaded without, there are counts. What
can't be read, and why, is for the sources to say.
"""

from collections.abc import Collection, Mapping
from dataclasses import astuple
from typing import Protocol, runtime_checkable

import psycopg
from psycopg import sql

from ingestion.errors import UnbalancedLoad
from ingestion.loading.landing import FILE, Load
from ingestion.loading.tally import REJECTS, PartTally

TABLES = tuple(sql.Identifier("quarantine", name) for name in ("rejected_rows", "emptied_values"))

DELETE = "delete from {} where source_name = %s and entity = %s and file = %s"

INSERT_EMPTIED = """
insert into quarantine.emptied_values (
    source_name, entity, file, field, reason, emptied, line, original, load_id, emptied_at
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

DELETE_VANISHED = """
delete from {} as unread
where source_name = %s and not exists (
    select from unnest(%s::text[], %s::text[]) as present (entity, file)
    where present.entity = unread.entity and present.file = unread.file
)
"""


@runtime_checkable
class SourceOfFiles(Protocol):
    """A source whose quarantine holds only rows of files that are there."""

    name: str

    def files(self) -> Mapping[str, Collection[str]]:
        """Return the names of the files that there are for each entity."""


def empty(connection: psycopg.Connection, source_name: str) -> None:
    """Delete what is of a source."""
    for table in TABLES:
        statement = sql.SQL("delete from {} where source_name = %s").format(table)
        connection.execute(statement, (source_name,))


def replace(connection: psycopg.Connection, load: Load, part: PartTally) -> None:
    """Write what can't be read of a part in place of that of earlier loads, or beside it.

    Beside it where only what had been appended to the file was read. UnbalancedLoad if not
    all rejects arrived.
    """
    of_part = (load.source_name, part.entity.name, part.file)
    if not part.is_append:
        for table in TABLES:
            connection.execute(sql.SQL(DELETE).format(table), of_part)
    if part.emptied:
        at_load = (load.load_id, load.loaded_at)
        rows = [(*of_part, *astuple(each), *at_load) for each in part.emptied.values()]
        connection.cursor().executemany(INSERT_EMPTIED, rows)
    if part.rejected:
        _insert_rejects(connection, load, part, of_part)


def _insert_rejects(
    connection: psycopg.Connection, load: Load, part: PartTally, of_part: tuple[str, str, str]
) -> None:
    statement = sql.SQL(
        "insert into quarantine.rejected_rows"
        " select %s, %s, %s, line, field, reason, original, %s, %s, column_name, value, is_file"
        " from {} where {} = %s"
    ).format(load.landing.table(REJECTS), sql.Identifier(FILE))
    values = (*of_part, load.load_id, load.loaded_at, part.number)
    written = connection.execute(statement, values).rowcount
    if written != part.rejected:
        raise UnbalancedLoad(
            f"{load.source_name}: {part.rejected} rows of {part.file} were rejected for "
            f"{part.entity.name}, and {written} reached quarantine"
        )


def delete_vanished(connection: psycopg.Connection, source: SourceOfFiles) -> None:
    """Delete what is of files that were renamed or deleted, or are no longer mapped."""
    present = [(entity, file) for entity, files in source.files().items() for file in files]
    values = (source.name, [entity for entity, _ in present], [file for _, file in present])
    for table in TABLES:
        connection.execute(sql.SQL(DELETE_VANISHED).format(table), values)
