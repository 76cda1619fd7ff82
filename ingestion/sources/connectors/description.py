"""A connector as people read of it: what it fills from where, what it needs and what it lacks.

`concord sources show` prints it, and docs/connectors.md has a table of all (`make fix` writes it).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.sources.connectors import connector, entities, names
from ingestion.sources.connectors.declaration import Connector

DOCUMENT = Path("docs/connectors.md")
BEGIN, END = "<!-- connectors: written by `make fix` -->\n", "<!-- end of connectors -->\n"


@dataclass(frozen=True)
class FilledColumn:
    """One column that a connector fills, and the field that it comes from."""

    entity: str
    column: str
    origin: str


def filled_columns(declared: Connector) -> Iterator[FilledColumn]:
    """Yield the columns that a connector declares; one with a module of its own declares none."""
    paths = {each["name"]: each["path"] for each in declared.declared["endpoints"]}
    for entity in declared.declared["entities"]:
        for column, mapped in entity["columns"].items():
            origin = f"{paths[entity['endpoint']]}: {_origin(mapped)}"
            yield FilledColumn(entity["entity"], column, origin)


def write(root: Path) -> None:
    """Write the table of all connectors into the document of the repository at `root`."""
    document = root / DOCUMENT
    document.write_text(with_table(document.read_text(encoding="utf-8")), encoding="utf-8")


def with_table(document: str) -> str:
    """Return a document with the table of all connectors between its markers."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{DOCUMENT} has lost the markers {BEGIN.strip()} and {END.strip()}")
    head = ["| area | `kind` | system | fills | lacks |", "|---|---|---|---|---|"]
    rows = sorted(map(_row, names()))
    return f"{before}{begin}\n" + "\n".join([*head, *rows]) + f"\n\n{end}{after}"


def _row(name: str) -> str:
    declared = connector(name)
    readme = f"../ingestion/sources/connectors/{name}/README.md"
    filled = ", ".join(f"`{each}`" for each in sorted(entities({"kind": name})))
    lacks = "; ".join(declared.lacks)
    return f"| {declared.area} | `{name}` | [{declared.title}]({readme}) | {filled} | {lacks} |"


def _origin(mapped: Any) -> str:
    """Return in a few words what a column is made of."""
    if not isinstance(mapped, Mapping):
        return str(mapped)
    for key in ("from", "first_of", "join", "add", "multiply"):
        if key in mapped:
            given = mapped[key] if isinstance(mapped[key], list) else [mapped[key]]
            return ", ".join(map(_part, given))
    return f'"{mapped["value"]}"' if "value" in mapped else ", ".join(mapped)


def _part(given: Any) -> str:
    if isinstance(given, Mapping):
        return str(given.get("column", given.get("value", "")))
    return str(given)
