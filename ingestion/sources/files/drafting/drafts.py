"""Sections of a source guessed from samples of its files.

What a load would make of a section decides: a column that can't be read is left out, and so is a
section without a column that its rows must have.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import ENTITIES, Entity
from ingestion.errors import ConfigurationFaults
from ingestion.mapping.apply import map_records
from ingestion.mapping.convert.numbers import decimals
from ingestion.mapping.declarations import Notation
from ingestion.sources.files.drafting import stopgaps, synonyms
from ingestion.sources.files.drafting.contents import values_of
from ingestion.sources.files.drafting.draft import Draft, Guess
from ingestion.sources.files.drafting.notations import Order, day_order, reading
from ingestion.sources.files.drafting.rows import with_rows
from ingestion.sources.files.drafting.samples import Sample, named
from ingestion.sources.files.drafting.telling import entity_of, is_beside, origins_of
from ingestion.sources.files.settings import read_mapping

MOST_REJECTED = 0.05
SCALES = (1, 5, 7, 10)


def drafts(samples: Sequence[Sample], base_dir: Path) -> list[Draft]:
    """Guess the sections of a source from samples of all its files, one entity's after the other.

    Files of one shape become one section. Of sections that make the same rows, only that with most
    columns is kept.
    """
    shapes: dict[tuple[Any, ...], list[Sample]] = {}
    for each in samples:
        entity = entity_of(each)
        shapes.setdefault((entity and entity.name, *each.shape), []).append(each)
    found = [draft for files in shapes.values() for draft in _drafts_of(tuple(files), base_dir)]
    found = [_joined(_before_refunds(each, found), found, base_dir) for each in found]
    order = list(ENTITIES)
    return sorted(_distinct(found), key=lambda each: order.index(each.entity.name))


def _drafts_of(files: tuple[Sample, ...], base_dir: Path) -> Iterator[Draft]:
    """Yield the section of the entity that the files are about, and of those beside it."""
    main = entity_of(files[0])
    if main is None:
        return
    beside = [name for name in synonyms.BESIDE if name != main.name and is_beside(name, files[0])]
    for name in (main.name, *beside):
        draft = _draft(ENTITIES[name], files, base_dir)
        if draft:
            yield draft


def _draft(entity: Entity, files: tuple[Sample, ...], base_dir: Path) -> Draft | None:
    """Guess a section; None if rows would lack what they need."""
    columns, only = _columns(entity, files)
    if entity.name == "satisfaction_ratings":
        columns = _with_scale(_with_asked(columns), files)
    if entity.name == "orders":
        columns = _with_cancelled(columns, files[0])
    if any(each.required and each.name not in columns for each in entity.columns):
        return None
    draft = Draft(entity, files, {}).with_columns(columns)
    return _loadable(with_rows(draft, only), base_dir)


def _columns(
    entity: Entity, files: tuple[Sample, ...]
) -> tuple[dict[str, Guess], dict[str, tuple[str, ...]]]:
    """Guess the columns of an entity, and which words of the files' columns are the entity's."""
    columns: dict[str, Guess] = {}
    only: dict[str, tuple[str, ...]] = {}
    origins = origins_of(entity.name, files[0])
    order = _day_order(entity, origins, files)
    for target, origin in origins.items():
        values, name = values_of(files, origin), named(origin)
        read = reading(entity.name, entity.column(target), name, values, order)
        if read:
            loose = stopgaps.LOOSE.get(target, {}).get(name, "")
            guessed = "; ".join(filter(None, (loose, read.guessed)))
            address = stopgaps.ADDRESS if loose and target == "customer_id" else {}
            columns[target] = Guess({"from": origin, **address, **read.keys}, guessed)
            only |= {origin: read.only} if read.only else {}
    for (owner, target), (constant, why) in stopgaps.CONSTANTS.items():
        if owner == entity.name and target not in columns:
            columns[target] = Guess({"value": constant}, why)
    for (owner, target), (parts, why) in stopgaps.JOINED.items():
        if owner == entity.name and target not in columns and columns.keys() >= set(parts):
            columns[target] = Guess({"join": [columns[each].keys["from"] for each in parts]}, why)
    return columns, only


def _day_order(entity: Entity, origins: dict[str, str], files: tuple[Sample, ...]) -> Order | None:
    """Return the order of day and month that the times of a file have, if one of them tells it."""
    moments = [origin for name, origin in origins.items() if entity.column(name).is_moment]
    told = {day_order(values_of(files, origin)) for origin in moments} - {None}
    return told.pop() if len(told) == 1 else None


def _with_cancelled(columns: dict[str, Guess], sample: Sample) -> dict[str, Guess]:
    """Take an order for cancelled that has the time of it: its payment is a state of its own."""
    column = next((each for each in sample.columns if named(each) in synonyms.CANCELLED), None)
    if column is None:
        return columns
    status = columns.get("status", Guess({"value": "completed"}))
    when = [{"column": column, "is_set": True, "then": {"value": "cancelled"}}]
    guessed = [*filter(None, [status.guessed]), "what has a time of cancelling is cancelled"]
    return {**columns, "status": Guess({**status.keys, "when": when}, "; ".join(guessed))}


def _with_asked(columns: dict[str, Guess]) -> dict[str, Guess]:
    """Tell who was asked from who answered, where one column says both."""
    if not {"score", "rated_at"} <= columns.keys():
        return {}
    words = columns["score"].keys.get("map", {})
    asked = [word for word, score in words.items() if not score]
    if not asked or "offered_at" in columns:
        return columns
    rated = columns["rated_at"]
    when = [{"column": columns["score"].origin, "is": asked, "then": {"value": ""}}]
    offered = Guess(rated.keys, "the export has no time of the question")
    answered = replace(rated, keys={**rated.keys, "when": when})
    return {**columns, "offered_at": offered, "rated_at": answered}


def _with_scale(columns: dict[str, Guess], files: tuple[Sample, ...]) -> dict[str, Guess]:
    """Add the scale of a score: bad (0) and good (1), or the next usual one above all scores."""
    score = columns.get("score")
    if score is None or score.origin is None:
        return columns
    if "map" in score.keys:
        best = 1.0
    else:
        texts = pc.cast(values_of(files, score.origin), pa.string())
        found = decimals(texts, Notation(score.keys.get("decimal", ".")))
        best = float(pc.max(found).as_py() or 0)
    scale = next((each for each in SCALES if best <= each), None)
    if scale is None:
        return {}
    return {**columns, "scale_max": Guess({"value": scale}, "the scale, by the scores")}


def _loadable(draft: Draft, base_dir: Path) -> Draft | None:
    """Leave out columns that can't be read; None if too many rows would not be loaded."""
    while True:
        section = {"kind": "files", "entities": [draft.section(base_dir)]}
        try:
            (entity,) = read_mapping("init", section, base_dir).entities
        except ConfigurationFaults:
            return None
        found = map_records(entity.mapping, replace(draft.records, rejects=()), {})
        required = {each.name for each in draft.entity.columns if each.required}
        bad = {each.field for each in found.emptied} | {each.field for each in found.rejects}
        bad = (bad - required) & draft.columns.keys()
        if not bad:
            is_good = len(found.rejects) <= MOST_REJECTED * max(found.received, 1)
            return draft if is_good else None
        good = {name: each for name, each in draft.columns.items() if name not in bad}
        draft = draft.with_columns(good)


