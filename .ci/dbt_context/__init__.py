"""What sqlfluff's Jinja templater needs of dbt to render the models without a database.

The project's own macros and variables are real; dbt's built-in macros are stand-ins that give
SQL of the right form. Linting with dbt itself would need a warehouse, and minutes.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import pass_context
from jinja2.runtime import Context

_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project" / "dbt_project.yml"
_VARIABLES = yaml.safe_load(_PROJECT.read_text())["vars"]

target = SimpleNamespace(schema="marts", type="postgres")


def var(name: str, default: Any = None) -> Any:
    """Return a variable as dbt_project.yml sets it."""
    return _VARIABLES.get(name, default)


@pass_context
def _dispatch(context: Context, name: str, package: str = "") -> Any:
    return context.get(f"postgres__{name}") or context[f"default__{name}"]


adapter = SimpleNamespace(dispatch=_dispatch)

dbt = SimpleNamespace(
    hash=lambda value: f"md5({value})",
    dateadd=lambda part, count, value: f"({value} + interval '1 {part}' * ({count}))",
    date_trunc=lambda part, value: f"date_trunc('{part}', {value})",
    datediff=lambda first, last, part: f"datediff({first}, {last})",
    current_timestamp=lambda: "now()",
    concat=" || ".join,
    listagg=lambda value, between, order: f"string_agg({value}, {between} {order})",
    split_part=lambda value, delimiter, part: f"split_part({value}, {delimiter}, {part})",
    safe_cast=lambda value, type_: f"cast({value} as {type_})",
    type_string=lambda: "text",
    type_numeric=lambda: "numeric",
    type_int=lambda: "integer",
    type_bigint=lambda: "bigint",
    type_float=lambda: "double precision",
    type_timestamp=lambda: "timestamp",
    type_boolean=lambda: "boolean",
)
