"""Arrow batches into a landing schema, by COPY through ADBC, and the load that merges them.

A landing is scratch: it is created before and dropped after each load, and no reader may rely
on it. What becomes of the landed rows does not belong here.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import psycopg
import pyarrow as pa
from psycopg import sql

# What landed rows have beside the entity's columns: their order, and numbers of file and section.
ROW = "_row"
FILE = "_file"
SECTION = "_section"
# What keys that leave have, too: whether they do in every section.
EVERYWHERE = "_everywhere"
# What a section is called, by its number in the landing.
SECTION_NAME = "(cast(%(sections)s as text[]))[_section + 1]"


@dataclass(frozen=True)
class Landing:
    """The scratch schema of one source."""

    source_name: str

    @property
    def schema(self) -> str:
        """Return a name short enough for PostgreSQL, whatever the source is called."""
        return f"landing_{blake2b(self.source_name.encode(), digest_size=8).hexdigest()}"

    def table(self, name: str) -> sql.Identifier:
        return sql.Identifier(self.schema, name)

    def write(
        self, connection: psycopg.Connection, url: str, batches: Iterator[tuple[str, pa.Table]]
    ) -> None:
        """Write (table name, rows) batches into tables that come to exist with their first rows.

        Each batch is committed by itself: reading a source may take hours, and an open
        transaction would keep PostgreSQL from cleaning up all that time. Scratch needs no
        write-ahead log, which would double the time.
        """
        # It takes a second to import, and only a load needs it.
        from adbc_driver_postgresql import dbapi

        made: set[str] = set()
        with dbapi.connect(url, autocommit=True) as adbc, adbc.cursor() as cursor:
            for table, rows in batches:
                if table not in made:
                    nothing = rows.schema.empty_table()
                    cursor.adbc_ingest(table, nothing, mode="create", db_schema_name=self.schema)
                    unlogged = sql.SQL("alter table {} set unlogged").format(self.table(table))
                    connection.execute(unlogged)
                    connection.commit()
                    made.add(table)
                cursor.adbc_ingest(table, rows, mode="append", db_schema_name=self.schema)


@dataclass(frozen=True)
class Load:
    """Which load is being merged, from which landing.

    Sections are numbered as they are listed; `overriding` ones may replace rows of those before.
    """

    load_id: str
    source_name: str
    landing: Landing
    loaded_at: datetime
    sections: Collection[str | None] = (None,)
    overriding: Collection[str | None] = ()

    @property
    def values(self) -> dict[str, object]:
        """What its statements are given."""
        return {
            "source": self.source_name,
            "loaded_at": self.loaded_at,
            "sections": list(self.sections),
            "overriding": list(self.overriding),
        }


@contextmanager
def landing_of(connection: psycopg.Connection, source_name: str) -> Iterator[Landing]:
    """Create the landing of a source, and drop it at the end of the load, failed or not.

    A load that is killed leaves it to the next one.
    """
    landing = Landing(source_name)
    schema = sql.Identifier(landing.schema)
    drop = sql.SQL("drop schema if exists {} cascade").format(schema)
    connection.execute("set client_min_messages = warning")
    connection.execute(drop)
    connection.execute(sql.SQL("create schema {}").format(schema))
    connection.commit()
    try:
        yield landing
    finally:
        # Where the connection is what broke, the next load drops it.
        with suppress(psycopg.OperationalError):
            connection.rollback()
            connection.execute(drop)
            connection.commit()
