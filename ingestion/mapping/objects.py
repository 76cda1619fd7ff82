"""JSON objects as records, one by one: right also where a field has several types.

Where objects come from, and what Arrow can read as a whole block, doesn't belong here.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from ingestion.mapping.nested import Picked
from ingestion.mapping.paths import Listed, Steps, is_within, steps, within
from ingestion.rows import LONGEST_ORIGINAL, Reject

MOST_KEYS = 10_000
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# The powers of ten that Arrow's decimals write without an exponent.
PLAIN_POWERS = range(-6, 46)
MISSING = object()


@dataclass
class ObjectReader:
    """The wanted paths of some objects as text, and the objects that can't be read.

    With `rows`, each element of the list at that path is a row. An object of more keys than
    `most_keys` is rejected.
    """

    wanted: tuple[str, ...]
    rows: str | None
    most_keys: int = MOST_KEYS
    rejects: list[Reject] = field(default_factory=list)
    objects: int = 0
    _good: list[int] = field(default_factory=list)
    _parents: list[int] = field(default_factory=list)
    _found: set[str] = field(default_factory=set)
    _texts: dict[str, list[str | None]] = field(default_factory=dict)
    _numbers: dict[str, list[bool]] = field(default_factory=dict)

    def read_parsed(self, values: Sequence[Any], first: int) -> None:
        """Read parsed values, of which the first one has the number `first`."""
        for number, value in enumerate(values):
            problem = self.add(value if isinstance(value, dict) else None, number)
            if problem:
                original = written(value)[:LONGEST_ORIGINAL]
                self.rejects.append(Reject(first + number, "", problem, original))

    def picked(self) -> Picked:
        """Return what was read."""
        columns = {
            path: pa.array(self._texts.get(path, []), pa.string()) for path in self.wanted
        } or {"": pa.nulls(len(self._parents))}
        numbers = {path: pa.array(are) for path, are in self._numbers.items() if any(are)}
        return Picked(
            pa.table(columns), np.array(self._parents, int), frozenset(self._found), numbers
        )

    def lines(self) -> np.ndarray:
        """Return the numbers of the objects that were read, within their block."""
        return np.array(self._good, int)

    def add(self, parsed: dict[str, Any] | None, number: int) -> str | None:
        """Add an object's rows, or return why it has none."""
        if parsed is None:
            return "is not a JSON object"
        if (keys := _key_count(parsed)) > self.most_keys:
            return f"has {keys:,} keys, and {self.most_keys:,} are allowed"
        self.objects += 1
        elements = self._elements(parsed)
        if elements is None:
            return f"{self.rows} is not a list"
        for path in self.wanted:
            values = _values(parsed, elements, path, self.rows)
            # an empty list makes no row, and its object has its own fields all the same
            if any(value is not MISSING for value in values or [_at(parsed, path)]):
                self._found.add(path)
            self._texts.setdefault(path, []).extend(map(as_text, values))
            self._numbers.setdefault(path, []).extend(map(_is_number, values))
        self._parents += [len(self._good)] * len(elements)
        self._good.append(number)
        return None

    def _elements(self, parsed: dict[str, Any]) -> list[Any] | None:
        """Return what makes an object's rows; None if `rows` is there and is not a list.

        PHP may write an empty list as {}, or as an empty text.
        """
        if not self.rows:
            return [parsed]
        listed = _at(parsed, self.rows)
        if listed is MISSING:
            return []
        if listed in (None, {}, ""):
            listed = []
        if not isinstance(listed, list):
            return None
        self._found.add(self.rows)
        return listed


def _key_count(parsed: dict[str, Any]) -> int:
    count, waiting = 0, list[Any]([parsed])
    while waiting:
        value = waiting.pop()
        inner = value.values() if isinstance(value, dict) else value
        count += len(value) if isinstance(value, dict) else 0
        waiting += [each for each in inner if isinstance(each, dict | list)]
    return count


def _values(parsed: dict[str, Any], elements: list[Any], path: str, rows: str | None) -> list[Any]:
    """Return the value at a path for each row of an object."""
    if rows and is_within(path, rows):
        inside = within(path, rows)
        return [_inside(element, inside) for element in elements]
    return [_at(parsed, path)] * len(elements)


def _at(parsed: dict[str, Any], path: str) -> Any:
    """Return the value at a path; a field whose name is all of the path comes first."""
    return parsed[path] if path in parsed else _inside(parsed, steps(path))


def _inside(value: Any, path: Steps) -> Any:
    for step in path:
        if not isinstance(value, dict):
            return MISSING
        value = value.get(step, MISSING) if isinstance(step, str) else _element(value, step)
    return value


def _element(parsed: dict[str, Any], step: Listed) -> Any:
    """Return the element of a list that is meant; a field that is called so comes first."""
    if step.text in parsed:
        return parsed[step.text]
    listed = parsed.get(step.name)
    if not listed or not isinstance(listed, list):
        return MISSING
    if step.position is not None:
        return listed[step.position]
    return next((each for each in listed if _is_meant(each, step)), MISSING)


def _is_meant(element: Any, step: Listed) -> bool:
    """Return whether an element has the value that a path asks for; 17 and "17" are one."""
    return any(as_text(_inside(element, key)) == step.value for key in step.keys)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def as_text(value: Any) -> str | None:
    """Write a value as text: numbers as Arrow does, what is nested as JSON."""
    if value is None or value is MISSING:
        return None
    if isinstance(value, str):
        return LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, Decimal):
        return _plain(value)
    return str(value) if _is_number(value) else written(value)


def written(value: Any) -> str:
    """Write a value as JSON, in the letters that people read."""
    return LONE_SURROGATE.sub("\ufffd", json.dumps(value, default=float, ensure_ascii=False))


def _plain(number: Decimal) -> str:
    """Write a number without needless zeros, and without an exponent unless it is extreme."""
    if not number:
        return "0"
    if number.adjusted() not in PLAIN_POWERS:
        return str(number)
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
