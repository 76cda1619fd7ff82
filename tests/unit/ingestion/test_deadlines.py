"""What can go wrong with work that has to end by a time."""

import threading
import time

import pytest

from ingestion.deadlines import Worker


def soon() -> float:
    return time.monotonic() + 5


def test_work_that_never_ends_holds_up_no_other_work():
    worker, end = Worker(), threading.Event()
    with pytest.raises(TimeoutError):
        worker.within(time.monotonic() + 0.05, end.wait)
    assert worker.within(soon(), lambda: "done") == "done"
    end.set()


def test_an_error_is_raised_where_it_is_waited_for_and_the_next_work_is_done():
    worker = Worker()
    with pytest.raises(ZeroDivisionError):
        worker.within(soon(), lambda: 1 // 0)
    assert worker.within(soon(), lambda: "done") == "done"


def test_one_thread_does_all_work_and_ends_with_its_worker():
    worker = Worker()
    threads = {worker.within(soon(), threading.current_thread) for _ in range(20)}
    del worker
    (thread,) = threads
    thread.join(5)
    assert not thread.is_alive()
