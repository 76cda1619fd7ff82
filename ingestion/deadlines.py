"""One deadline for a piece of work that may wait in several places."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Done = TypeVar("Done")


def within(ends_at: float, work: Callable[[], Done]) -> Done:
    """Return what some work comes to by a time, else raise a TimeoutError.

    A server that drips headers, or says "100 Continue" for ever, runs into no time-out of requests:
    the thread that waits for it is left behind.
    """
    future: Future[Done] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # the caller's thread raises it
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(max(ends_at - time.monotonic(), 0))
