"""Landed rejects into quarantine, and out of it when their file is read again or is gone.

Which rows are rejected, and why, is for the sources to say.
"""

from collections.abc import Collection, Mapping
from typing import Protocol, runtime_checkable

import psycopg
from psycopg import sql

from ingestion.errors import UnbalancedLoad
from ingestion.loading.merge import FILE, Load
from ingestion.loading.tally import REJECTS, PartTally


@runtime_checkable
class SourceOfFiles(Protocol):
    """A source whose quarantine holds only rows of files that are there."""

    name: str

    def files(self) -> Mapping[str, Collection[str]]:
        """Return the names of the files that there are for each entity."""


def replace(connection: psycopg.Connection, load: Load, part: PartTally) -> None:
    """Write the rejects of a part in place of those of earlier loads, or beside them.

    Beside them where only what had been appended to the file was read. UnbalancedLoad if not
    all of them arrived.
    """
    of_part = (load.source_name, part.entity.name, part.file)
    if not part.is_append:
        connection.execute(
            "delete from quarantine.rejected_rows"
            " where source_name = %s and entity = %s and file = %s",
            of_part,
        )
    if not part.rejected:
        return
    statement = sql.SQL(
        "insert into quarantine.rejected_rows"
        " select %s, %s, %s, line, field, reason, original, %s, %s from {} where {} = %s"
    ).format(load.landing.table(REJECTS), sql.Identifier(FILE))
    values = (*of_part, load.load_id, load.loaded_at, part.number)
    written = connection.execute(statement, values).rowcount
    if written != part.rejected:
        raise UnbalancedLoad(
            f"{load.source_name}: {part.rejected} rows of {part.file} were rejected for "
            f"{part.entity.name}, and {written} reached quarantine"
        )


def delete_vanished(connection: psycopg.Connection, source: SourceOfFiles) -> None:
    """Delete the rejects of files that were renamed or deleted, or are no longer mapped."""
    present = [(entity, file) for entity, files in source.files().items() for file in files]
    connection.execute(
        "delete from quarantine.rejected_rows as rejected where source_name = %s and not exists ("
        " select from unnest(%s::text[], %s::text[]) as present (entity, file)"
        " where present.entity = rejected.entity and present.file = rejected.file)",
        (source.name, [entity for entity, _ in present], [file for _, file in present]),
    )
