"""How far a run is: steps and assets report, and a listener shows it.

Without a listener, as under `dagster dev`, Dagster's own log has the steps.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

import dagster as dg


class Listener(Protocol):
    """What is notified of a run: steps that start and end, and their messages in between."""

    def started(self, step: str) -> None: ...

    def reported(self, message: str) -> None: ...

    def finished(self, step: str, *, succeeded: bool) -> None: ...


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def say(message: str) -> None:
    """Report what the running step is doing to the listener, if there is one."""
    if (listener := _listener.get()) is not None:
        listener.reported(message)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Notify `listener` of what happens inside the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


class _StepEvents(logging.Handler):
    """Passes Dagster's step events on to the listener."""

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        listener = _listener.get()
        if event is None or listener is None or event.step_key is None:
            return
        if event.event_type == dg.DagsterEventType.STEP_START:
            listener.started(event.step_key)
        elif event.event_type == dg.DagsterEventType.STEP_SUCCESS:
            listener.finished(event.step_key, succeeded=True)
        elif event.event_type == dg.DagsterEventType.STEP_FAILURE:
            listener.finished(event.step_key, succeeded=False)


@dg.logger(config_schema={}, description="Reports each step to a terminal; prints nothing itself.")
def terminal_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """Return the logger that `concord run` puts in place of Dagster's console logger."""
    logger = logging.Logger("concord.steps", logging.DEBUG)
    logger.addHandler(_StepEvents())
    return logger
