"""One list of a vendor: so many records, a minute apart, that are made when they are asked for."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

BEGIN = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
_STEP = 60
# So many different texts and figures there are; numbers, persons and times differ each time.
VARIANTS = 50


class Vendor(Protocol):
    """What answers requests, and is told its address."""

    url: str

    @property
    def records(self) -> int:
        """How many records there are in all lists."""

    def answer(self, path: str, params: Mapping[str, str], body: bytes) -> bytes | None:
        """Return what a request gets; None if there is nothing at its path."""


@dataclass(frozen=True)
class Listing:
    """The records of a list by their number, in pages of a size, the oldest first."""

    length: int
    size: int
    record: Callable[[int], bytes]

    def page(self, start: int) -> tuple[bytes, int, bool]:
        """Return the page from a record on as JSON, where it ends, and whether more follow."""
        end = min(start + self.size, self.length)
        return b"[%s]" % b",".join(map(self.record, range(start, end))), end, end < self.length


def second(number: int) -> int:
    """Return when a record changed, in seconds since 1970."""
    return BEGIN + number * _STEP


def first_since(at: int) -> int:
    """Return the number of the first record that changed at a time or later."""
    return max(-((BEGIN - at) // _STEP), 0)


def templates(make: Callable[[int], dict[str, Any]]) -> Sequence[bytes]:
    """Return the JSON of some records, in which words are filled in for each.

    %(id)d as all of a text is a number in JSON, and %(id)i a text.
    """
    texts = (json.dumps(make(variant)) for variant in range(VARIANTS))
    return [re.sub(r'"(%\(\w+\)d\d?)"', r"\1", text).encode() for text in texts]


def filled(templates: Sequence[bytes], number: int) -> bytes:
    """Return the JSON of a record: its number, the person whose it is, and its time."""
    at = second(number)
    moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    key, person = number + 1, number * 7919 % 50_000 + 1
    words = {b"id": key, b"person": person, b"at": moment, b"second": at}
    return templates[number % len(templates)] % words
