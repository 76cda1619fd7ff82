"""One deadline for a piece of work that may wait in several places."""

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

Done = TypeVar("Done")

# Pieces of work that wait for a thread; None ends it.
_Waiting = SimpleQueue[Callable[[], None] | None]


class Worker:
    """Does one piece of work after the other in a thread, each by a time.

    A server that drips headers, or says "100 Continue" for ever, runs into no time-out of requests:
    the thread that waits for it is left behind, and another one takes its place.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def within(self, ends_at: float, work: Callable[[], Done]) -> Done:
        """Return what some work comes to by a time, else raise a TimeoutError."""
        future: Future[Done] = Future()

        def run() -> None:
            try:
                future.set_result(work())
            except BaseException as error:  # the caller's thread raises it
                future.set_exception(error)

        if self._thread is None or not self._thread.is_alive():  # none survives a fork
            self._hire()
        self._waiting.put(run)
        try:
            return future.result(max(ends_at - time.monotonic(), 0))
        except TimeoutError:
            self._dismiss()
            self._thread = None
            raise

    def _hire(self) -> None:
        self._waiting: _Waiting = SimpleQueue()
        self._dismiss: Callable[[], Any] = weakref.finalize(self, self._waiting.put, None)
        self._thread = threading.Thread(target=_work_off, args=(self._waiting,), daemon=True)
        self._thread.start()


def _work_off(waiting: _Waiting) -> None:
    """Do what waits; the thread holds nothing of the worker, and so ends with it."""
    while work := waiting.get():
        work()
        del work
