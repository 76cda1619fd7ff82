"""Dagster's history in SQLite, as Dagster keeps it, with connections that stay open.

Dagster opens and closes a file for each of a run's thousand events, and waits for the disk each
time: a third of what a daily run takes. What is written, and where, is Dagster's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster import StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

# What dagster.yaml says of it. Dagster fills in its home, so that a workspace may be moved.
CONFIGURATION = """\
event_log_storage:
  module: orchestration.event_log
  class: OpenEventLog
  config:
    home:
      env: DAGSTER_HOME
"""
_OPEN_FILES = 8


class OpenEventLog(SqliteEventLogStorage):
    """Dagster's event log below a Dagster home; a power cut may cost its last events."""

    def __init__(self, home: str, inst_data: ConfigurableClassData | None = None):
        self._engines: dict[str, sqlalchemy.Engine] = {}
        super().__init__(str(Path(home) / "history" / "runs"), inst_data)

    @classmethod
    def config_type(cls) -> Any:
        return {"home": StringSource}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> "OpenEventLog":
        return cls(config_value["home"], inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        """Return the engine of one of Dagster's files: one a run, and one over all runs."""
        if shard not in self._engines:
            if len(self._engines) >= _OPEN_FILES:
                self._close()
            self._engines[shard] = _open(self.conn_string_for_shard(shard))
        engine = self._engines[shard]
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        return engine

    def dispose(self) -> None:
        self._close()
        super().dispose()

    def _close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


def _open(address: str) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(address, connect_args={"timeout": 60})

    @sqlalchemy.event.listens_for(engine, "connect")
    def settle(connection: Any, record: Any) -> None:
        # The log is written ahead: a commit that isn't synced may be lost, never half done.
        connection.execute("pragma synchronous = normal")

    return engine
