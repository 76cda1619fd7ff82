"""Errors of pydantic as faults: each by its key, with what is wrong and what to do.

Faults name keys as they stand in the file, and say in plain words what pydantic found.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ingestion.errors import ConfigurationFaults, Fault

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
    "date": "a date such as 2024-01-31",
    "time": "a time such as 09:00",
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
    "missing": "is missing",
    "timezone_aware": "has no offset; such as 2018-01-01T00:00:00Z",
}


def key_of(parent: str, part: str | int) -> str:
    """Write the key of an entry as concord.toml has it; entries of lists count from 0."""
    if isinstance(part, int):
        return f"{parent}[{part}]"
    name = part if BARE_KEY.fullmatch(part) else json.dumps(part, ensure_ascii=False)
    return f"{parent}.{name}" if parent else name


def is_within(key: str, outer: str) -> bool:
    """Return whether a key is another one, or lies below it."""
    return key == outer or key.startswith((f"{outer}.", f"{outer}["))


def read_section(
    model: type[Model], section: Mapping[str, Any], key: str, docs: str, **context: Any
) -> Model:
    """Read the section at `key` by its model; ConfigurationFaults names every fault of it.

    `docs` says which keys there are; `context` is for the model's validators.
    """
    try:
        return model.model_validate(section, context=context)
    except ValidationError as error:
        found = faults_of(error, section, key, docs)
    raise ConfigurationFaults(found)


def faults_of(
    error: ValidationError, section: Mapping[str, Any], prefix: str, docs: str
) -> list[Fault]:
    """Turn pydantic's errors into faults, one for each key."""
    found: dict[str, list[ErrorDetails]] = {}
    for each in error.errors(include_url=False, include_input=False):
        key = prefix
        for part in _place(section, each):
            key = key_of(key, part)
        found.setdefault(key, []).append(each)
    return [_fault(key, errors, docs) for key, errors in found.items()]


def _place(section: Mapping[str, Any], error: ErrorDetails) -> list[str | int]:
    """Return an error's location as keys of the section, without the names that pydantic adds."""
    place: list[str | int] = []
    here: Any = section
    for part in error["loc"]:
        is_index = isinstance(part, int) and isinstance(here, list | tuple)
        if is_index or (isinstance(here, Mapping) and part in here):
            here = here[part]
            place.append(part)
    if error["type"] == "missing":
        place.append(error["loc"][-1])
    return place


def _fault(key: str, errors: list[ErrorDetails], docs: str) -> Fault:
    for each in errors:
        if "remedy" in each.get("ctx", {}):
            return Fault(key, each["ctx"]["problem"], each["ctx"]["remedy"])
    action = "Add it" if errors[0]["type"] == "missing" else "Correct the value"
    return Fault(key, _problem(errors), f"{action}; {docs} shows how")


def _problem(errors: list[ErrorDetails]) -> str:
    """Say what is wrong; a value that may be of several kinds has an error for each."""
    kinds = [match[1] for each in errors if (match := WRONG_KIND.fullmatch(each["type"]))]
    if kinds:
        *others, last = dict.fromkeys(KINDS.get(kind, f"a {kind}") for kind in kinds)
        return f"is not {', '.join(others)} or {last}" if others else f"is not {last}"
    first = errors[0]
    if first["type"] in LIMITS:
        return LIMITS[first["type"]].format(**first.get("ctx", {}))
    return first["msg"].removeprefix("Value error, ")
