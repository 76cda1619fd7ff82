"""The canonical entities that every source maps to.

This is the one place that says which entities Concord knows, which columns they have, in
which type and unit, and by which key a row is the same row again. Raw tables follow it, and so
do dbt's staging models and the tables in docs/sources.md, which `python -m ingestion.contract`
writes. How a source reaches these columns does not belong here.

`raw.<entity>` has four columns beside those listed: `source_name` (as configured), `loaded_at`
(UTC, moves only when the row's content changed), `row_hash` and `section` (the part of the source's
configuration that it came by). A row's identity is `source_name` + the entity's key.
"""

from ingestion.contract import commerce, marketing, service
from ingestion.contract.shapes import Column, Entity, Type

__all__ = ["ENTITIES", "Column", "Entity", "Type"]

_ALL = (*commerce.ENTITIES, *service.ENTITIES, *marketing.ENTITIES)
ENTITIES: dict[str, Entity] = {entity.name: entity for entity in _ALL}
