"""`concord sources`: the configured sources, listed or tried."""

import typer
from rich.markup import escape

from orchestration import terminal
from orchestration.command import FAILED, Config, Workspace, plain_errors, settings_of

sources = typer.Typer(help="List or check the configured sources.", no_args_is_help=True)


@sources.command("list")
def list_sources(workspace: Workspace = None, config: Config = None) -> None:
    """List the configured sources and the tables that each fills."""
    from orchestration.checking import described_sources

    with plain_errors():
        rows = described_sources(settings_of(workspace, config))
        terminal.print_table("Sources", ["source", "kind", "tables"], rows)


@sources.command("check")
def check_sources(workspace: Workspace = None, config: Config = None) -> None:
    """Try to reach every source."""
    from orchestration.checking import reached_sources

    with plain_errors():
        reached = reached_sources(settings_of(workspace, config))
        for source in reached:
            if source.is_reached:
                words = escape(f"{source.name}: {source.words}")
                terminal.out.print(f"[green]✓[/] {words}", soft_wrap=True)
            else:
                terminal.print_error(source.words)
    raise typer.Exit(0 if all(source.is_reached for source in reached) else FAILED)
