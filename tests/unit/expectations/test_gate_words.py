"""What people read when a gate stops, and what stops it."""

import subprocess
import sys

from expectations.outcome import BLOCKING, WARNING, Check, Failure, Outcome


def failure(severity: str = BLOCKING, unlisted: int = 0) -> Failure:
    return Failure(
        check="volume",
        column="orders.ordered_at",
        severity=severity,
        expected="at least 60 are expected",
        observed="Source shop brought 12 rows of orders",
        remedy="check that the export is complete",
        unlisted=unlisted,
    )


def test_a_failure_is_one_sentence_with_what_was_seen_wanted_and_to_be_done():
    assert str(failure()) == (
        "Source shop brought 12 rows of orders; at least 60 are expected:"
        " check that the export is complete."
    )


def test_places_that_are_not_listed_are_counted():
    assert "12 rows of orders (and 1,200 more like this);" in str(failure(unlisted=1200))


def test_a_warning_is_reported_but_stops_nothing():
    warned = Outcome("arrival", "shop", (Check("channel", WARNING, (failure(WARNING),)),))
    assert warned.is_passed
    assert warned.failures


def test_a_blocking_failure_stops_and_is_reported_first():
    checks = (
        Check("channel", WARNING, (failure(WARNING),)),
        Check("volume", BLOCKING, (failure(),)),
    )
    outcome = Outcome("arrival", "shop", checks)
    assert not outcome.is_passed
    assert [each.severity for each in outcome.failures] == [BLOCKING, WARNING]


def test_an_outcome_without_checks_passes():
    assert Outcome("arrival", "shop", ()).is_passed


def test_importing_the_gates_does_not_import_the_slow_library():
    code = "import sys, expectations.validate; sys.exit('great_expectations' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
