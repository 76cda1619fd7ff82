"""`concord init`: a first configuration, guessed from exports."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from orchestration import terminal
from orchestration.command import plain_errors
from orchestration.settings import DEFAULT_CONFIG


def init(
    folder: Annotated[Path, typer.Argument(help="The folder of exports.")] = Path(),
    output: Annotated[
        Path, typer.Option(help="The configuration to write; it must not be there yet.")
    ] = DEFAULT_CONFIG,
) -> None:
    """Write a first configuration of the exports in a folder."""
    from orchestration.initial import write_configuration

    with plain_errors():
        written = write_configuration(folder, output)
        for name in written.loaded:
            terminal.out.print(f"[green]✓[/] {terminal.escape(name)}", soft_wrap=True)
        for name, why in written.others.items():
            terminal.out.print(f"- {name}: {why}", markup=False, soft_wrap=True)
        guesses = written.text.count("# guessed: ")
        option = "" if output == DEFAULT_CONFIG else f"--config {shlex.quote(str(output))} "
        terminal.out.print(
            f"{output} is written, with {guesses} guesses to look at; then"
            f" `concord {option}sources preview {written.sources[0]}`.",
            markup=False,
            soft_wrap=True,
        )
