"""Risk: a run that left a file out looks like one that had everything."""

from ingestion.loading import RefusedFile
from orchestration import terminal
from orchestration.failures import StepFailure
from orchestration.runner import RunOutcome

REFUSED = RefusedFile("shop", "exports/orders.csv", "orders.csv is cut off. Copy the file again")


def test_a_run_without_a_file_says_so_and_is_no_success(capsys):
    outcome = RunOutcome("1", (), is_published=True, refused=(REFUSED,))
    terminal.print_outcome(outcome)
    said = capsys.readouterr()
    assert not outcome.succeeded
    assert "shop: orders.csv is cut off. Copy the file again" in said.err
    assert "The scorecard is published without these files." in said.err
    assert said.out == ""


def test_what_else_cannot_be_read_is_said_last(capsys):
    unread = "10 loaded, 1 quarantined: exports/orders.csv:7 amount 'x' is not a number"
    outcome = RunOutcome("1", (), is_published=True, refused=(REFUSED,), unread=unread)
    terminal.print_outcome(outcome)
    said = capsys.readouterr()
    assert said.err.count("orders.csv is cut off") == 1
    assert said.out == unread + "\n"


def test_what_gate_1_doubts_is_said_where_somebody_looks(capsys):
    doubts = ("60 orders have 'guest' there.", "The highest of [5] answers is 4.")
    outcome = RunOutcome("1", (), is_published=True, unread="10 loaded", doubts=doubts)
    terminal.print_outcome(outcome)
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [f"! {doubt}" for doubt in doubts] + ["10 loaded"]


def test_a_run_that_failed_beside_names_both(capsys):
    outcome = RunOutcome("1", (StepFailure("raw__desk", "nobody answers"),), refused=(REFUSED,))
    terminal.print_outcome(outcome)
    said = capsys.readouterr().err
    assert "nobody answers" in said
    assert "orders.csv is cut off" in said
    assert "stays as it was" in said
