"""What all sections of concord.toml have in common: their base, and values that several hold.

What a section may hold stands beside what it configures; how errors become faults that people
can read, in `faults`.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError


def wrong(problem: str, remedy: str, kind: str = "concord") -> PydanticCustomError:
    """Return an error for a validator to raise: what is wrong with a value, and what to do."""
    return PydanticCustomError(kind, "{problem}", {"problem": problem, "remedy": remedy})


class Section(BaseModel):
    """One table of concord.toml; a fault names the keys that there are.

    A required field's description says, to whom it is missing, what to add.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="wrap")
    @classmethod
    def _explain_keys(cls, given: Any, handler: ModelWrapValidatorHandler) -> Any:
        try:
            return handler(given)
        except ValidationError as error:
            errors = [cls._explained(each) for each in error.errors(include_url=False)]
        raise ValidationError.from_exception_data(cls.__name__, errors)

    @classmethod
    def _explained(cls, error: ErrorDetails) -> InitErrorDetails:
        context = error.get("ctx", {})
        kind: str | PydanticCustomError = error["type"]
        if "remedy" in context:
            kind = wrong(context["problem"], context["remedy"], error["type"])
        elif len(error["loc"]) == 1:
            kind = cls._explained_key(str(error["loc"][0]), error["type"])
        return {"type": kind, "loc": error["loc"], "input": error["input"], "ctx": context}

    @classmethod
    def _explained_key(cls, key: str, kind: str) -> str | PydanticCustomError:
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        if kind == "extra_forbidden":
            return unknown("there is no such key", key, tuple(fields))
        if kind == "missing" and fields[key].description:
            return wrong("is missing", f"Add it: {fields[key].description}", kind)
        return kind


def unknown(problem: str, name: str, known: Sequence[str]) -> PydanticCustomError:
    """Return the error of a name that is none of `known`, with the one that is probably meant."""
    near = get_close_matches(name, known, 1)
    advice = f"Did you mean {near[0]}? " if near else ""
    return wrong(problem, f"{advice}Use one of: {', '.join(known)}")


def refuse_beside(names: Sequence[str], given: Any, info: ValidationInfo) -> Any:
    """Refuse a value where one of the keys `names` before it is given, too."""
    others = [name.rstrip("_") for name in names if info.data.get(name) is not None]
    if others:
        keys = ", ".join(name.rstrip("_") for name in names)
        raise wrong(f"can't stand beside {others[0]}", f"Keep one of: {keys}")
    return given


def outer(info: ValidationInfo) -> Mapping[str, Any]:
    """Return what sections around this one hand down to it."""
    return info.context or {}


def _zone(name: str) -> str:
    if name not in _zones():
        raise wrong(f"there is no time zone {name!r}", "Write one such as Europe/Berlin")
    return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _filled(text: str) -> str:
    if not text.strip():
        raise wrong("is empty", "Fill it in")
    return text


def _listed(given: Any) -> Any:
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, list | tuple):
        raise wrong("is not a text or a list", "Write one text, or several in [ ]")
    return given


Filled = Annotated[str, AfterValidator(_filled)]
TimeZone = Annotated[str, AfterValidator(_zone)]
# One value or a list of them; in the end a tuple.
OneOrMore = BeforeValidator(_listed)
