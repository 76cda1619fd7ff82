"""Risk: who reads why a step failed is given Python's words, or none."""

import dagster as dg
import pytest

from ingestion.errors import SourceAnswerBroken
from orchestration.failures import step_failures


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SourceAnswerBroken("shop", "it broke off", "Run it again"), "shop: it broke off"),
        (ValueError("a: b"), "ValueError: a: b"),
        (dg.Failure("the gate blocked: 3 rows"), "the gate blocked: 3 rows"),
    ],
)
def test_the_name_of_our_own_errors_class_is_kept_from_people(error: Exception, reason: str):
    @dg.op
    def fails() -> None:
        raise error

    @dg.job
    def daily() -> None:
        fails()

    result = daily.execute_in_process(raise_on_error=False)
    (failure,) = step_failures(result.all_events)
    assert failure.step == "fails"
    assert failure.reason.startswith(reason)
