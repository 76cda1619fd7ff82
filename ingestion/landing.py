"""Arrow batches into a landing schema, through dlt: the only module that knows dlt.

A landing is scratch: it is emptied before and dropped after each load, and no reader may
rely on it. What becomes of the landed rows does not belong here.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import dlt
import pyarrow as pa
from dlt.common.configuration.providers import ConfigProvider, CustomLoaderDocProvider
from dlt.common.configuration.specs import RuntimeConfiguration
from dlt.common.runtime.run_context import RunContext, switched_run_context
from dlt.pipeline.exceptions import PipelineStepFailed

from ingestion.errors import IngestionError

SETTINGS: dict[str, Any] = {
    "restore_from_destination": False,
    # A load job holds a whole file in memory, so files are kept small.
    "data_writer": {"buffer_max_items": 20_000, "file_max_items": 200_000},
    "normalize": {"parquet_normalizer": {"add_dlt_load_id": False}, "workers": 1},
    "load": {"workers": 2, "truncate_staging_dataset": False},
    # dlt would keep an interrupt to itself, and forget it where the step ends well.
    "runtime": {"intercept_signals": False},
}


@dataclass(frozen=True)
class Landing:
    """The scratch schema of one source."""

    source_name: str
    schema: str
    state_dir: Path

    @property
    def working_dir(self) -> Path:
        return self.state_dir / self.schema

    def land(self, url: str, batches: Iterator[tuple[str, pa.Table]]) -> None:
        """Write (table name, rows) batches into the landing, which must not exist yet.

        Whatever happens, no row stays in the working folder.
        """
        self.state_dir.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.working_dir, ignore_errors=True)
        try:
            with switched_run_context(_Isolated(str(self.state_dir))):
                self._run(url, batches)
        except PipelineStepFailed as error:
            raise _told(self.source_name, error) from None
        finally:
            shutil.rmtree(self.working_dir, ignore_errors=True)

    def _run(self, url: str, batches: Iterator[tuple[str, pa.Table]]) -> None:
        pipeline = dlt.pipeline(
            self.schema,
            pipelines_dir=str(self.state_dir),
            destination=dlt.destinations.postgres(_with_password(url)),
            dataset_name=self.schema,
        )
        pipeline.extract(
            dlt.resource(_named(batches), name="landing", write_disposition="replace"),
            loader_file_format="parquet",
        )
        pipeline.normalize()
        pipeline.load(raise_on_failed_jobs=True)


class _Isolated(RunContext):
    """Keeps dlt inside one directory, with our settings only and without telemetry.

    By itself dlt reads .dlt folders and the environment, and writes an id of the machine to
    the home directory (or /var/dlt), even with telemetry off.
    """

    @property
    def global_dir(self) -> str:
        return str(self._init_run_dir)

    def initial_providers(self) -> list[ConfigProvider]:
        return [CustomLoaderDocProvider("concord", lambda: SETTINGS, supports_secrets=False)]

    def initialize_runtime(self, runtime_config: RuntimeConfiguration | None = None) -> None:
        super().initialize_runtime(
            runtime_config or RuntimeConfiguration(dlthub_telemetry=False, log_level="ERROR")
        )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give an error and what dlt wrapped it around, down to the innermost."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _told(source: str, error: PipelineStepFailed) -> BaseException:
    """Return what stopped a step of dlt: an interrupt, our own error, or dlt's in plain words.

    dlt makes a failure of an interrupt, too, which would be tried again; and what it advises is
    of no use here.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, IngestionError) or not isinstance(cause, Exception):
            return cause
    words = next(iter(str(causes[-1]).splitlines()), type(causes[-1]).__name__)
    return IngestionError(
        f"{source}: its rows could not be written into the warehouse ({words}). "
        "The warehouse is as it was; correct the cause, and load again"
    )


def _named(batches: Iterator[tuple[str, pa.Table]]) -> Iterator[Any]:
    for table, rows in batches:
        yield dlt.mark.with_table_name(rows, table)


def _with_password(url: str) -> str:
    """Add a password to a URL that has none: dlt insists on one even where the server doesn't."""
    parts = urlsplit(url)
    if parts.password is not None:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}:none@{host}"))
