"""JSON of servers' answers, as Python has it. What an answer means does not belong here."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any


def parsed(body: bytes) -> Any:
    """Return what a body holds, with its numbers' digits.

    ValueError, ArithmeticError or RecursionError if it is no JSON.
    """
    with _without_collector():
        return json.loads(body, parse_float=Decimal)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the collector of cycles, which would look through the growing tree again and again.

    In a tree are no cycles, and to look for them takes longer than to parse it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
