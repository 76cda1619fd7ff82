"""`concord explain`: one figure from its definition down to its rows."""

from typing import Annotated

import typer

from orchestration.command import Config, Workspace, plain_errors, settings_of, warehouse_of


def explain(
    metric: Annotated[str, typer.Argument(help="Id of the metric, as in docs/metrics.md.")],
    month: Annotated[
        str,
        typer.Option(help="Month, as 2026-10; else that of the card.", show_default=False),
    ] = "",
    segment: Annotated[
        str,
        typer.Option(
            help="Segment, as brand:Alpha; else the whole company.",
            metavar="NAME:VALUE",
            show_default=False,
        ),
    ] = "",
    workspace: Workspace = None,
    config: Config = None,
) -> None:
    """Explain a published figure: definition, parts, rows, checks, what is left out or changed."""
    from orchestration.explaining import show

    with plain_errors():
        settings = settings_of(workspace, config)
        show(settings, warehouse_of(settings), metric, month, segment)
