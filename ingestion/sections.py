"""What all sections of concord.toml have in common: a base model, and types of several fields.

The model of a section belongs to the package that the section configures; how its errors become
faults that people can read, to `faults`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, ClassVar, Self
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
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError


def wrong(problem: str, remedy: str, kind: str = "concord") -> PydanticCustomError:
    """Return an error for a validator to raise: what is wrong with a value, and what to do."""
    return PydanticCustomError(kind, "{problem}", {"problem": problem, "remedy": remedy})


class Section(BaseModel):
    """One table of concord.toml, which has exactly one of the keys `one_of`, if there are such.

    A required field's description says, where the field is missing, what to add.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    one_of: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _explain_keys(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        errors: list[InitErrorDetails] = []
        if isinstance(given, Mapping) and (problem := cls._not_one(given)):
            errors.append({"type": problem, "loc": (), "input": given})
        try:
            section = handler(given)
        except ValidationError as error:
            errors += [cls._explained(each) for each in error.errors(include_url=False)]
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, errors)
        return section

    @classmethod
    def _not_one(cls, given: Mapping[str, Any]) -> PydanticCustomError | None:
        """Return what is wrong with the keys of which one is needed; a misspelt key may be it."""
        found, keys = [key for key in cls.one_of if key in given], ", ".join(cls.one_of)
        if len(found) > 1:
            return wrong(f"has {' and '.join(found)} at once", f"Keep one of: {keys}")
        if cls.one_of and not found and given.keys() <= cls._fields().keys():
            return wrong(f"has none of {keys}", "Give one of them")
        return None

    @classmethod
    def _fields(cls) -> dict[str, FieldInfo]:
        return {field.alias or name: field for name, field in cls.model_fields.items()}

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
        fields = cls._fields()
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


def outer(info: ValidationInfo) -> Mapping[str, Any]:
    """Return what the sections around this one hand down to it."""
    return info.context or {}


def _zone(name: str) -> str:
    if name not in _zones():
        raise wrong(f"there is no time zone {name!r}", "Write one such as Europe/Berlin")
    return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def filled(text: str) -> str:
    """Refuse a text of nothing but spaces."""
    if not text.strip():
        raise wrong("is empty", "Fill it in")
    return text


def _listed(given: Any) -> Any:
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, list | tuple):
        raise wrong("is not a text or a list", "Write one text, or several in [ ]")
    return given


def _sign(sign: str) -> str:
    """Refuse what stands in numbers for something else: taken out of them it would change them."""
    if any(each.isalnum() or each in "+-()" for each in sign):
        raise wrong(f"{sign!r} is no sign between digits", "Write one such as . or ,")
    return sign


def _day(given: Any) -> Any:
    """Refuse numbers, which pydantic reads as seconds; take the day of a time."""
    if not isinstance(given, date | str):
        raise wrong("is not a date", "Write one such as 2024-01-31")
    return given.date() if isinstance(given, datetime) else given


Day = Annotated[date, BeforeValidator(_day)]
Sign = Annotated[str, AfterValidator(_sign)]
Filled = Annotated[str, AfterValidator(filled)]
TimeZone = Annotated[str, AfterValidator(_zone)]
# One text or a list of them, for a field that is a tuple.
OneOrMore = BeforeValidator(_listed)
