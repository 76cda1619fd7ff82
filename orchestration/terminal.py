"""What a person at a terminal sees: progress, tables and errors in plain words.

Sources' words are among them: names of files, texts of errors. Their control characters are left
out here, whatever prints them.
"""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from ingestion.errors import one_line, printable

if TYPE_CHECKING:
    from dashboards.metabase.publish import Outcome
    from ingestion.mapping.preview import Finding, SectionPreview
    from orchestration.runner import RunOutcome

_LINE = 140
_LONGEST_VALUE = 45
_MOST_FINDINGS = 10
_PREVIEWED = ["column", "from", "as received", "as mapped (times in UTC)"]
_FOLDS = {
    "group": "Rows with one key become one when they are loaded (group).",
    "latest_by": "Of rows with one key the latest is loaded (latest_by).",
}


class _Terminal(Console):
    """Prints texts without control characters."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(printable(o) if isinstance(o, str) else o for o in objects), **options)


out = _Terminal(highlight=False)
err = _Terminal(stderr=True, highlight=False)
if not out.is_terminal:
    out.width = err.width = _LINE  # a file has no width, and a table of eight columns needs one


class StepProgress:
    """A bar over the run's steps, with a line for each that is done; plain lines without a tty."""

    def __init__(self, steps: int | None = None):
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.completed:.0f} steps"),
            TimeElapsedColumn(),
            console=out,
            transient=True,
        )
        self._task: TaskID = self._bar.add_task("starting", total=steps)
        self._began: dict[str, float] = {}
        self._step = ""
        self._last_report = 0.0

    def __enter__(self) -> "StepProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def started(self, step: str) -> None:
        self._step = step
        self._began[step] = time.monotonic()
        self._bar.update(self._task, description=step)
        if not out.is_terminal:
            out.print(f"… {step}")

    def reported(self, message: str) -> None:
        self._bar.update(self._task, description=escape(printable(f"{self._step}: {message}")))
        now = time.monotonic()
        if not out.is_terminal and now - self._last_report > 5:
            self._last_report = now
            out.print(f"  {self._step}: {message}", markup=False)

    def finished(self, step: str, *, succeeded: bool) -> None:
        seconds = time.monotonic() - self._began.get(step, time.monotonic())
        mark = "[green]✓[/]" if succeeded else "[red]✗ failed:[/]"
        self._bar.advance(self._task)
        self._bar.console.print(f"{mark} {step} [dim]{seconds:.1f} s[/]")


def print_outcome(outcome: "RunOutcome") -> None:
    """Print how a run ended, where and why it failed, what is odd, and last what can't be read."""
    _print_end(outcome)
    for doubt in outcome.doubts:
        out.print(f"! {doubt}", markup=False, soft_wrap=True)
    if outcome.unread:
        out.print(outcome.unread, markup=False, soft_wrap=True)


def _print_end(outcome: "RunOutcome") -> None:
    if outcome.succeeded:
        out.print("[green]✓[/] The scorecard is published.")
        return
    for failure in outcome.failures:
        err.print(f"[red]✗ {failure.step}[/]")
        err.print(failure.reason, markup=False)
    for file in outcome.refused:
        print_error(str(file))
    if outcome.refused and not outcome.failures:
        err.print("The scorecard is published without these files.")
    elif outcome.is_published:
        err.print("The scorecard is published all the same; only what is named above is not.")
    else:
        err.print("The scorecard that was published before stays as it was.")


def print_publication(outcome: "Outcome", *, is_plan: bool) -> None:
    """Print what was done in Metabase, or would be, and what was overwritten there."""
    actions = outcome.report.actions
    for action in actions:
        out.print(str(action), markup=False, soft_wrap=True)
    if is_plan:
        out.print(f"{len(actions)} changes would be made; nothing was written.")
        return
    if outcome.report.overwritten:
        out.print("Overwritten: it differed from the definition. Metabase's history has it still.")
    changed = f"{len(actions)} changes" if actions else "nothing had to be changed"
    out.print(f"[green]✓[/] Metabase is up to date: {changed}.")
    for title, link in outcome.links.items():
        out.print(f"{title}: {link}", soft_wrap=True)


def print_error(message: str) -> None:
    """Print what went wrong, with the same mark each time."""
    err.print(f"[red]✗[/] {escape(message)}", soft_wrap=True)


def print_table(title: str, columns: list[str], rows: list[tuple]) -> None:
    """Print rows under a title, or that there are none; numbers are aligned to the right."""
    if not rows:
        out.print(f"{title}: none\n")
        return
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    for column, values in zip(table.columns, zip(*rows, strict=True), strict=False):
        if all(isinstance(value, int | float) for value in values):
            column.justify = "right"
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    out.print(table)
    out.print()


def print_facts(title: str, facts: Iterable[tuple[str, str]]) -> None:
    """Print what is known of one thing, a line each, without what is empty."""
    out.print(title, style="bold", markup=False)
    lines = Table.grid(padding=(0, 2))
    for name, words in facts:
        if words:
            lines.add_row(_cell(name), _cell(words))
    out.print(lines)
    out.print()


def print_preview(section: "SectionPreview") -> None:
    """Print the first rows of a file, column by column, and what of it can't be read."""
    others = f" (the first of {section.others + 1:,} files)" if section.others else ""
    out.rule(escape(f"{section.entity}: {section.file}{others}"), align="left")
    if section.preview is None:
        print_error(str(section.problem))
        return
    shown = section.preview
    for row in shown.rows:
        cells = [(c.column, c.origin, _short(c.received), _short(c.mapped)) for c in row.cells]
        print_table(f"line {row.line:,}", _PREVIEWED, cells)
    looked_at = "in all" if section.is_whole else "from the beginning"
    out.print(
        f"Rows looked at, {looked_at}: {shown.received:,}; not this entity's: {shown.filtered:,};"
        f" to quarantine: {len(shown.quarantined):,}."
    )
    if section.folds:
        out.print(_FOLDS[section.folds])
    if section.removes:
        out.print("They are not loaded: rows with these keys leave (removes).")
    columns = ["file", "line", "field", "value", "reason"]
    _print_findings("To quarantine", columns, section.file, shown.quarantined)
    _print_findings("Left empty", [*columns, "values"], section.file, shown.emptied)
    out.print()


def _print_findings(
    title: str, columns: list[str], file: str, findings: "tuple[Finding, ...]"
) -> None:
    if not findings:
        return
    rows = [
        (file, each.line, each.field or "-", _short(each.value), each.reason, each.count)
        for each in findings[:_MOST_FINDINGS]
    ]
    more = f" (the first {_MOST_FINDINGS})" if len(findings) > _MOST_FINDINGS else ""
    print_table(title + more, columns, [row[: len(columns)] for row in rows])


def _short(text: str | None) -> str | None:
    """Write a value of any length on one line."""
    if text is None:
        return None
    line = one_line(text[: _LONGEST_VALUE + 1])
    return line if len(line) <= _LONGEST_VALUE else f"{line[: _LONGEST_VALUE - 1]}…"


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return escape(printable(str(value)))
