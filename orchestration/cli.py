"""`concord`: the commands, each a few lines over the modules that do the work.

Exit codes: 0 fine, 1 a gate blocked or a step failed, 2 wrong use or configuration.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orchestration import owners_only, page, terminal
from orchestration.cli_accept import accept
from orchestration.cli_dbt import dbt
from orchestration.cli_explain import explain
from orchestration.cli_init import init
from orchestration.cli_publish import publishing
from orchestration.cli_sources import sources
from orchestration.command import (
    FAILED,
    MISUSED,
    Config,
    Workspace,
    given,
    plain_errors,
    settings_of,
    warehouse_of,
)
from orchestration.errors import NothingPublished
from orchestration.settings import Settings
from orchestration.warehouse import EmbeddedPostgres

Port = Annotated[int, typer.Option(help="Port of the page, on loopback.", min=1, max=65535)]


class Format(StrEnum):
    """What a scorecard can be exported as."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PNG = "png"
    PDF = "pdf"
    RESTATEMENTS = "restatements"


app = typer.Typer(
    help="One corporate scorecard for Marketing and Customer Service.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(sources, name="sources")
app.add_typer(publishing, name="publish")
app.command()(init)
app.command()(accept)
app.command()(explain)
# What follows the first word is dbt's, `--help` included.
app.command(context_settings={"allow_interspersed_args": False})(dbt)


@app.callback()
def common(workspace: Workspace = None, config: Config = None) -> None:
    """Accept --workspace and --config before the command as well as after it."""
    given.update(workspace=workspace, config=config)


@app.command()
def up(workspace: Workspace = None, config: Config = None, port: Port = page.DEFAULT_PORT) -> None:
    """Start the warehouse, run the pipeline, and leave the page running."""
    with plain_errors():
        settings = settings_of(workspace, config)
        code = _run(settings)
        server = page.start(settings, port)
        terminal.out.print(f"The scorecard is at {server.url} - `concord stop` stops it.")
    raise typer.Exit(code)


@app.command()
def run(workspace: Workspace = None, config: Config = None) -> None:
    """Load every source, pass the gates, and publish the scorecard."""
    with plain_errors():
        code = _run(settings_of(workspace, config))
    raise typer.Exit(code)


@app.command()
def serve(
    workspace: Workspace = None,
    config: Config = None,
    port: Port = page.DEFAULT_PORT,
    host: Annotated[
        str,
        typer.Option(help="Address to serve on. There is no login: keep to loopback."),
    ] = page.HOST,
    name: Annotated[
        list[str] | None,
        typer.Option(help="Name by which a proxy calls the page on loopback; may be repeated."),
    ] = None,
) -> None:
    """Show the published scorecard in the browser until interrupted."""
    with plain_errors():
        settings = settings_of(workspace, config)
        page.serve(settings, warehouse_of(settings), port, host, name or ())


@app.command()
def status(workspace: Workspace = None, config: Config = None) -> None:
    """Show the last loads, the quarantine, the gates' results, and what is published."""
    from orchestration.status import show

    with plain_errors():
        settings = settings_of(workspace, config)
        show(settings, warehouse_of(settings))


@app.command()
def check(workspace: Workspace = None, config: Config = None) -> None:
    """Name every fault of the configuration, with file, key and what to do."""
    from orchestration.checking import faults

    with plain_errors():
        found = faults(config or given.get("config"), workspace or given.get("workspace"))
        for fault in found:
            terminal.print_error(str(fault))
        if found:
            raise typer.Exit(MISUSED)
        terminal.out.print("[green]✓[/] The configuration has no fault.")


@app.command()
def stop(workspace: Workspace = None, config: Config = None) -> None:
    """Stop the page and the embedded warehouse; the data stays."""
    with plain_errors():
        settings = settings_of(workspace, config)
        if page.stop(settings):
            terminal.out.print("The page is stopped.")
        if settings.database_url is None:
            EmbeddedPostgres(settings.workspace).stop()
            terminal.out.print("The warehouse is stopped.")


@app.command()
def export(
    format: Annotated[Format, typer.Option(help="What to write.")],
    output: Annotated[
        Path, typer.Option(help="The file to write; - is standard output.", metavar="FILE")
    ],
    workspace: Workspace = None,
    config: Config = None,
) -> None:
    """Write the published scorecard to a file, or to standard output."""
    from dashboards.scorecard.export import content
    from dashboards.scorecard.export import export as write
    from dashboards.scorecard.standing import is_published
    from orchestration.layout import layout
    from orchestration.reading import published_url

    with plain_errors():
        settings = settings_of(workspace, config)
        url, cards = published_url(warehouse_of(settings)), layout(settings)
        if not is_published(url):
            raise NothingPublished("nothing is published yet; run `concord run` first")
        if str(output) == "-":
            sys.stdout.buffer.write(content(url, format.value, cards))
            return
        with owners_only.suspended():
            write(url, format.value, output, cards)
        terminal.out.print(f"The scorecard is in {output}.", markup=False)


@app.command()
def url(workspace: Workspace = None, config: Config = None) -> None:
    """Print the warehouse's connection URL, password included."""
    with plain_errors():
        typer.echo(warehouse_of(settings_of(workspace, config)))


def main() -> None:
    """Run the command line."""
    owners_only.begin()
    app()


def _run(settings: Settings) -> int:
    """Run the daily job; return the exit code."""
    from orchestration.runner import run_daily

    with terminal.StepProgress() as progress:
        progress.started("warehouse")
        url = warehouse_of(settings)
        progress.finished("warehouse", succeeded=True)
        outcome = run_daily(settings, url, progress)
    terminal.print_outcome(outcome)
    if outcome.succeeded:
        return 0
    return MISUSED if outcome.is_misuse else FAILED


if __name__ == "__main__":
    main()
