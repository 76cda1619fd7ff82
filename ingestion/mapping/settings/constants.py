"""Constants in a column's section: as text in the notation of the source, and whether they fit.

What a validator finds in its context is said in `columns`.
"""

from datetime import date, datetime
from typing import Annotated

import pyarrow as pa
from pydantic import AfterValidator, StrictBool, ValidationInfo

from ingestion.contract import Column
from ingestion.mapping.convert.types import convert
from ingestion.mapping.declarations import Notation
from ingestion.sections import outer, wrong

SIGNS = ("decimal", "thousands")
Scalar = StrictBool | int | float | datetime | date | str


def text_of(value: Scalar) -> str:
    """Write a value as text, as concord.toml has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def constant_text(value: Scalar | None, target: Column, notation: Notation) -> str | None:
    """Write a number as the column's source would, so that both are read alike."""
    if value is None:
        return None
    is_fraction = isinstance(value, float) and target.is_number
    return text_of(value).replace(".", notation.decimal) if is_fraction else text_of(value)


def notation_of(info: ValidationInfo) -> Notation | None:
    """Return how values of the target are written; None if that is not known."""
    own, around = info.data, outer(info)
    target = around.get("target")
    if target is None or (target.is_moment and "format" not in own):
        return None
    if target.is_number and not all(sign in own and sign in around for sign in SIGNS):
        return None
    decimal, thousands = (own.get(sign) or around.get(sign) for sign in SIGNS)
    return Notation(decimal or ".", thousands, own.get("format", ()))


def refuse_unread(values: pa.Array, text: str | None, target: Column, notation: Notation) -> None:
    """Refuse a constant of which the column could not be made."""
    _, failures = convert(values, target, notation)
    for _, reason in failures[:1]:
        remedy = f"Correct it; docs/sources.md says what {target.name} may be"
        raise wrong(f"{text!r} {reason}", remedy)


def _loadable(constant: Scalar, info: ValidationInfo) -> Scalar:
    """Refuse a constant that would send every row with it to quarantine."""
    if notation := notation_of(info):
        target = outer(info)["target"]
        text = constant_text(constant, target, notation)
        refuse_unread(pa.array([text or None], pa.string()), text, target, notation)
    return constant


Constant = Annotated[Scalar, AfterValidator(_loadable)]
