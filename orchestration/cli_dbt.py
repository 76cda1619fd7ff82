"""`concord dbt`: dbt by hand, on the workspace's warehouse and with concord.toml's variables."""

from contextlib import nullcontext
from typing import Annotated

import typer

from orchestration.command import Config, Workspace, plain_errors, settings_of, warehouse_of

# What changes tables waits for no other run, and lets none begin.
_WRITING = {"build", "clone", "retry", "run", "run-operation", "seed", "snapshot"}


def dbt(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(help="A command of dbt and its options.", metavar="ARGS"),
    ] = None,
    workspace: Workspace = None,
    config: Config = None,
) -> None:
    """Run dbt as a run does: same project, same warehouse, same variables."""
    from orchestration.dbt import by_hand
    from orchestration.exclusive import only_run
    from orchestration.preparation import prepare

    words = arguments or ["--help"]
    with plain_errors():
        settings = settings_of(workspace, config)
        url = warehouse_of(settings)
        prepare(settings, url)
        with only_run(url) if _WRITING & set(words) else nullcontext():
            code = by_hand(settings, url, words)
    raise typer.Exit(code)
