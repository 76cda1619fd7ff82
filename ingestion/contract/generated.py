"""What is generated from the contract and committed: dbt's staging models, tables in the docs.

dbt and readers need the same entities and columns, and can't import Python. The files are
committed so that dbt by hand needs no step before it; a test fails where one is missing or stale.
What becomes of the staging models' rows is dbt_project's business.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ingestion.contract import ENTITIES
from ingestion.contract.shapes import SQL_TYPES, Column, Entity, Type

STAGING = Path("dbt_project/models/staging")
DOCUMENT = Path("docs/sources.md")
BEGIN, END = "<!-- entities: written by `make fix` -->\n", "<!-- end of entities -->\n"
ORIGIN = "Written by `make fix` from ingestion/contract: change it there."

MODEL = """\
{{#- {origin} -#}}
with source as (

    select * from {{{{ source('raw', '{entity}') }}}}

),

final as (

    select
        {columns}
    from source
    where {{{{ is_configured('source_name') }}}}

)

select * from final
"""


class _Indented(yaml.SafeDumper):
    """Indents the entries of lists, as all other YAML of the dbt project does."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def files(root: Path) -> dict[Path, str]:
    """Return every generated file of the repository at `root`, with what it has to hold."""
    entities = ENTITIES.values()
    staging = {
        "_stg__sources.yml": _yaml({"sources": [_source()]}),
        "_stg__models.yml": _yaml({"models": [_model_properties(each) for each in entities]}),
        **{f"stg_{each.name}.sql": _model(each) for each in entities},
    }
    document = (root / DOCUMENT).read_text(encoding="utf-8")
    texts = {root / STAGING / name: text for name, text in staging.items()}
    return {**texts, root / DOCUMENT: _with_entities(document)}


def stale(root: Path) -> list[Path]:
    """Return the files that are missing or outdated, or of an entity that is gone."""
    wanted = files(root)
    present = {path for path in (root / STAGING).rglob("*") if path.is_file()}
    present.add(root / DOCUMENT)
    return sorted(
        path
        for path in present | set(wanted)
        if path not in present or path.read_text(encoding="utf-8") != wanted.get(path)
    )


def write(root: Path) -> None:
    """Write what is missing or outdated, and delete what is of an entity that is gone."""
    wanted = files(root)
    for path in stale(root):
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()


def _model(entity: Entity) -> str:
    names = [column["name"] for column in _staging_columns(entity)]
    columns = ",\n        ".join(names)
    return MODEL.format(origin=ORIGIN, entity=entity.name, columns=columns)


def _source() -> dict[str, Any]:
    tables = [
        {"name": entity.name, "description": _sentence(entity.grain)}
        for entity in ENTITIES.values()
    ]
    description = "What the sources hold, as rows of the canonical entities"
    return {"name": "raw", "description": description, "tables": tables}


def _model_properties(entity: Entity) -> dict[str, Any]:
    return {
        "name": f"stg_{entity.name}",
        "description": _sentence(entity.grain),
        "columns": list(_staging_columns(entity)),
    }


def _staging_columns(entity: Entity) -> Iterator[dict[str, str]]:
    for column in entity.columns:
        yield _column(column.name, SQL_TYPES[column.type], column.description)
    for column in entity.columns:
        if column.is_hashed:
            yield _column(column.hash_name, "text", f"md5 of {column.name}; empty where it is")
    yield _column("source_name", "text", "Name of the source in concord.toml")
    moment = SQL_TYPES[Type.TIMESTAMP]
    yield _column("loaded_at", moment, "When the row's content last changed (UTC)")


def _column(name: str, data_type: str, description: str) -> dict[str, str]:
    return {"name": name, "data_type": data_type, "description": description}


def _yaml(properties: dict[str, Any]) -> str:
    text = yaml.dump(
        {"version": 2, **properties},
        Dumper=_Indented,
        sort_keys=False,
        allow_unicode=True,
        width=1_000,
    )
    return f"# {ORIGIN}\n{text}"


def _with_entities(document: str) -> str:
    """Replace what is between the markers by the contract's tables."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{DOCUMENT} has lost the markers {BEGIN.strip()} and {END.strip()}")
    tables = "\n".join(map(_documented, ENTITIES.values()))
    return f"{before}{begin}\n{tables}\n{end}{after}"


def _documented(entity: Entity) -> str:
    keys = ", ".join(f"`{name}`" for name in entity.key)
    title = [f"### `{entity.name}`", "", f"{_sentence(entity.grain)}. Key: {keys}.", ""]
    head = ["| column | type | what it is |", "|---|---|---|"]
    return "\n".join([*title, *head, *map(_documented_column, entity.columns), ""])


def _documented_column(column: Column) -> str:
    return f"| `{column.name}`{_need(column)} | {_type(column)} | {_meaning(column)} |"


def _need(column: Column) -> str:
    if column.required_with:
        return f" (required with `{column.required_with}`)"
    return " (required)" if column.required else " (decisive)" if column.is_decisive else ""


def _type(column: Column) -> str:
    if column.type is Type.TIMESTAMP:
        return "timestamp (UTC)"
    return f"{column.type}, {column.unit}" if column.is_number and column.unit else column.type


def _meaning(column: Column) -> str:
    values = ", ".join(f"`{value}`" for value in column.values)
    words = f"{column.description}: {values}" if values else column.description
    low, high = column.minimum, column.maximum
    if column.above is not None:
        words += f" (above {column.above:g})"
    if low is not None:
        words += f" ({low:g} to {high:g})" if high is not None else f" (at least {low:g})"
    return words


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
