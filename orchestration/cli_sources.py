"""`concord sources`: the configured sources, listed, tried, previewed, or marked for their load."""

from typing import Annotated

import typer
from rich.markup import escape

from ingestion.errors import MappingFault
from orchestration import terminal
from orchestration.command import (
    FAILED,
    MISUSED,
    Config,
    Workspace,
    plain_errors,
    settings_of,
    warehouse_of,
)

sources = typer.Typer(
    help="List, check, preview or reset the configured sources.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="The source's name in the configuration.")]


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
                for words in source.words.splitlines():
                    terminal.print_error(words)
    if any(source.is_misconfigured for source in reached):
        raise typer.Exit(MISUSED)
    raise typer.Exit(0 if all(source.is_reached for source in reached) else FAILED)


@sources.command("show")
def show_kind(
    kind: Annotated[
        str | None,
        typer.Argument(help="The kind of source; without it, all are listed.", show_default=False),
    ] = None,
) -> None:
    """Explain a kind of source: its options, what it fills, and what it needs and costs."""
    from orchestration.kinds import described_kind, listed_kinds

    with plain_errors():
        if kind is None:
            terminal.print_table("Kinds of sources", ["kind", "area", "what"], listed_kinds())
            return
        shown = described_kind(kind)
        terminal.print_facts(shown.title, shown.facts)
        for title, columns, rows in shown.tables:
            terminal.out.print()
            terminal.print_table(title, columns, rows)


@sources.command("reset")
def reset_source(
    name: Name,
    workspace: Workspace = None,
    config: Config = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Let the next run load a source from scratch: rows that it no longer has are lost."""
    from orchestration.marking import check_name, reset

    with plain_errors():
        settings = settings_of(workspace, config)
        check_name(settings, name)
        question = f"What {name} no longer has is lost at the next run. Load it from scratch?"
        if not yes:
            typer.confirm(question, abort=True)
        reset(settings, warehouse_of(settings), name)
        terminal.out.print(
            f"The next run loads {name} from scratch; until then nothing changes: `concord run`.",
            markup=False,
        )


@sources.command("accept")
def accept_source(name: Name, workspace: Workspace = None, config: Config = None) -> None:
    """Let the next load of a source lose more rows than maximum_removed_share, once."""
    from orchestration.marking import accept_loss, check_name

    with plain_errors():
        settings = settings_of(workspace, config)
        check_name(settings, name)
        accept_loss(settings, warehouse_of(settings), name)
        terminal.out.print(
            f"The next load of {name} may lose any share of its rows: `concord run`.", markup=False
        )


@sources.command("preview")
def preview_source(
    name: Name,
    entity: Annotated[
        str | None, typer.Option(help="Show this entity only.", show_default=False)
    ] = None,
    rows: Annotated[int, typer.Option(help="How many rows to show.", min=1, max=100)] = 5,
    workspace: Workspace = None,
    config: Config = None,
) -> None:
    """Show the first rows of a source as received and as mapped, and what can't be read."""
    from orchestration.preview import previewed

    with plain_errors():
        found = previewed(settings_of(workspace, config), name, entity, rows)
        for section in found:
            terminal.print_preview(section)
    problems = [section.problem for section in found if section.problem]
    if any(isinstance(problem, MappingFault) for problem in problems):
        raise typer.Exit(MISUSED)
    raise typer.Exit(FAILED if problems else 0)
