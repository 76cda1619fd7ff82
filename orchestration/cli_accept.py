"""`concord accept`: let the findings that hold the publication pass, with a reason that is kept."""

import getpass
from typing import Annotated

import typer

from orchestration import terminal
from orchestration.command import (
    MISUSED,
    Config,
    Workspace,
    plain_errors,
    settings_of,
    warehouse_of,
)


def accept(
    findings: Annotated[
        list[str] | None, typer.Argument(help="Findings to accept; without any, list them.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Accept everything that holds the publication.")
    ] = False,
    reason: Annotated[
        str, typer.Option(help="Why it may be published; everybody sees it.", show_default=False)
    ] = "",
    by: Annotated[
        str, typer.Option(help="Who accepts it; else your login name.", show_default=False)
    ] = "",
    workspace: Workspace = None,
    config: Config = None,
) -> None:
    """Let the next run publish what a gate holds; the limits stay as they are."""
    from orchestration import acceptances
    from orchestration.preparation import prepare

    with plain_errors():
        settings = settings_of(workspace, config)
        url = warehouse_of(settings)
        prepare(settings, url)
        sources = settings.configuration.sources
        held = acceptances.stopping(url, sources)
        wanted = list(held) if every else list(dict.fromkeys(findings or ()))
        if not wanted:
            accepted_by = acceptances.waiting(url)
            rows = [
                (finding, result.gate, seen, accepted_by.get(finding, ""))
                for finding, (result, seen) in held.items()
            ]
            columns = ["finding", "gate", "seen", "accepted by"]
            terminal.print_table("What holds the publication", columns, rows)
            return
        if not reason.strip():
            terminal.print_error("say why it may be published: --reason TEXT")
            raise typer.Exit(MISUSED)
        by = by.strip() or getpass.getuser()
        accepted = acceptances.accept(url, sources, wanted, reason.strip(), by)
        for finding, seen in accepted.items():
            terminal.out.print(f"[green]✓[/] {finding} accepted:", end=" ")
            terminal.out.print(seen, markup=False)
        terminal.out.print("`concord run` publishes.")
