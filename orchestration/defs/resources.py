"""What the assets are given at run time: the settings and the warehouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from orchestration import owners_only
from orchestration.exclusive import only_run
from orchestration.preparation import prepare
from orchestration.progress import terminal_logger
from orchestration.settings import Settings, load_settings
from orchestration.warehouse import open_warehouse


class Concord(dg.ConfigurableResource):
    """The settings and the warehouse; its URL holds a password, so it is never configuration."""

    config_file: str
    workspace: str
    _url: str | None = PrivateAttr(default=None)

    @property
    def settings(self) -> Settings:
        return _settings(self.config_file, self.workspace)

    @property
    def url(self) -> str:
        """Find or start the warehouse, once a process."""
        if self._url is None:
            settings = self.settings
            url = open_warehouse(settings.workspace, settings.database_url).url
            prepare(settings, url)
            self._url = url
        return self._url

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Concord"]:
        """Let no other run change the warehouse as long as this one may."""
        owners_only.begin()
        with only_run(self.url):
            yield self


@cache
def _settings(config_file: str, workspace: str) -> Settings:
    return load_settings(Path(config_file), Path(workspace))


@dg.definitions
def resources() -> dg.Definitions:
    """Give the assets their resources, as the environment and concord.toml say."""
    settings = load_settings()
    concord = Concord(config_file=str(settings.config_file), workspace=str(settings.workspace))
    return dg.Definitions(
        resources={"concord": concord},
        loggers={"console": dg.colored_console_logger, "terminal": terminal_logger},
    )
