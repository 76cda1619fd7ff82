"""What people read when a gate stops, and what stops it."""

import subprocess
import sys
from dataclasses import replace

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


def outcome_of(*failures: Failure) -> Outcome:
    return Outcome("arrival", "shop", (Check("volume", BLOCKING, failures),))


def seen(number: int, unlisted: int = 0) -> Failure:
    return replace(failure(), observed=f"Source shop brought {number} rows", unlisted=unlisted)


def test_of_many_places_five_are_named_and_all_stop():
    outcome = outcome_of(*map(seen, range(11)))
    assert [each.unlisted for each in outcome.failures] == [0, 0, 0, 0, 6]
    assert len(outcome.stopping) == 11


def test_other_figures_are_another_finding():
    assert seen(12).finding == seen(12).finding
    assert len({seen(12).finding, seen(13).finding, failure().finding}) == 3


def test_what_was_accepted_stops_nothing_and_says_by_whom():
    first, second = seen(1), seen(2)
    accepted = outcome_of(first, second).accepting({first.finding: "accepted by Ana: once"})
    assert not accepted.is_passed
    assert [each.finding for each in accepted.stopping] == [second.finding]
    both = {each.finding: "accepted by Ana: once" for each in (first, second)}
    accepted = outcome_of(first, second).accepting(both)
    assert accepted.is_passed
    assert str(accepted.accepted[0]) == "Source shop brought 1 rows; accepted by Ana: once."


def test_places_that_nobody_saw_are_not_accepted_with_the_last_one_that_was_seen():
    last = seen(200, unlisted=30)
    assert not outcome_of(last).accepting({last.finding: "accepted by Ana: once"}).is_passed


def test_an_outcome_without_checks_passes():
    assert Outcome("arrival", "shop", ()).is_passed


def test_importing_the_gates_does_not_import_the_slow_library():
    code = "import sys, expectations.validate; sys.exit('great_expectations' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
