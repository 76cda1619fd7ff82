"""How far a run is: steps and assets tell, and whoever listens shows it.

Nobody listening is fine: under `dagster dev` the same words are in Dagster's own log.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

import dagster as dg


class Listener(Protocol):
    """What hears of a run: its steps' beginnings and ends, and what they say meanwhile."""

    def started(self, step: str) -> None: ...

    def said(self, message: str) -> None: ...

    def finished(self, step: str, *, succeeded: bool) -> None: ...


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def say(message: str) -> None:
    """Tell the listener, if there is one, what the running step is doing."""
    if (listener := _listener.get()) is not None:
        listener.said(message)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let `listener` hear what happens inside the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


class _StepEvents(logging.Handler):
    """Turns Dagster's step events into words for the listener."""

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


@dg.logger(config_schema={}, description="Tells a terminal which step runs; prints nothing itself.")
def terminal_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """Return the logger that `concord run` puts in place of Dagster's console logger."""
    logger = logging.Logger("concord.steps", logging.DEBUG)
    logger.addHandler(_StepEvents())
    return logger
