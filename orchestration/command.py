"""What every command needs: common options, settings, the warehouse, exit codes of errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from dashboards.metabase.errors import MetabaseError
from ingestion.errors import ConfigurationFaults, IngestionError
from orchestration import owners_only, terminal
from orchestration.errors import (
    CommandError,
    MetabaseNotConfigured,
    NotConfigured,
    NotExplained,
    NotWritten,
    PortInUse,
    UnknownFinding,
    UnknownHost,
    UnknownSource,
)
from orchestration.settings import (
    DEFAULT_CONFIG,
    DEFAULT_WORKSPACE,
    ConfigurationError,
    Settings,
    load_settings,
)
from orchestration.warehouse import AccessError, UrlError, WarehouseError, open_warehouse

FAILED, MISUSED = 1, 2

Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="Folder of everything Concord makes; else CONCORD_WORKSPACE, else "
        f"{DEFAULT_WORKSPACE}.",
        metavar="DIR",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help=f"Configuration; else CONCORD_CONFIG, else {DEFAULT_CONFIG}.",
        metavar="FILE",
        show_default=False,
    ),
]

given: dict[str, Path | None] = {}
"""The common options that were given before the command's name."""


def settings_of(workspace: Path | None, config: Path | None) -> Settings:
    """Read the settings; options after the command's name take precedence."""
    return load_settings(config or given.get("config"), workspace or given.get("workspace"))


def warehouse_of(settings: Settings) -> str:
    """Find or start the warehouse; return its URL."""
    try:
        if not settings.workspace.exists():
            owners_only.make_folder(settings.workspace)
    except OSError as error:
        raise AccessError(
            f"The workspace {settings.workspace} can't be made: {error.strerror}. Choose a folder "
            "that you may write to, with --workspace."
        ) from error
    return open_warehouse(settings.workspace, settings.database_url).url


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn the errors that a person can fix into a message and an exit code."""
    try:
        yield
    except ConfigurationError as error:
        for fault in error.faults:
            terminal.print_error(str(fault))
        raise typer.Exit(MISUSED) from None
    except (
        ConfigurationFaults,
        UrlError,
        PortInUse,
        UnknownHost,
        UnknownFinding,
        UnknownSource,
        MetabaseNotConfigured,
        NotConfigured,
        NotExplained,
        NotWritten,
        OSError,
    ) as error:
        terminal.print_error(str(error))
        raise typer.Exit(MISUSED) from None
    except psycopg.OperationalError as error:
        terminal.print_error(
            f"the warehouse broke off the connection ({' '.join(str(error).split())}); run it again"
        )
        raise typer.Exit(FAILED) from None
    except (WarehouseError, IngestionError, MetabaseError, CommandError) as error:
        terminal.print_error(str(error))
        raise typer.Exit(FAILED) from None
