"""Which entity a file has rows of, and which of its columns could be which of the entity's."""

from bisect import bisect
from collections.abc import Container

import pyarrow as pa

from ingestion.contract import ENTITIES, Entity
from ingestion.sources.files.drafting import stopgaps, synonyms
from ingestion.sources.files.drafting.contents import filled, has_gaps, match, repeat
from ingestion.sources.files.drafting.notations import reading
from ingestion.sources.files.drafting.samples import Sample, named

FURTHER_DOWN = "where a title stands above them, say `skip_lines` in a section of your own"


def entity_of(sample: Sample) -> Entity | None:
    """Return the entity that a file's name or its columns tell; None if they tell none."""
    by_name = _by_name(sample)
    candidates = [entity for entity in ENTITIES.values() if entity.name in synonyms.COLUMNS]
    scores = {entity.name: _score(entity, sample, entity.name == by_name) for entity in candidates}
    best = max(scores, key=lambda name: scores[name])
    return ENTITIES[best] if scores[best] > 0 else None


def _by_name(sample: Sample) -> str | None:
    """Return the entity that the name of a sheet tells, or else that of its file."""
    words = {word: entity for entity, known in synonyms.FILES.items() for word in known}
    for name in map(named, sample.names):
        longest = max((word for word in words if word in name), key=len, default=None)
        if longest:
            return words[longest]
    return None


def _score(entity: Entity, sample: Sample, is_called_so: bool) -> int:
    """Count the columns that an entity would have; 0 if it lacks what it needs, or what tells it.

    A file that is called as the entity is beats others.
    """
    found = origins_of(entity.name, sample)
    if _missing(entity, found):
        return 0
    if entity.key[0] in found and _is_of_another(found[entity.key[0]], sample):
        return 0
    if is_called_so:
        return 100 + len(found)
    telling = synonyms.TELLING.get(entity.name, tuple(found))
    told = any(synonyms.is_known(entity.name, named(column)) for column in found.values())
    return len(found) if told and any(name in found for name in telling) else 0


def _missing(entity: Entity, found: Container[str]) -> list[str]:
    """Return the columns that rows must have, and that nothing could be."""
    made = {column for name, column in stopgaps.CONSTANTS if name == entity.name}
    for (name, column), (parts, _) in stopgaps.JOINED.items():
        made |= {column} if name == entity.name and all(each in found for each in parts) else set()
    needed = [each.name for each in entity.columns if each.required]
    return [name for name in needed if name not in found and name not in made]


def untold(sample: Sample) -> str:
    """Say why a file is not loaded."""
    name = _by_name(sample)
    missing = _missing(ENTITIES[name], origins_of(name, sample)) if name else []
    if missing and len(sample.columns) == 1:
        return f"it is called like {name}, and its first row has one heading: {FURTHER_DOWN}"
    if missing:
        return f"it is called like {name}, and no column could be {' or '.join(missing)}"
    entity = entity_of(sample)
    if entity is None:
        return "its columns are of nothing that Concord loads"
    return _unreadable(entity, sample) or (
        f"it has {entity.name} that can't be read, or that another file has, too"
    )


def _unreadable(entity: Entity, sample: Sample) -> str | None:
    """Say of a column that rows must have that it can't be read, and name the value."""
    for target, origin in origins_of(entity.name, sample).items():
        texts = filled(sample.records, origin)
        if entity.column(target).required:
            value = _first_unread(entity, target, named(origin), texts)
            if value is not None:
                told = f"the {target} of its {entity.name} can't be read from {origin}"
                return f"{told}: {value[:40]!r} is none, or is written otherwise than others"
    return None


def _first_unread(entity: Entity, target: str, name: str, texts: pa.Array) -> str | None:
    """Return the first text that can't be read in the way of those before it."""

    def is_unread(size: int) -> bool:
        return reading(entity.name, entity.column(target), name, texts.slice(0, size)) is None

    if not is_unread(len(texts)):
        return None
    first = bisect(range(1, len(texts)), False, key=is_unread)
    return str(texts[first])


def _is_of_another(key: str, sample: Sample) -> bool:
    """Return whether rows have ids of their own, and only name what a key stands for."""
    own = next((column for column in sample.columns if named(column) == "id"), key)
    records = sample.records
    is_own = own != key and not has_gaps(records, own) and not repeat(records, [own])
    return is_own and repeat(records, [key])


def is_beside(entity: str, sample: Sample) -> bool:
    """Return whether a file has rows of an entity beside those that it is about."""
    deciding = {"satisfaction_ratings": "score", "ticket_events": "event_type"}[entity]
    origin = origins_of(entity, sample).get(deciding)
    return origin is not None and named(origin) not in synonyms.PLAIN


def origins_of(entity: str, sample: Sample) -> dict[str, str]:
    """Return the column of the file from which each column of an entity could come."""
    records, names = sample.records, dict[str, str]()
    for column in sample.columns:
        if len(filled(records, column)):
            names.setdefault(named(column), column)
    found = {}
    for target, known in synonyms.COLUMNS[entity].items():
        matching = [names[name] for name in known if name in names]
        if matching:
            found[target] = matching[0]
    for target, pattern in synonyms.BY_VALUES.get(entity, {}).items():
        free = (column for column in sample.columns if column not in found.values())
        matching = [column for column in free if match(records, column, pattern)]
        if target not in found and matching:
            found[target] = matching[0]
    return found
