"""A first concord.toml: guessed sections, with a comment where something was guessed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.errors import SourceError, one_line
from ingestion.sources.files.drafting.contents import values_of
from ingestion.sources.files.drafting.drafts import Draft, drafts
from ingestion.sources.files.drafting.notations import unknown_words
from ingestion.sources.files.drafting.samples import Export, Sample, exports, named, sample
from ingestion.sources.files.drafting.telling import origins_of, untold
from ingestion.sources.files.paths import readable

HEAD = """\
# Written by `concord init`. Lines with "guessed" are worth a look: `concord sources preview` shows
# what they make of the first rows. What each key means: docs/sources.md, docs/configuration.md.
"""
ONE_SYSTEM = "guessed: one system made these files; another's need a section of their own"
NO_ZONE = "guessed: put the zone of the system's clock here, for times without an offset such as"


@dataclass(frozen=True)
class Written:
    """A configuration, its sources, and the files that it loads; the others with the reason."""

    text: str
    sources: tuple[str, ...]
    loaded: tuple[str, ...]
    others: Mapping[str, str]


def written(folder: Path, base_dir: Path) -> Written:
    """Guess a configuration of the exports below a folder, for a file in `base_dir`."""
    samples: dict[str, list[Sample]] = {}
    others: dict[str, str] = {}
    for export in exports(folder):
        name = _name(folder, export)
        try:
            samples.setdefault(_source(folder, export.path), []).append(sample(export))
        except SourceError as error:
            others[name] = error.problem
        except OSError as error:
            others[name] = str(error.strerror or error)
    sections = {name: drafts(files, base_dir) for name, files in samples.items()}
    loaded = {_name(folder, each.export) for found in sections.values() for each in _files(found)}
    for each in (each for files in samples.values() for each in files):
        if (name := _name(folder, each.export)) not in loaded:
            others[name] = untold(each)
    found = {name: each for name, each in sections.items() if each}
    lines = [HEAD, *_company(found), *_unread(others)]
    for name, draft in found.items():
        lines += _section(name, draft, base_dir)
    return Written("\n".join(lines) + "\n", tuple(found), tuple(sorted(loaded)), others)


def _name(folder: Path, export: Export) -> str:
    parts = [export.path.relative_to(folder).as_posix(), export.member, export.sheet]
    return readable("/".join(part for part in parts if part))


def _files(found: Sequence[Draft]) -> Iterator[Sample]:
    for draft in found:
        yield from draft.files


def _source(folder: Path, path: Path) -> str:
    """Name a file's source: each folder below is a system's, for each has ids of its own."""
    parts = path.relative_to(folder).parts
    name = parts[0] if len(parts) > 1 else folder.resolve().name
    return re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "exports"


def _company(sections: Mapping[str, Sequence[Draft]]) -> Iterator[str]:
    currencies = {
        text for found in sections.values() for draft in found for text in _currencies(draft)
    }
    yield "[company]"
    yield 'name = "My company" # guessed: put its name here'
    yield 'time_zone = "UTC" # guessed: the zone in which its days begin, such as "Europe/Berlin"'
    if len(currencies) == 1:
        yield f"currency = {_toml(currencies.pop())} # guessed: that of the orders"
    else:
        yield 'currency = "EUR" # guessed: the currency in which it counts'


def _currencies(draft: Draft) -> list[str]:
    column = draft.columns.get("currency")
    if draft.entity.name != "orders" or column is None or not column.origin:
        return []
    texts = pc.unique(pc.cast(draft.records.column(column.origin), pa.string()))
    return [text for text in texts.to_pylist() if text and re.fullmatch("[A-Z]{3}", text)]


def _unread(others: Mapping[str, str]) -> Iterator[str]:
    if others:
        yield ""
        yield "# Not loaded:"
    for name, why in others.items():
        yield _comment(f"{name}: {why}")


def _section(name: str, found: Sequence[Draft], base_dir: Path) -> Iterator[str]:
    yield ""
    yield f"[sources.{name}]"
    yield f'kind = "files" # {ONE_SYSTEM}'
    unzoned = [column for draft in found for column in draft.unzoned]
    if unzoned:
        yield f'time_zone = "UTC" # {NO_ZONE} {one_line(unzoned[0])}'
    told: set[tuple[Sample, ...]] = set()
    for draft in found:
        yield ""
        yield from _entity(name, draft, base_dir)
        if draft.files not in told:
            told.add(draft.files)
            yield from _unmapped(draft, found)


def _entity(name: str, draft: Draft, base_dir: Path) -> Iterator[str]:
    section = draft.section(base_dir)
    yield f"[[sources.{name}.entities]]"
    for key, value in section.items():
        if key != "columns":
            yield f"{key} = {_toml(value)}" + _guessed(draft.guessed.get(key, ""))
    yield ""
    yield f"[sources.{name}.entities.columns]"
    for column, guess in draft.columns.items():
        keys = guess.keys["from"] if list(guess.keys) == ["from"] else guess.keys
        yield f"{column} = {_toml(keys)}" + _guessed(guess.guessed)


def _unmapped(draft: Draft, found: Sequence[Draft]) -> Iterator[str]:
    """Name the columns of a section's files at which no section looks."""
    used = {name for each in found if each.files == draft.files for name in each.used}
    unused = [name for name in draft.files[0].columns if name not in used]
    doubts = _doubts(draft)
    if unused:
        yield "# Not mapped:"
    for name in unused:
        yield _comment(f"  {name}{doubts.get(name, '')}")


def _doubts(draft: Draft) -> dict[str, str]:
    """Say of columns why they are not mapped although their names and most of their words fit."""
    doubts = {}
    for target, origin in origins_of(draft.entity.name, draft.files[0]).items():
        column, values = draft.entity.column(target), values_of(draft.files, origin)
        words = unknown_words(draft.entity.name, column, named(origin), values)
        if words and target not in draft.columns:
            meant = f"say in `map` what is meant by {', '.join(map(repr, words))}"
            doubts[origin] = f" # guessed: it is the {target}; {meant}"
    return doubts


def _guessed(why: str) -> str:
    return f" # guessed: {one_line(why)}" if why else ""


def _comment(text: str) -> str:
    return f"# {one_line(text)}"


def _toml(value: Any) -> str:
    """Write a value; a text as JSON does, which TOML reads alike."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {_toml(each)}" for key, each in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key)
