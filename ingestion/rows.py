"""The rows that every source delivers, as Arrow knows them, and what can't be loaded.

What a contract column is belongs to `ingestion.contract`; how rows travel, to `sources.base`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from ingestion.contract import Entity, Type

ARROW_TYPES: dict[Type, pa.DataType] = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.DECIMAL: pa.decimal128(38, 9),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.TIMESTAMP: pa.timestamp("us", "UTC"),
}

LIES_AHEAD = "lies more than a day ahead of its arrival"
LIES_TOO_EARLY = "lies before 1900"
# Of a record that is rejected, so much is kept.
LONGEST_ORIGINAL = 20_000
EARLIEST_MOMENT = datetime(1900, 1, 1, tzinfo=UTC)  # systems write earlier ones for "never"


@dataclass(frozen=True)
class Reject:
    """One received row that can't be loaded: where, why, and what it said.

    `field` is the contract's column; `column` names the columns of the source that it comes from,
    and `value` is what stands there, one after the other.
    """

    line: int | None
    field: str
    reason: str
    original: str
    column: str = ""
    value: str | None = None


@dataclass(frozen=True)
class Emptied:
    """Values of one column that rows are loaded without, since they can't be read for one reason.

    `count` says how many there are; the first row of them is at `line`, and said `original`.
    """

    field: str
    reason: str
    count: int
    line: int | None
    original: str


@dataclass(frozen=True)
class Leaving:
    """The keys of records that are an entity's no longer: its rows with these keys leave.

    `before` says, for each key, how many rows of the same batch came before it: a row that comes
    after it is there again. With `everywhere`, rows of all the source's sections leave, and those
    too that came in the same load, before or after.
    """

    keys: pa.Table
    before: pa.Array
    everywhere: bool = False

    def before_all_rows(self) -> "Leaving":
        """Return the same keys before all rows: of a group, the lines that are left count."""
        return Leaving(self.keys, pa.array([0] * self.keys.num_rows, pa.int64()))


def arrow_schema(table: Entity) -> pa.Schema:
    """Return the Arrow schema that a batch of `table` has."""
    return pa.schema([(column.name, ARROW_TYPES[column.type]) for column in table.columns])


def key_schema(table: Entity) -> pa.Schema:
    """Return the Arrow schema that keys of `table` have."""
    return pa.schema([arrow_schema(table).field(name) for name in table.key])


def latest_moment() -> datetime:
    """Return the last moment at which something that arrives now can have happened.

    A day is for clocks that are wrong and for time zones that are missing. Days have no such end:
    a campaign ends, and a cost is booked, on a day to come.
    """
    return datetime.now(UTC) + timedelta(days=1)
