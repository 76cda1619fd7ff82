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
NESTED = {dict, list}
NUMBERS = {int, Decimal}
# So many objects are taken apart at once, column by column.
_TAKEN_AT_ONCE = 1_000

# An object, and what makes its rows.
_Object = tuple[dict[str, Any], list[Any]]


@dataclass
class _Column:
    """The values at a path; `inside` is where it leads from an element of the rows on, if it does.

    An empty list makes no row, and its object has its own fields all the same.
    """

    path: str
    inside: Steps | None
    texts: list[str | None] = field(default_factory=list)
    are_numbers: list[bool] = field(default_factory=list)
    is_found: bool = False

    def take(self, objects: list[_Object]) -> None:
        """Take the value of each row of some objects."""
        if self.inside is None:
            found = _all_at([parsed for parsed, _ in objects], self.path)
            rows = zip(found, objects, strict=True)
            values = [value for value, (_, elements) in rows for _ in elements]
        else:
            inside = self.inside
            values = [_inside(each, inside) for _, elements in objects for each in elements]
            without_rows = [parsed for parsed, elements in objects if not elements]
            found = values + _all_at(without_rows, self.path)
        self.is_found = self.is_found or any(value is not MISSING for value in found)
        kinds = set(map(type, values))
        self.texts += map(str, values) if kinds == {int} else map(as_text, values)
        are_any = not kinds.isdisjoint(NUMBERS)
        self.are_numbers += map(_is_number, values) if are_any else [False] * len(values)


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
    _has_rows: bool = False
    _waiting: list[_Object] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = self.rows or ""
        self._columns = [
            _Column(path, within(path, rows) if rows and is_within(path, rows) else None)
            for path in self.wanted
        ]

    def read_parsed(
        self, values: Sequence[Any], first: int, problems: Sequence[str | None] | None = None
    ) -> None:
        """Read parsed values, of which the first one has the number `first`.

        `problems` are what `problem_of` says of them, where several readers read the same values.
        """
        if problems is None:
            problems = [problem_of(value, self.most_keys) for value in values]
        for number, (value, problem) in enumerate(zip(values, problems, strict=True)):
            if problem := problem or self._take_rows(value, number):
                original = written(value)[:LONGEST_ORIGINAL]
                self.rejects.append(Reject(first + number, "", problem, original))

    def picked(self) -> Picked:
        """Return what was read."""
        self._take()
        columns = {each.path: pa.array(each.texts, pa.string()) for each in self._columns}
        numbers = {
            each.path: pa.array(each.are_numbers) for each in self._columns if any(each.are_numbers)
        }
        found = {each.path for each in self._columns if each.is_found}
        found |= {self.rows} if self.rows and self._has_rows else set()
        return Picked(
            pa.table(columns or {"": pa.nulls(len(self._parents))}),
            np.array(self._parents, int),
            frozenset(found),
            numbers,
        )

    def lines(self) -> np.ndarray:
        """Return the numbers of the objects that were read, within their block."""
        return np.array(self._good, int)

    def add(self, parsed: dict[str, Any] | None, number: int) -> str | None:
        """Add an object's rows, or return why it has none."""
        return problem_of(parsed, self.most_keys) or self._take_rows(parsed or {}, number)

    def _take_rows(self, parsed: dict[str, Any], number: int) -> str | None:
        self.objects += 1
        elements = self._elements(parsed)
        if elements is None:
            return f"{self.rows} is not a list"
        self._waiting.append((parsed, elements))
        self._parents += [len(self._good)] * len(elements)
        self._good.append(number)
        if len(self._waiting) >= _TAKEN_AT_ONCE:
            self._take()
        return None

    def _take(self) -> None:
        """Take apart what waits, so that no more than that is kept as objects."""
        for column in self._columns:
            column.take(self._waiting)
        self._waiting.clear()

    def _elements(self, parsed: dict[str, Any]) -> list[Any] | None:
        """Return what makes an object's rows; None if `rows` is there and is not a list.

        PHP may write an empty list as {}, or as an empty text.
        """
        if not self.rows:
            return [parsed]
        listed = _at(parsed, self.rows)
        if listed is MISSING:
            return None if _is_blocked(parsed, self.rows) else []
        if listed in (None, {}, ""):
            listed = []
        if not isinstance(listed, list):
            return None
        self._has_rows = True
        return listed


def problem_of(value: Any, most_keys: int = MOST_KEYS) -> str | None:
    """Return why a value is no object that can be read; None if it is one."""
    if not isinstance(value, dict):
        return "is not a JSON object"
    keys = _key_count(value)
    return f"has {keys:,} keys, and {most_keys:,} are allowed" if keys > most_keys else None


def _key_count(parsed: dict[str, Any]) -> int:
    count, nested = 0, list[Any]([parsed])
    for value in nested:  # which grows
        inner = value
        if type(value) is dict:
            count += len(value)
            inner = value.values()
        nested += [each for each in inner if type(each) in NESTED]
    return count


def _all_at(objects: list[dict[str, Any]], path: str) -> list[Any]:
    """Return the value at a path in each of some objects, as `_at` does."""
    way = steps(path)
    if way == (path,):
        return [parsed.get(path, MISSING) for parsed in objects]
    return [parsed[path] if path in parsed else _inside(parsed, way) for parsed in objects]


def _at(parsed: dict[str, Any], path: str) -> Any:
    """Return the value at a path; a field whose name is all of the path comes first."""
    return parsed[path] if path in parsed else _inside(parsed, steps(path))


def _inside(value: Any, path: Steps) -> Any:
    for step in path:
        if not isinstance(value, dict):
            return MISSING
        value = value.get(step, MISSING) if isinstance(step, str) else _element(value, step)
    return value


def _is_blocked(parsed: dict[str, Any], path: str) -> bool:
    """Return whether a path leads through something that has no fields, and is not empty."""
    way = steps(path)
    above = (_inside(parsed, way[:end]) for end in range(1, len(way)))
    return any(each and each is not MISSING and not isinstance(each, dict) for each in above)


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
    return type(value) in NUMBERS


def as_text(value: Any) -> str | None:
    """Write a value as text: numbers as Arrow does, what is nested as JSON."""
    if isinstance(value, str):
        return value if value.isascii() else LONE_SURROGATE.sub("\ufffd", value)
    if value is None or value is MISSING:
        return None
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
