"""The kinds of sources, as `concord sources show` explains them."""

from dataclasses import dataclass

import ingestion.sources
from ingestion.sources import connectors
from ingestion.sources.connectors.declaration import Connector, Option
from ingestion.sources.connectors.description import filled_columns
from orchestration.errors import NotConfigured

DECLARED = {
    "files": ("CSV, JSON, Parquet and spreadsheets, as you map them", "docs/sources.md"),
    "rest": ("any JSON API, as you declare it", "docs/apis.md"),
    "sql": ("any database, as you declare it", "docs/databases.md"),
}


@dataclass(frozen=True)
class ShownKind:
    """A kind of source: facts as pairs, tables as title, columns and rows."""

    title: str
    facts: list[tuple[str, str]]
    tables: list[tuple[str, list[str], list[tuple]]]


def listed_kinds() -> list[tuple[str, str, str]]:
    """Return kind, area and summary of each kind of source."""
    named = ((name, connectors.connector(name)) for name in connectors.names())
    return [
        *((kind, "any", summary) for kind, (summary, _) in DECLARED.items()),
        *sorted(((name, each.area, each.summary) for name, each in named), key=lambda row: row[1]),
    ]


def described_kind(kind: str) -> ShownKind:
    """Return what people should know of a kind; NotConfigured if there is none of this name."""
    if kind in DECLARED:
        summary, document = DECLARED[kind]
        return ShownKind(kind, [("reads", summary), ("described in", document)], [])
    if kind not in connectors.names():
        known = ", ".join(ingestion.sources.kinds())
        raise NotConfigured(f"{kind!r} is not a kind of source; use one of: {known}")
    declared = connectors.connector(kind)
    return ShownKind(f"{declared.title} ({kind})", _facts(kind, declared), _tables(declared))


def _facts(kind: str, declared: Connector) -> list[tuple[str, str]]:
    return [
        ("reads", declared.summary),
        ("fills", ", ".join(sorted(ingestion.sources.entities({"kind": kind})))),
        *_listed("needs", declared.permissions),
        ("calls a day", declared.calls),
        *_listed("lacks", declared.lacks),
        ("documentation", declared.documentation),
        ("described in", f"ingestion/sources/connectors/{kind}/README.md"),
    ]


def _listed(name: str, words: list[str]) -> list[tuple[str, str]]:
    """Return a line for each of some words, of which the first has their name."""
    return [(name if number == 0 else "", each) for number, each in enumerate(words)]


def _tables(declared: Connector) -> list[tuple[str, list[str], list[tuple]]]:
    options = [
        (name, each.type, _need(each), each.meaning) for name, each in declared.options.items()
    ]
    filled = [(each.entity, each.column, each.origin) for each in filled_columns(declared)]
    tables = [("Options", ["option", "type", "need", "meaning"], options)]
    return [*tables, ("Columns", ["entity", "column", "from"], filled)] if filled else tables


def _need(option: Option) -> str:
    words = [
        "required" if option.required else "",
        "secret" if option.secret else "",
        f"default {option.default}" if option.default is not None else "",
    ]
    return ", ".join(filter(None, words)) or "optional"
