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
            if interrupt := _interrupt(error):
                raise interrupt from None
            if own := _our_own(error):
                raise own from None
            raise _in_plain_words(self.source_name, error) from error
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


def _interrupt(error: BaseException | None) -> BaseException | None:
    """Find what told us to stop: dlt makes a failed step of it, which would be tried again."""
    while error is not None and isinstance(error, Exception):
        error = error.__cause__ or error.__context__
    return error


def _our_own(error: BaseException | None) -> IngestionError | None:
    """Find the error of a source within the errors that dlt wraps around it."""
    while error is not None and not isinstance(error, IngestionError):
        error = error.__cause__
    return error


def _in_plain_words(source: str, error: BaseException) -> IngestionError:
    """Say what stopped dlt by its innermost cause: what dlt advises is of no use here."""
    while error.__cause__ is not None:
        error = error.__cause__
    cause = next(iter(str(error).splitlines()), type(error).__name__)
    return IngestionError(
        f"{source}: its rows could not be written into the warehouse ({cause}). "
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
