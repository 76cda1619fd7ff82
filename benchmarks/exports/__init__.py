"""A company's exports as Parquet: a history, further days, and the concord.toml that maps them.

The same scale always gives the same rows. Columns carry the contract's names, so that a mapping
is the identity. Who reads the files doesn't belong here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.exports import desk, shop
from benchmarks.exports.batch import BRANDS, ONE_DAY, SIZE_M, Batch

ENTITIES = (
    "customers",
    "orders",
    "campaigns",
    "campaign_costs",
    "campaign_touches",
    "tickets",
    "messages",
)
_HEAD = """[company]
name = "Scale"
as_of = {{as_of}}
brands = [{brands}]

[sources.exports]
kind = "files"
"""
_ENTITY = """
[[sources.exports.entities]]
entity = "{entity}"
path = "{path}"

[sources.exports.entities.columns]
{columns}
"""


@dataclass(frozen=True)
class Exports:
    """A folder of exports at `scale` times size M."""

    folder: Path
    scale: float

    def write_history(self) -> None:
        """Write what doesn't change and all months' events."""
        self.folder.mkdir(parents=True)
        batch = Batch(0, SIZE_M.times(self.scale))
        self._write("customers", batch, shop.customers(batch))
        self._write("campaigns", batch, shop.campaigns())
        self._write("campaign_costs", batch, shop.campaign_costs(batch))
        self._write_events(batch)

    def write_day(self, number: int) -> None:
        """Write the events of the `number`-th day after the history into files of their own."""
        self._write_events(Batch(number, ONE_DAY.times(self.scale)))

    def clock(self, number: int) -> datetime:
        """Return the moment at which the `number`-th day after the history is over."""
        return datetime.fromisoformat(str(Batch(number, ONE_DAY).ends)).replace(tzinfo=UTC)

    def files(self, entity: str) -> Path:
        """Return the pattern of an entity's files."""
        return self.folder / f"{entity}-*.parquet"

    def bytes(self) -> int:
        """Return the size of all files."""
        return sum(path.stat().st_size for path in self.folder.iterdir())

    def configuration(self, entities: Sequence[str] = ENTITIES) -> str:
        """Return a concord.toml with {as_of} in the place of the clock."""
        brands = ", ".join(f'{{ name = "{brand}" }}' for brand in BRANDS)
        return _HEAD.format(brands=brands) + "".join(map(self._mapping, entities))

    def _mapping(self, entity: str) -> str:
        names = pq.read_schema(self.folder / f"{entity}-0.parquet").names
        columns = "\n".join(f'{name} = "{name}"' for name in names)
        return _ENTITY.format(entity=entity, path=self.files(entity), columns=columns)

    def _write_events(self, batch: Batch) -> None:
        asked = desk.tickets(batch)
        self._write("orders", batch, shop.orders(batch))
        self._write("campaign_touches", batch, shop.sends(batch))
        self._write("tickets", batch, asked)
        self._write("messages", batch, desk.messages(batch, asked))

    def _write(self, entity: str, batch: Batch, rows: pa.Table) -> None:
        pq.write_table(rows, self.folder / f"{entity}-{batch.number}.parquet")
