"""Which rows of a file are an entity's, and what becomes of several with one key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column, Type
from ingestion.sources.files.drafting import synonyms, vocabularies
from ingestion.sources.files.drafting.contents import count, has_gaps, repeat, values_of
from ingestion.sources.files.drafting.draft import Draft
from ingestion.sources.files.drafting.notations import reading
from ingestion.sources.files.drafting.samples import named
from ingestion.sources.files.drafting.telling import entity_of, origins_of

# Columns without which a row is something else.
DECIDING = {"satisfaction_ratings": "score", "messages": "text"}
SUMMED = {"gross_amount": "sum", "margin_amount": "sum", "ordered_at": "min"}

# So many rows a key have lines of orders, and not orders of which some came twice.
MANY_LINES = 1.1

# A condition, and why it was guessed.
Guessed = tuple[dict[str, Any], str]


def with_rows(draft: Draft, only: Mapping[str, Sequence[str]]) -> Draft:
    """Add a section's conditions, and how rows with one key fold; `only` has words by column."""
    conditions = [*_words(only), *_deciding(draft, only), *_marks(draft), *_gone(draft)]
    if "join" in draft.columns[draft.entity.key[0]].keys:
        draft = _sent(draft)
    elif repeat(draft.records, draft.key):
        first = _first_of_key(draft)
        conditions += first
        draft = _lines(draft) if first else _folded(draft)
    if not conditions:
        return draft
    where = [condition for condition, _ in conditions]
    why = "; ".join(dict.fromkeys(why for _, why in conditions))
    return _with(draft, "where", where, why)


def _words(only: Mapping[str, Sequence[str]]) -> Iterator[Guessed]:
    for column, words in only.items():
        yield {"column": column, "is": list(words)}, "other values are something else"


def _deciding(draft: Draft, only: Mapping[str, Sequence[str]]) -> Iterator[Guessed]:
    guess = draft.columns.get(DECIDING.get(draft.entity.name, ""))
    origin = guess.origin if guess else None
    if origin and origin not in only and has_gaps(draft.records, origin):
        yield {"column": origin, "is_set": True}, "rows without it are something else"


def _marks(draft: Draft) -> Iterator[Guessed]:
    """Yield that rows that are marked so, such as test orders, are left out."""
    for column in draft.files[0].columns:
        if named(column) in synonyms.LEFT_OUT and column not in draft.used:
            values = values_of(draft.files, column)
            flag = reading("", Column(column, Type.BOOLEAN), "", values)
            if flag is not None and not flag.keys:
                yield {"column": column, "is_not": True}, "rows that are marked so don't count"


def _gone(draft: Draft) -> Iterator[Guessed]:
    """Yield that rows of which the status says that they were deleted are left out.

    It may be that of a ticket whose rating stands in its row.
    """
    main = entity_of(draft.files[0]) or draft.entity
    origin = origins_of(main.name, draft.files[0]).get("status")
    if origin is None or (main is not draft.entity and origin in draft.used):
        return
    texts = pc.unique(pc.cast(values_of(draft.files, origin), pa.string())).to_pylist()
    gone = sorted(each for each in texts if each and each.lower() in vocabularies.GONE)
    if gone:
        yield {"column": origin, "is_not": gone}, "rows that are deleted don't count"


def _first_of_key(draft: Draft) -> list[Guessed]:
    """Return that only rows with an amount are orders, if others with their key have none."""
    amount = draft.columns.get("gross_amount")
    if amount is None or not amount.origin or not has_gaps(draft.records, amount.origin):
        return []
    condition = {"column": amount.origin, "is_set": True}
    return [(condition, "the other lines have no amount")]


def _lines(draft: Draft) -> Draft:
    """Take lines together: a line left out alone would take its order with it."""
    return _with(draft, "group", True, "keys repeat, so each row is a line of an order")


def _folded(draft: Draft) -> Draft:
    """Keep the latest row of a key, or add up lines of which the amounts differ."""
    for column in draft.files[0].columns:
        if named(column) in synonyms.UPDATED:
            values = values_of(draft.files, column)
            read = reading("", Column("latest_by", Type.TIMESTAMP), named(column), values)
            if read:
                time = {"from": column, **read.keys}
                return _with(draft, "latest_by", time, "keys repeat, so each row is a state")
    amount = draft.columns.get("gross_amount")
    keys = count(draft.records, draft.key)
    if amount is None or not amount.origin or draft.records.size < MANY_LINES * keys:
        return draft
    if count(draft.records, [*draft.key, amount.origin]) == keys:
        return draft
    columns = {
        name: replace(guess, keys=guess.keys | {"aggregate": SUMMED[name]})
        if name in SUMMED
        else guess
        for name, guess in draft.columns.items()
    }
    why = "keys repeat with other amounts, so each row is a line to be added"
    return _with(draft.with_columns(columns), "group", True, why)


def _sent(draft: Draft) -> Draft:
    """Make one send of what happened to it: whatever the order, a bounce alone says something.

    Rows that come later may repeat keys that the first ones don't.
    """
    sent_at = draft.columns["sent_at"]
    columns = {**draft.columns}
    columns["sent_at"] = replace(sent_at, keys={**sent_at.keys, "aggregate": "min"})
    if "map" in (status := draft.columns.get("status", sent_at)).keys:
        words = {
            word: "" if meaning == "delivered" else meaning
            for word, meaning in status.keys["map"].items()
        }
        columns["status"] = replace(status, keys={**status.keys, "map": words})
    why = "each row is something that happened to a send"
    return _with(draft.with_columns(columns), "group", True, why)


def _with(draft: Draft, key: str, value: Any, why: str) -> Draft:
    return replace(draft, keys={**draft.keys, key: value}, guessed={**draft.guessed, key: why})
