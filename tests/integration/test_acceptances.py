"""Risk: what somebody accepted once lets other faults pass, or passes for ever."""

from dataclasses import replace

import pytest

from expectations.outcome import BLOCKING, Check, Failure, Outcome
from orchestration import acceptances, ledger
from orchestration.errors import UnknownFinding
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres
SEEN = Failure(
    check="range",
    column="orders.gross_amount",
    severity=BLOCKING,
    expected="between 10 and 250 are expected",
    observed="Source shop brought 30 orders of 348.33 on average, where 50.00 is usual",
    remedy="check the unit",
)
OTHER = replace(SEEN, observed="Source shop brought 30 orders of 700.00 on average")

SOURCES = ("shop", "till")


@pytest.fixture
def url(copied: Copied) -> str:
    return copied(_prepare)


def _prepare(url: str) -> None:
    ledger.prepare(url)
    acceptances.prepare(url)


def judge(url: str, *failures: Failure, subject: str = "shop") -> Outcome:
    """Do what a run does with what a gate found."""
    found = Outcome("arrival", subject, (Check("range", BLOCKING, failures),))
    outcome = acceptances.apply(url, found)
    ledger.record_gate(url, "run", outcome)
    return outcome


def accept(url: str, failure: Failure) -> None:
    acceptances.accept(url, SOURCES, [failure.finding], "a wholesaler's first order", "Ana")


def test_what_was_accepted_passes_and_keeps_its_reason(url: str):
    assert not judge(url, SEEN).is_passed
    assert acceptances.stopping(url, SOURCES)[SEEN.finding][1] == SEEN.observed
    accept(url, SEEN)
    outcome = judge(url, SEEN)
    assert outcome.is_passed
    assert "accepted by Ana on" in str(outcome.accepted[0])
    assert "a wholesaler's first order" in str(outcome.accepted[0])
    assert acceptances.stopping(url, SOURCES) == {}


def test_what_is_accepted_already_is_told_until_it_ends(url: str):
    judge(url, SEEN, OTHER)
    assert acceptances.waiting(url) == {}
    accept(url, SEEN)
    assert acceptances.waiting(url) == {SEEN.finding: "Ana"}
    judge(url, OTHER)
    assert acceptances.waiting(url) == {}


def test_a_run_that_failed_elsewhere_does_not_use_it_up(url: str):
    judge(url, SEEN)
    accept(url, SEEN)
    assert judge(url, SEEN).is_passed
    assert judge(url, SEEN).is_passed


def test_other_figures_and_other_sources_are_held(url: str):
    judge(url, SEEN)
    accept(url, SEEN)
    assert not judge(url, SEEN, OTHER).is_passed
    assert not judge(url, SEEN, subject="till").is_passed


def test_it_ends_with_the_first_run_that_does_not_see_it(url: str):
    judge(url, SEEN)
    accept(url, SEEN)
    assert judge(url).is_passed
    assert not judge(url, SEEN).is_passed


def test_only_what_holds_the_publication_can_be_accepted(url: str):
    judge(url, SEEN)
    with pytest.raises(UnknownFinding, match=OTHER.finding):
        acceptances.accept(url, SOURCES, [SEEN.finding, OTHER.finding], "all is well", "Ana")
    assert not judge(url, SEEN).is_passed, "nothing was accepted"


def test_a_source_that_was_taken_out_holds_nothing_and_is_no_failed_gate(url: str):
    judge(url, SEEN)
    judge(url, OTHER, subject="till")
    assert set(acceptances.stopping(url, ["till"])) == {OTHER.finding}
    assert [result.subject for result in ledger.latest_gates(url, ["till"])] == ["till"]
    assert len(ledger.latest_gates(url, SOURCES)) == 2
