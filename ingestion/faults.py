"""Sections of concord.toml against their models: each fault by its key, and what is right.

Faults name keys as they stand in the file, and say in plain words what pydantic found. What a
value means, once it has the right shape, is for whoever owns the section.
"""

import copy
import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ingestion.errors import Fault

Model = TypeVar("Model", bound=BaseModel)
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
WRONG_KIND = re.compile(
    r"(model|dict|list|tuple|string|int|float|bool|datetime|date|time)_(type|parsing|from_\w+)"
)
KINDS = {
    "model": "a table",
    "dict": "a table",
    "tuple": "a list",
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "datetime": "a date with a time",
}
LIMITS = {
    "greater_than": "is too small; more than {gt:g}",
    "greater_than_equal": "is too small; {ge:g} at least",
    "less_than_equal": "is too large; {le:g} at most",
    "too_short": "has too few entries; {min_length} at least",
    "string_too_short": "has too few characters; {min_length} at least",
    "string_too_long": "has too many characters; {max_length} at most",
    "finite_number": "is not a finite number",
    "literal_error": "is not {expected}",
    "timezone_aware": "has no offset; such as 2018-01-01T00:00:00Z",
}
# The faulty keys go, required ones among them get a stand-in, and a stand-in may be refused.
ROUNDS = 3


def key_of(parent: str, part: str | int) -> str:
    """Write the key of an entry as concord.toml has it; entries of lists count from 0."""
    if isinstance(part, int):
        return f"{parent}[{part}]"
    name = part if BARE_KEY.fullmatch(part) else json.dumps(part, ensure_ascii=False)
    return f"{parent}.{name}" if parent else name


def is_within(key: str, outer: str) -> bool:
    """Tell whether a key is another one, or lies below it."""
    return key == outer or key.startswith((f"{outer}.", f"{outer}["))


def read_section(
    model: type[Model], section: Mapping[str, Any], prefix: str, docs: str
) -> tuple[Model | None, list[Fault]]:
    """Return a section without its faulty keys, and the faults; None if too little is left.

    Required keys that are missing or faulty stand as an empty text.
    """
    faults: list[Fault] = []
    rest = copy.deepcopy(dict(section))
    for _ in range(ROUNDS):
        try:
            return model.model_validate(rest), faults
        except ValidationError as error:
            faults = faults or shape_faults(error, section, prefix, docs)
            _mend(rest, error)
    return None, faults


def shape_faults(
    error: ValidationError, section: Mapping[str, Any], prefix: str, docs: str
) -> list[Fault]:
    """Turn pydantic's errors into faults, one for each key; `docs` says which keys there are."""
    found: dict[str, list[Any]] = {}
    for each in error.errors(include_url=False, include_input=False):
        key = prefix
        for part in _place(section, each):
            key = key_of(key, part)
        found.setdefault(key, []).append(each)
    # A text or a list of texts: that an entry of the list is wrong says all.
    innermost = [
        key for key in found if not any(other != key and is_within(other, key) for other in found)
    ]
    return [_fault(key, found[key], docs) for key in innermost]


def _place(section: Mapping[str, Any], error: Any) -> tuple[str | int, ...]:
    """Follow an error's location through the section: pydantic adds names of its own to it."""
    place: list[str | int] = []
    here: Any = section
    for part in error["loc"]:
        is_index = isinstance(part, int) and isinstance(here, list)
        if is_index or (isinstance(here, Mapping) and part in here):
            here = here[part]
            place.append(part)
    if error["type"] == "missing":
        place.append(error["loc"][-1])
    return tuple(place)


def _fault(key: str, errors: list[Any], docs: str) -> Fault:
    first = errors[0]
    if first["type"] == "extra_forbidden":
        return Fault(key, "there is no such key", f"Remove or rename it; {docs} lists the keys")
    if first["type"] == "missing":
        return Fault(key, "is missing", f"Add it; {docs} shows how")
    return Fault(key, _problem(errors), f"Correct the value; {docs} shows how")


def _problem(errors: list[Any]) -> str:
    """Say what is wrong; a value that may be of several kinds has an error for each."""
    kinds = [match[1] for each in errors if (match := WRONG_KIND.fullmatch(each["type"]))]
    if kinds:
        *others, last = dict.fromkeys(KINDS.get(kind, f"a {kind}") for kind in kinds)
        return f"is not {', '.join(others)} or {last}" if others else f"is not {last}"
    first = errors[0]
    if first["type"] in LIMITS:
        return LIMITS[first["type"]].format(**first.get("ctx", {}))
    return first["msg"].removeprefix("Value error, ")


def _mend(rest: dict[str, Any], error: ValidationError) -> None:
    """Take the faulty keys out of a section; entries of lists stay, so that the others count."""
    kinds = {_place(rest, each): each["type"] for each in error.errors(include_url=False)}
    for *above, last in sorted(filter(None, kinds), key=len, reverse=True):
        kind = kinds[*above, last]
        holder: Any = rest
        for part in above:
            holder = holder[part]
        if kind == "missing":
            holder[last] = ""
        elif isinstance(last, int):
            holder[last] = {} if kind == "model_type" else ""
        else:
            holder.pop(last, None)
