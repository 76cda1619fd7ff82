"""The one door to a company's databases: rows of a table or a query, as objects, in batches.

Nothing is written: where the database knows such a thing, the transaction is read only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from ingestion.errors import MappingFault, SourceError, SourceUnreachable
from ingestion.mapping.paths import column_of
from ingestion.sources.sql.settings import SqlEntity, SqlMapping

BATCH_ROWS = 5_000


@dataclass(frozen=True)
class Batch:
    """Some rows as objects, and what the driver has for each in the column of its changes."""

    rows: list[dict[str, Any]]
    cursors: list[Any]


@dataclass
class Database:
    """Reads a database; what can't be read is a SourceError."""

    mapping: SqlMapping
    _engine: sa.Engine = field(init=False, repr=False)

    def __post_init__(self) -> None:
        with self._plain_errors("its address"):
            self._engine = sa.create_engine(self.mapping.url, poolclass=sa.NullPool)

    def first(self, entity: SqlEntity) -> list[dict[str, Any]]:
        """Return some rows of an entity, in the order in which the database has them."""
        batches = self._read(entity, self._everything(entity))
        return next(batches, Batch([], [])).rows

    def batches(
        self, entity: SqlEntity, since: datetime | None = None, after: Any = None
    ) -> Iterator[Batch]:
        """Yield the rows of an entity, some at once: all, or what changed since a time.

        With `changes` they come in the order of that column; it may also be asked for those that
        come `after` a value of it. Rows that have none come first, and where all are asked for.
        """
        for statement in self._statements(entity, since, after):
            yield from self._read(entity, statement)

    def _read(self, entity: SqlEntity, statement: sa.Select[Any]) -> Iterator[Batch]:
        with self._plain_errors(entity.section), self._engine.connect() as connection:
            reading = connection.execution_options(
                postgresql_readonly=True, stream_results=True, yield_per=BATCH_ROWS
            )
            result = reading.execute(statement)
            names = list(result.keys())
            self._require_columns(entity, names)
            place = names.index(entity.changes.column) if entity.changes else None
            for rows in result.partitions(BATCH_ROWS):
                objects = [dict(zip(names, map(_value, row), strict=True)) for row in rows]
                yield Batch(objects, [None if place is None else row[place] for row in rows])

    def _everything(self, entity: SqlEntity) -> sa.Select[Any]:
        return sa.select(sa.text("*")).select_from(_relation(entity))

    def _statements(
        self, entity: SqlEntity, since: datetime | None, after: Any
    ) -> Iterator[sa.Select[Any]]:
        """Yield what reads all columns; a time is given as a parameter, in the source's zone."""
        everything = self._everything(entity)
        if entity.changes is None:
            yield everything
            return
        # A column that is not there has to be told as such, and not by what asks for it.
        next(self._read(entity, everything.limit(0)), None)
        column: sa.ColumnClause[Any] = sa.column(entity.changes.column)
        if after is not None:
            yield everything.where(column > sa.literal(after)).order_by(column)
        elif since is not None:
            yield everything.where(self._is_since(entity, since)).order_by(column)
        else:
            yield everything.where(column.is_(None))
            yield everything.where(column.is_not(None)).order_by(column)

    def _is_since(self, entity: SqlEntity, since: datetime) -> sa.ColumnElement[bool]:
        assert entity.changes is not None
        column = sa.column(entity.changes.column, sa.DateTime())
        naive = since.astimezone(ZoneInfo(self.mapping.time_zone)).replace(tzinfo=None)
        is_zoned = self._engine.dialect.name == "postgresql" and self._is_zoned(entity)
        return column >= sa.literal(since if is_zoned else naive)

    def _is_zoned(self, entity: SqlEntity) -> bool:
        """Return whether the times of changes carry their zone."""
        assert entity.changes is not None
        column: sa.ColumnClause[Any] = sa.column(entity.changes.column)
        first = sa.select(column).select_from(_relation(entity)).where(column.is_not(None)).limit(1)
        with self._engine.connect() as connection:
            found = connection.execute(first).scalar()
        return isinstance(found, datetime) and found.tzinfo is not None

    def _require_columns(self, entity: SqlEntity, names: list[str]) -> None:
        needed: dict[str, bool] = {}
        for path, must in entity.mapping.needed.items():
            name = column_of(path, names)
            needed[name] = needed.get(name, False) or must
        wanted = [name for name, must in needed.items() if must]
        if entity.changes:
            wanted.append(entity.changes.column)
        if twice := [name for name in needed if names.count(name) > 1]:
            problem = f"{entity.section} has {twice[0]!r} twice"
            raise MappingFault(self.mapping.name, problem, "Give one another name in the query")
        if missing := [name for name in wanted if name not in names]:
            problem = f"{entity.section} has no column {', '.join(map(repr, missing))}"
            remedy = f"Its columns are: {', '.join(names)}; or mark the column `optional`"
            raise MappingFault(self.mapping.name, problem, remedy)

    @contextmanager
    def _plain_errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except SourceError:
            raise
        except (SQLAlchemyError, ImportError) as error:
            raise self._unreadable(what, error) from None

    def _unreadable(self, what: str, error: Exception) -> SourceError:
        """Return an error in the database's words, without the statement and the address."""
        if isinstance(error, ImportError | NoSuchModuleError):
            problem = f"the driver of {self.mapping.url.drivername} is not installed"
            return SourceUnreachable(self.mapping.name, problem, "Install its package.")
        said = str(error.orig if isinstance(error, DBAPIError) else error)
        words = next(iter(said.splitlines()), "")
        if password := self.mapping.url.password:
            words = words.replace(str(password), "***")
        problem = f"{what} can't be read: {words}"
        remedy = "Check the address, the rights of its user, and the names of table and columns."
        return SourceUnreachable(self.mapping.name, problem, remedy)


def moment(value: Any, time_zone: str) -> datetime | None:
    """Return the time of a row's change; one without a zone is in the source's."""
    try:
        found = datetime.fromisoformat(str(value))
        local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):  # the ends of the calendar, "never" and "for ever"
        return None


def _relation(entity: SqlEntity) -> sa.FromClause:
    if entity.query:
        return sa.text(entity.query.rstrip().rstrip(";")).columns().subquery("query")
    schema, _, name = str(entity.table_name).rpartition(".")
    return sa.table(name, schema=schema or None)


def _value(value: Any) -> Any:
    """Return a value as JSON would have it; numbers keep their digits."""
    if value is None or isinstance(value, bool | int | str | Decimal | dict | list):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
