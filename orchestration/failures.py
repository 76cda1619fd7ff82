"""What failed in a run and why, read from Dagster's events."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg

from orchestration.translators import PUBLISHED

Events = Sequence[dg.DagsterEvent]
# What the metadata of a failure has where the configuration is at fault.
MISUSE = "the configuration is at fault"
# Python writes the class with its module before the message; what is built in has no module.
_CLASS = re.compile(r"^(?:\w+\.)+\w+: ")


@dataclass(frozen=True)
class StepFailure:
    """A step that failed, and why, in plain words; `is_misuse`: by a wrong configuration."""

    step: str
    reason: str
    is_misuse: bool = False


def step_failures(events: Events) -> list[StepFailure]:
    """Return the steps that failed; the reason of a gate that blocked is its message."""
    messages = blocked_gates(events)
    return [
        StepFailure(
            event.step_key or "",
            messages.get(event.step_key) or _reason(event),
            _is_misuse(event),
        )
        for event in events
        if event.event_type == dg.DagsterEventType.STEP_FAILURE
    ]


def blocked_gates(events: Events) -> dict[str | None, str | None]:
    """Return the message of each gate that blocked, by its step."""
    return {
        event.step_key: event.asset_check_evaluation_data.description
        for event in events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and not event.asset_check_evaluation_data.passed
        and event.asset_check_evaluation_data.blocking
    }


def is_published(events: Events) -> bool:
    """Return whether the scorecard was published; page or Metabase may have failed afterwards."""
    return any(
        event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION
        and event.asset_key == PUBLISHED
        for event in events
    )


def _is_misuse(event: dg.DagsterEvent) -> bool:
    said = event.step_failure_data.user_failure_data
    return said is not None and MISUSE in said.metadata


def _reason(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data is not None and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return _CLASS.sub("", error.message.strip()) if error is not None else "no reason was given"
