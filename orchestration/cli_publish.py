"""`concord publish`: the scorecard in another tool."""

from typing import Annotated

import typer

from orchestration import terminal
from orchestration.command import Config, Workspace, plain_errors, settings_of, warehouse_of

publishing = typer.Typer(help="Publish the scorecard to another tool.", no_args_is_help=True)


@publishing.callback()
def common() -> None:
    """Publish the scorecard to another tool."""


@publishing.command("metabase")
def publish_metabase(
    workspace: Workspace = None,
    config: Config = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be done, and write nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Does nothing: what differs is always put back.")
    ] = False,
) -> None:
    """Bring the configured Metabase to what is published; what is right is left alone."""
    from orchestration.exclusive import only_run
    from orchestration.metabase import publish_to_metabase

    with plain_errors():
        settings = settings_of(workspace, config)
        url = warehouse_of(settings)
        with only_run(url):
            outcome = publish_to_metabase(settings, url, dry_run=dry_run)
        terminal.print_publication(outcome, is_plan=dry_run)
