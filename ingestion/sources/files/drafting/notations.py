"""How the texts of a column are written: times, numbers, what means no value, and which words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column, Type
from ingestion.mapping.convert.numbers import decimals
from ingestion.mapping.convert.times import parse
from ingestion.mapping.convert.types import booleans
from ingestion.mapping.declarations import Notation
from ingestion.sources.files.drafting import vocabularies

NO_DATES = ("00.00.0000", "0000-00-00", "0000-00-00 00:00:00")
NO_SECONDS = ("0",)  # since 1970
NULLS = (*NO_DATES, "-", "--", "n/a", "na", "null", "none", "\\n", "(none)", "no value", "no agent")
CURRENCIES = "€$£¥₹"
BLANKS = " \u00a0\u202f"
NUMBERS = ((".", None), (".", ","), (",", "."), (",", None), (",", " "), (".", " "), (".", "'"))
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %H:%M %z", " %H:%M:%S %z")
DAY_FIRST = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
WORDS = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%Y/%m/%d")
OTHERS = ("%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z")
FORMATS = (
    "iso",
    *(day + clock for day, clock in product((*DAY_FIRST, *MONTH_FIRST, *WORDS), CLOCKS)),
    *OTHERS,
)
MOST_WORDS = 30
# HubSpot writes behind a state whose it is: Closed (Support Pipeline).
_PIPELINE = re.compile(r"(?<=\S) \([^()]*\)$")
MEANING = "what each value means"

Order = Literal["day", "month"]


@dataclass(frozen=True)
class Reading:
    """The keys with which all texts of a column can be read, and what about them was guessed.

    Where there are such texts, `only` rows with one of those are the entity's.
    """

    keys: dict[str, Any] = field(default_factory=dict)
    guessed: str = ""
    only: tuple[str, ...] = ()


def reading(
    entity: str, target: Column, name: str, values: pa.Array, order: Order | None = None
) -> Reading | None:
    """Return how a column can be read as the contract's; None if it can't, or is empty.

    `order` is the order of day and month in other columns of the file, if that is known.
    """
    if pa.types.is_temporal(values.type):
        return Reading() if target.is_moment else None
    texts, nulls = _filled(values, NO_SECONDS if target.is_moment else ())
    if target.type is Type.TEXT and not target.values and not target.name.endswith("_id"):
        nulls = []
    if not len(texts):
        return None
    found = _reading(entity, target, name, texts, order)
    if found is None or not nulls:
        return found
    guessed = [*filter(None, [found.guessed]), "texts that mean no value"]
    return Reading({**found.keys, "null_values": nulls}, "; ".join(guessed), found.only)


def day_order(values: pa.Array) -> Order | None:
    """Return whether days or months stand first in times, if all of them read in one way alone."""
    if pa.types.is_temporal(values.type):
        return None
    texts, _ = _filled(values, NO_SECONDS)
    orders = {_order(form) for form in _formats(texts)} if len(texts) else set()
    return orders.pop() if len(orders) == 1 else None


def _filled(values: pa.Array, also: Sequence[str] = ()) -> tuple[pa.Array, list[str]]:
    """Return the different texts of a column, and those that mean no value, `also` among them."""
    texts = pc.unique(pc.drop_null(pc.cast(values, pa.string())))
    texts = texts.filter(pc.not_equal(texts, ""))
    nulls = [text for text in texts.to_pylist() if text.lower() in (*NULLS, *also)]
    return texts.filter(pc.invert(pc.is_in(texts, pa.array(nulls, pa.string())))), nulls


def _order(form: str) -> Order | None:
    return (
        "day" if form.startswith(DAY_FIRST) else "month" if form.startswith(MONTH_FIRST) else None
    )


def _reading(
    entity: str, target: Column, name: str, texts: pa.Array, order: Order | None
) -> Reading | None:
    if target.is_moment:
        return _moments(texts, order)
    words = _words(entity, target, name, texts)
    if words or target.values:
        return words
    if target.is_number:
        return _numbers(texts)
    return _flags(texts) if target.type is Type.BOOLEAN else Reading()


def _moments(texts: pa.Array, order: Order | None) -> Reading | None:
    formats = list(_formats(texts))
    formats = [form for form in formats if order in (None, _order(form))] or formats
    if not formats:
        return None
    form = formats[0]
    keys = {} if form == "iso" else {"format": form}
    others = [each for each in formats if _order(each) != _order(form)]
    if others:
        return Reading(keys, f"the order of day and month; {others[0]} reads them all, too")
    return Reading(keys, "" if form == "iso" else "the format")


def _formats(texts: pa.Array) -> Iterator[str]:
    """Yield the formats that read every text; seconds since 1970 only of our time."""
    if pc.all(pc.match_substring_regex(texts, r"^1\d{9}(\.\d+)?$")).as_py():
        yield "unix"
    elif pc.all(pc.match_substring_regex(texts, r"^1\d{12}$")).as_py():
        yield "unix_ms"
    for form in FORMATS:
        first = texts.slice(0, 1)
        if parse(first, (form,), "UTC")[0].null_count == 0 and _reads(form, texts):
            yield form


def _reads(form: str, texts: pa.Array) -> bool:
    return parse(texts, (form,), "UTC")[0].null_count == 0


def _numbers(texts: pa.Array) -> Reading | None:
    """Return how numbers can be read, also with the sign of one currency before or behind them."""
    plain = _plain_numbers(texts)
    present = "".join(_among(texts, CURRENCIES))
    if plain or len(present) != 1:
        return plain
    around = present + "".join(_among(texts, BLANKS))
    found = _plain_numbers(pc.utf8_trim(texts, around))
    return Reading({"strip": around, **found.keys}, found.guessed or "the signs") if found else None


def _among(texts: pa.Array, signs: str) -> list[str]:
    return [sign for sign in signs if pc.any(pc.match_substring(texts, sign)).as_py()]


def _plain_numbers(texts: pa.Array) -> Reading | None:
    found: list[tuple[str, str | None, pa.Array]] = []
    for decimal, thousands in NUMBERS:
        numbers = decimals(texts, Notation(decimal, thousands))
        if numbers.null_count == 0:
            found.append((decimal, thousands, numbers))
    if not found:
        return None
    decimal, thousands, numbers = found[0]
    keys = {} if decimal == "." else {"decimal": decimal}
    keys |= {"thousands": thousands} if thousands else {}
    others = [sign for sign, _, read in found if not read.equals(numbers)]
    if others:
        return Reading(keys, f'the signs; decimal = "{others[0]}" reads them all, too')
    return Reading(keys, "the signs" if keys else "")


def _words(entity: str, target: Column, name: str, texts: pa.Array) -> Reading | None:
    """Map words to those of the contract; None if there are words of which nobody knows."""
    given = sorted(each for each in texts.to_pylist() if not _is_gone(target, each))
    numbered = vocabularies.NUMBERED.get((target.name, name), {})
    if given and all(each in numbered for each in given):
        return Reading({"map": {each: numbered[each] for each in given}}, "what each number means")
    known = vocabularies.meanings(entity, target.name, name)
    own = tuple(each for each in given if each.lower() in known)
    if own and vocabularies.is_selecting(entity, target.name, name):
        # a word that comes later only would leave its rows out without a word
        is_upper = any(each[0].isupper() for each in own)
        likely = vocabularies.following(own[0].lower(), known)
        others = [each.title() if is_upper else each for each in likely]
        only = tuple(dict.fromkeys((*own, *others)))
        return Reading({"map": {each: known[each.lower()] for each in only}}, MEANING, only)
    words = _meanings(entity, target, name, given)
    if None in words.values() or len(given) > MOST_WORDS:
        return None
    changed = {each: word for each, word in words.items() if each != word}
    return Reading({"map": changed}, MEANING) if changed else Reading()


def unknown_words(entity: str, target: Column, name: str, values: pa.Array) -> list[str]:
    """Return the words for which a column is left out, where others of it are known.

    A state is named by all of its words, too: without it rows count otherwise.
    """
    texts = _filled(values)[0].to_pylist()
    words = _meanings(entity, target, name, [each for each in texts if not _is_gone(target, each)])
    unknown = sorted(each for each, word in words.items() if word is None)
    is_likely = len(unknown) < len(words) or target.name == "status"
    return unknown if target.values and is_likely and len(words) <= MOST_WORDS else []


def _meanings(
    entity: str, target: Column, name: str, given: Sequence[str]
) -> dict[str, str | None]:
    """Return what words mean in the contract; None for those of which nobody knows."""
    known = vocabularies.meanings(entity, target.name, name)
    otherwise = vocabularies.OTHERWISE.get((entity, target.name))
    own = {each: each for each in given if each in target.values}
    plain = {each: _PIPELINE.sub("", each.lower()) for each in given}
    return {each: known.get(word, otherwise) for each, word in plain.items()} | own


def _is_gone(target: Column, word: str) -> bool:
    """Return whether rows with this word are left out, whatever else it means."""
    return target.name == "status" and word.lower() in vocabularies.GONE


def _flags(texts: pa.Array) -> Reading | None:
    if booleans(texts).null_count == 0:
        return Reading()
    words = {each: vocabularies.FLAGS.get(each.lower()) for each in texts.to_pylist()}
    return None if None in words.values() else Reading({"map": words}, MEANING)
