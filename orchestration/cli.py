"""`concord`: the commands, each a few lines over the modules that do the work.

Exit codes: 0 fine, 1 a gate blocked or a step failed, 2 wrong use or configuration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dashboards.metabase.errors import MetabaseError
from ingestion.errors import ConfigurationFaults, IngestionError
from orchestration import page, terminal
from orchestration.errors import (
    CommandError,
    MetabaseNotConfigured,
    NothingPublished,
    PortInUse,
)
from orchestration.settings import (
    DEFAULT_CONFIG,
    DEFAULT_WORKSPACE,
    ConfigurationError,
    Settings,
    load_settings,
)
from orchestration.warehouse import (
    EmbeddedPostgres,
    UrlError,
    WarehouseError,
    open_warehouse,
)

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
Port = Annotated[int, typer.Option(help="Port of the page, on loopback.", min=1, max=65535)]


class Format(StrEnum):
    """What a scorecard can be exported as."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PNG = "png"
    PDF = "pdf"


app = typer.Typer(
    help="One corporate scorecard for Marketing and Customer Service.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
sources = typer.Typer(help="List or check the configured sources.", no_args_is_help=True)
app.add_typer(sources, name="sources")
publishing = typer.Typer(help="Publish the scorecard to another tool.", no_args_is_help=True)
app.add_typer(publishing, name="publish")
_given: dict[str, Path | None] = {}


@app.callback()
def common(workspace: Workspace = None, config: Config = None) -> None:
    """Take --workspace and --config before the command as well as after it."""
    _given.update(workspace=workspace, config=config)


@app.command()
def up(workspace: Workspace = None, config: Config = None, port: Port = page.DEFAULT_PORT) -> None:
    """Start the warehouse, run the pipeline, and leave the page running."""
    with _plain_errors():
        settings = _settings(workspace, config)
        succeeded = _run(settings)
        server = page.start(settings, port)
        terminal.out.print(f"The scorecard is at {server.url} - `concord stop` stops it.")
    raise typer.Exit(0 if succeeded else FAILED)


@app.command()
def run(workspace: Workspace = None, config: Config = None) -> None:
    """Load every source, pass the gates, and publish the scorecard."""
    with _plain_errors():
        succeeded = _run(_settings(workspace, config))
    raise typer.Exit(0 if succeeded else FAILED)


@app.command()
def serve(
    workspace: Workspace = None,
    config: Config = None,
    port: Port = page.DEFAULT_PORT,
    host: Annotated[
        str,
        typer.Option(help="Address to serve on. There is no login: keep to loopback."),
    ] = page.HOST,
) -> None:
    """Show the published scorecard in the browser until interrupted."""
    with _plain_errors():
        url = _warehouse(_settings(workspace, config))
        page.serve(url, port, host)


@app.command()
def status(workspace: Workspace = None, config: Config = None) -> None:
    """Tell what was loaded, what stands in quarantine, what the gates said, what is published."""
    from orchestration.status import show

    with _plain_errors():
        settings = _settings(workspace, config)
        show(settings, _warehouse(settings))


@app.command()
def check(workspace: Workspace = None, config: Config = None) -> None:
    """Name every fault of the configuration, with file, key and what to do."""
    from orchestration.checking import faults

    with _plain_errors():
        found = faults(config or _given.get("config"), workspace or _given.get("workspace"))
        for fault in found:
            terminal.print_error(str(fault))
        if found:
            raise typer.Exit(MISUSED)
        terminal.out.print("[green]✓[/] The configuration has no fault.")


@app.command()
def stop(workspace: Workspace = None, config: Config = None) -> None:
    """Stop the page and the embedded warehouse; the data stays."""
    with _plain_errors():
        settings = _settings(workspace, config)
        if page.stop(settings):
            terminal.out.print("The page is stopped.")
        if settings.database_url is None:
            EmbeddedPostgres(settings.workspace).stop()
            terminal.out.print("The warehouse is stopped.")


@app.command()
def export(
    format: Annotated[Format, typer.Option(help="What to write.")],
    output: Annotated[Path, typer.Option(help="The file to write.", metavar="FILE")],
    workspace: Workspace = None,
    config: Config = None,
) -> None:
    """Write the published scorecard to a file."""
    from dashboards.scorecard.export import export as write
    from dashboards.scorecard.queries import is_published

    with _plain_errors():
        url = _warehouse(_settings(workspace, config))
        if not is_published(url):
            raise NothingPublished("nothing is published yet; run `concord run` first")
        write(url, format.value, output)
        terminal.out.print(f"The scorecard is in {output}.")


@app.command()
def url(workspace: Workspace = None, config: Config = None) -> None:
    """Print the warehouse's connection URL, password included."""
    with _plain_errors():
        typer.echo(_warehouse(_settings(workspace, config)))


@sources.command("list")
def list_sources(workspace: Workspace = None, config: Config = None) -> None:
    """List the configured sources and the tables that each fills."""
    from orchestration.checking import described_sources

    with _plain_errors():
        rows = described_sources(_settings(workspace, config))
        terminal.print_table("Sources", ["source", "kind", "tables"], rows)


@sources.command("check")
def check_sources(workspace: Workspace = None, config: Config = None) -> None:
    """Try to reach every source."""
    from orchestration.checking import reached_sources

    with _plain_errors():
        reached = reached_sources(_settings(workspace, config))
        for source in reached:
            if source.is_reached:
                terminal.out.print(f"[green]✓[/] {source.name}: {source.words}", soft_wrap=True)
            else:
                terminal.print_error(source.words)
    raise typer.Exit(0 if all(source.is_reached for source in reached) else FAILED)


@publishing.command("metabase")
def publish_metabase(
    workspace: Workspace = None,
    config: Config = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be done, and write nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Put back what people changed by hand.")
    ] = False,
) -> None:
    """Bring the configured Metabase to what is published; what is right is left alone."""
    from dashboards.metabase.publish import Mode
    from orchestration.exclusive import only_run
    from orchestration.metabase import publish_to_metabase

    with _plain_errors():
        settings = _settings(workspace, config)
        url = _warehouse(settings)
        with only_run(url):
            outcome = publish_to_metabase(settings, url, Mode(dry_run, force))
        terminal.print_publication(outcome, is_plan=dry_run)


def main() -> None:
    """Run the command line."""
    app()


def _settings(workspace: Path | None, config: Path | None) -> Settings:
    return load_settings(config or _given.get("config"), workspace or _given.get("workspace"))


def _warehouse(settings: Settings) -> str:
    settings.workspace.mkdir(parents=True, exist_ok=True)
    return open_warehouse(settings.workspace, settings.database_url).url


def _run(settings: Settings) -> bool:
    from orchestration.runner import run_daily

    with terminal.StepProgress() as progress:
        progress.started("warehouse")
        url = _warehouse(settings)
        progress.finished("warehouse", succeeded=True)
        outcome = run_daily(settings, url, progress)
    terminal.print_outcome(outcome)
    return outcome.succeeded


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn the errors that a person can mend into words and an exit code."""
    try:
        yield
    except ConfigurationError as error:
        for fault in error.faults:
            terminal.print_error(str(fault))
        raise typer.Exit(MISUSED) from None
    except (ConfigurationFaults, UrlError, PortInUse, MetabaseNotConfigured, OSError) as error:
        terminal.print_error(str(error))
        raise typer.Exit(MISUSED) from None
    except (WarehouseError, IngestionError, MetabaseError, CommandError) as error:
        terminal.print_error(str(error))
        raise typer.Exit(FAILED) from None


if __name__ == "__main__":
    main()
