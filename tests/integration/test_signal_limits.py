"""Risk: noise is shown as a change: the limits of a share don't know how few stand behind it."""

from pathlib import Path

import pytest

from benchmarks.signals import Process, false_signals

pytestmark = pytest.mark.postgres
RUNS = 300
FEW = (Process(30, 0.02), Process(30, 0.3), Process(30, 0.9), Process(299, 0.996))


def test_a_process_that_never_changes_is_seldom_taken_for_a_change(
    database_url: str, tmp_path: Path
) -> None:
    found = false_signals(database_url, tmp_path, FEW, RUNS)
    for process in FEW:
        assert found[process.name] < 0.7, found
        assert found[f"{process.name} by moving ranges alone"] > 1, found
