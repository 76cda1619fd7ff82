"""What every source is to the pipeline: a check, a preview, and a stream of extracts.

Nothing here knows a kind of source, a file format or the warehouse.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from ingestion.contract import Entity
from ingestion.mapping.preview import SectionPreview
from ingestion.rows import Emptied, Leaving, Reject, arrow_schema, key_schema

__all__ = ["Emptied", "Extract", "Leaving", "Reject", "Source", "arrow_schema", "key_schema"]


@dataclass(frozen=True)
class Extract:
    """A batch of one entity's rows as they came from one file (or one endpoint).

    `table` is the entity; `batch` holds its columns in `arrow_schema(table)`. Every received
    row is in the batch, in `rejects`, or counted in `folded` (rows that became part of another
    row, as the lines of an order do) or in `filtered` (rows that are not the entity's):
    received = rows + rejects + folded + filtered. Of the filtered ones, `leaving` has the keys.
    `state`, if given, replaces what the source is handed at its next load; with `has_more` this
    extract ends a piece of a load, and the next piece begins with that state. `is_append` says that
    the file was read from where the last load ended, so that its earlier rejects stay in
    quarantine. `emptied` counts values that rows of the batch lack because they can't be read.
    `section` names the part of the configuration that the rows are read by: what leaves in one
    section stays if it came by another, and only one that `overrides` may replace rows of one
    before it. `is_whole` says that the load brings all rows of the section, or without one of the
    entity, that there are: the others leave. `is_refused` says that the file can't be read: what
    came of it in this load is withdrawn, and the one reject, which stands for the whole file, says
    why.
    """

    table: Entity
    file: str
    batch: pa.Table
    rejects: tuple[Reject, ...]
    received: int
    state: Mapping[str, Any] | None = None
    folded: int = 0
    is_append: bool = False
    emptied: tuple[Emptied, ...] = ()
    filtered: int = 0
    leaving: Leaving | None = None
    section: str | None = None
    overrides: bool = False
    is_whole: bool = False
    is_refused: bool = False
    has_more: bool = False


class Source(Protocol):
    """One configured source of data."""

    @property
    def name(self) -> str:
        """The source's name in the configuration."""

    @property
    def kind(self) -> str:
        """The kind of source, as the configuration names it."""

    def check(self) -> str:
        """Report in one line that the source can be read; SourceError if it can't."""

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        """Yield what is new since `state` (empty at the first load), batch by batch.

        What takes long may end early, with a state that `has_more`.
        """

    def tables(self) -> tuple[Entity, ...]:
        """Return the entities that the source fills."""

    def previews(self, entity: str | None, rows: int) -> Iterator[SectionPreview]:
        """Yield the beginning of each section, for one entity or for all."""
