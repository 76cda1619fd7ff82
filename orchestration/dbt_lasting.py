"""Which of dbt's nodes outlast a build: a build of changes neither makes nor tests them anew.

Seeds do, and views that don't know the build's clock or changes. A view that does is made anew
each time, and with it every view upon it: dbt drops them together. What the tables below a view
hold makes no difference, for they are filled where they stand (materializations/table.sql).
"""

import re
from functools import cache
from typing import Any

# A test that asks a lasting view about a table is the table's, and is run with the table.
CAUTIOUS = ["--indirect-selection", "cautious"]

# The variables that differ from build to build of the same fingerprint.
_KNOWS_THE_BUILD = re.compile(r"""var\(\s*["'](as_of|changed_since|built_as_of)["']""")


def lasting(manifest: Any) -> frozenset[str]:
    """Return the unique ids of the nodes of a dbt manifest that only a full build makes."""

    @cache
    def macro_knows(name: str) -> bool:
        macro = manifest.macros[name]
        used = [it for it in macro.depends_on.macros if it != name]
        return bool(_KNOWS_THE_BUILD.search(macro.macro_sql)) or any(map(macro_knows, used))

    @cache
    def lasts(unique_id: str) -> bool:
        node = manifest.nodes.get(unique_id)
        if node is None or not _is_view(node):
            return True
        knows = _KNOWS_THE_BUILD.search(node.raw_code) or any(
            map(macro_knows, node.depends_on.macros)
        )
        return not knows and all(map(lasts, node.depends_on.nodes))

    return frozenset(
        unique_id
        for unique_id, node in manifest.nodes.items()
        if node.resource_type == "seed" or (_is_view(node) and lasts(unique_id))
    )


def without_lasting(manifest: Any) -> list[str]:
    """Return the arguments of a `dbt build` that leave what lasts as it is."""
    names = sorted(manifest.nodes[unique_id].name for unique_id in lasting(manifest))
    return ["--exclude", " ".join(names), *CAUTIOUS]


def _is_view(node: Any) -> bool:
    return node.resource_type == "model" and node.config.materialized == "view"