def _before_refunds(draft: Draft, drafts: Sequence[Draft]) -> Draft:
    """Take the whole total of orders where refunds come as rows of their own, and not its rest."""
    amount = draft.columns.get("gross_amount")
    whole = [each for each in draft.files[0].columns if named(each) == "total_price"]
    has_refunds = any(each.entity.name == "refunds" for each in drafts)
    if not (amount and whole and has_refunds and named(amount.origin or "") in synonyms.NET):
        return draft
    columns = {**draft.columns, "gross_amount": Guess({**amount.keys, "from": whole[0]})}
    return draft.with_columns(columns)


def _joined(draft: Draft, drafts: Sequence[Draft], base_dir: Path) -> Draft:
    """Know customers by what the other files call them: by their e-mail where nothing else fits."""
    email = draft.columns.get("email")
    if draft.entity.name != "customers" or email is None:
        return draft
    others = [each for each in drafts if each is not draft and "customer_id" in each.columns]
    meant = {value.lower() for each in others for value in each.values("customer_id")}
    ids, addresses = (
        {value.lower() for value in draft.values(column)} for column in ("customer_id", "email")
    )
    if ids & meant or not addresses & meant:
        return draft
    guess = Guess(
        {"from": email.origin, **stopgaps.ADDRESS},
        "other files know customers by their e-mail address",
    )
    known = draft.with_columns({**draft.columns, "customer_id": guess})
    return _loadable(known, base_dir) or draft


def _distinct(drafts: Sequence[Draft]) -> list[Draft]:
    """Keep of sections that make rows with the same keys the one with most columns.

    What a file of its own has may stand beside other rows as well, under other keys.
    """
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda each: (_is_beside(each), -len(each.columns))):
        key = draft.entity.key[-1]
        same = [each for each in kept if each.entity == draft.entity]
        has_own = _is_beside(draft) and not all(map(_is_beside, same))
        if not has_own and not any(each.values(key) & draft.values(key) for each in same):
            kept.append(draft)
    return kept


def _is_beside(draft: Draft) -> bool:
    return entity_of(draft.files[0]) != draft.entity
