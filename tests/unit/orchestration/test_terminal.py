"""Risk: words of a source clear the terminal, colour it or rename its window."""

import pytest

from orchestration import terminal

WORDS = "orders\x1b[2J\x1b]0;owned\x07\x9b31m\r.csv [red]"
SHOWN = "orders[2J]0;owned31m.csv [red]"


def test_errors_and_tables_show_a_sources_words_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal.print_error(WORDS)
    terminal.print_table("Quarantine", ["reason"], [(WORDS,)])
    terminal.out.print(WORDS, markup=False)
    shown = capsys.readouterr()
    assert (shown.err + shown.out).count(SHOWN) == 3
    assert all(line.isprintable() for line in (shown.err + shown.out).splitlines())


def test_progress_shows_a_sources_words_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with terminal.StepProgress() as progress:
        progress.started("raw__shop")
        progress.reported(WORDS)
        progress.finished("raw__shop", succeeded=True)
    shown = capsys.readouterr().out
    assert SHOWN in shown
    assert not {"\x07", "\x9b"} & set(shown) and "\x1b]" not in shown
