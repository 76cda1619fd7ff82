"""Paths: how a mapping names a value in a nested record, such as `contact.emails[first].value`.

What is found there belongs to `objects` (parsed JSON) and `nested` (Arrow). Columns of CSV files
and spreadsheets have names, and no paths.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

# Dots in brackets belong to the path within them.
DOT = re.compile(r"\.(?![^\[\]]*\])")
LISTED = re.compile(r"(.+?)\[(.+)\]")
FIRST, LAST = 0, -1
POSITIONS = {"first": FIRST, "last": LAST}
OWN_NAMES = (("id",), ("key",), ("name",))


@dataclass(frozen=True)
class Listed:
    """An element of the list `name`: at a position, or the first with `value` in one of `keys`.

    `text` is how all of it is written, which may also be the name of a field.
    """

    text: str
    name: str
    value: str = ""
    keys: tuple[tuple[str, ...], ...] = ()
    position: int | None = None


Steps = tuple[str | Listed, ...]


@cache
def steps(path: str) -> Steps:
    """Return the fields and elements through which a path leads."""
    return tuple(map(_step, DOT.split(path))) if path else ()


def selects(path: str) -> bool:
    """Return whether a path picks elements of lists, unless it is a name with brackets."""
    return any(isinstance(step, Listed) for step in steps(path))


def column_of(path: str, names: Collection[str]) -> str:
    """Return the column in which a path begins; one whose name is all of the path comes first."""
    if path in names:
        return path
    first = next(iter(steps(path)), "")
    if isinstance(first, str):
        return first
    return first.text if first.text in names else first.name


def is_within(path: str, rows: str | None) -> bool:
    """Return whether a path leads into the list of the rows."""
    return rows is not None and (path == rows or path.startswith(f"{rows}."))


def within(path: str, rows: str) -> Steps:
    """Return the steps of a path from an element of the list of the rows on."""
    return steps(path.removeprefix(rows).removeprefix("."))


def _step(text: str) -> str | Listed:
    found = LISTED.fullmatch(text)
    if not found:
        return text
    name, wanted = found.groups()
    if wanted in POSITIONS:
        return Listed(text, name, position=POSITIONS[wanted])
    key, equals, value = wanted.partition("=")
    if equals:
        return Listed(text, name, value, tuple(tuple(each.split(".")) for each in key.split("|")))
    return Listed(text, name, wanted, OWN_NAMES)
