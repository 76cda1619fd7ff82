"""Which of dbt's nodes only a full build visits: a build of changes could find nothing new there.

Seeds, and tables made of nothing else. Views that don't know the build's clock or changes: one
that does is made anew each time, and with it every view upon it, for dbt drops them together.
What the tables below a view hold makes no difference, for they are filled where they stand
(materializations/table.sql). And of the tests those of all these, those of keys that a unique
index guards at every write, and those of vocabularies, which the models' SQL and the ingestion
contract decide.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

# A test belongs to the model that it stands at, whatever else it asks.
CAUTIOUS = ["--indirect-selection", "cautious"]

_TAG = "full_build"
# The variables that differ from build to build of the same fingerprint.
_KNOWS_THE_BUILD = re.compile(r"""var\(\s*["'](as_of|changed_since|built_as_of)["']""")


def lasting(manifest: Any) -> frozenset[str]:
    """Return the unique ids of the nodes of a dbt manifest that only a full build visits."""
    knows = _knowledge_of_the_build(manifest)

    @cache
    def is_constant(unique_id: str) -> bool:
        node = manifest.nodes.get(unique_id)
        if node is None or node.resource_type != "model":
            return node is not None and node.resource_type == "seed"
        parents = node.depends_on.nodes
        return bool(parents) and not knows(node) and all(map(is_constant, parents))

    @cache
    def lasts(unique_id: str) -> bool:
        node = manifest.nodes.get(unique_id)
        if node is None or not _is_view(node):
            return True
        return not knows(node) and all(map(lasts, node.depends_on.nodes))

    def is_visited_once(unique_id: str) -> bool:
        node = manifest.nodes[unique_id]
        if node.resource_type == "test":
            stands_at = getattr(node, "attached_node", None)
            return (
                _asks_for(node, "accepted_values")
                or _is_guarded(node, manifest)
                or (stands_at is not None and is_visited_once(stands_at))
            )
        return is_constant(unique_id) or (_is_view(node) and lasts(unique_id))

    return frozenset(filter(is_visited_once, manifest.nodes))


def guarded(manifest: Any) -> frozenset[str]:
    """Return the unique ids of the tests whose answer a unique index gives at every write."""
    tests = ((k, v) for k, v in manifest.nodes.items() if v.resource_type == "test")
    return frozenset(unique_id for unique_id, test in tests if _is_guarded(test, manifest))


def without_lasting(manifest: Any) -> list[str]:
    """Tag what lasts, and return the arguments of a `dbt build` that leave it as it is.

    dbt compares each name of a selection with every node; a tag is one comparison.
    """
    for unique_id in lasting(manifest):
        node = manifest.nodes[unique_id]
        if _TAG not in node.tags:
            node.tags.append(_TAG)
    return ["--exclude", f"tag:{_TAG}", *CAUTIOUS]


def _knowledge_of_the_build(manifest: Any) -> Callable[[Any], bool]:
    """Return whether a node, or a macro that it uses, asks for what differs between builds."""
    knowing = {
        name for name, it in manifest.macros.items() if _KNOWS_THE_BUILD.search(it.macro_sql)
    }
    # Macros may use each other in a circle.
    found = knowing
    while found:
        found = {
            name
            for name, it in manifest.macros.items()
            if name not in knowing and not knowing.isdisjoint(it.depends_on.macros)
        }
        knowing |= found

    def knows(node: Any) -> bool:
        asks = _KNOWS_THE_BUILD.search(node.raw_code)
        return bool(asks) or not knowing.isdisjoint(node.depends_on.macros)

    return knows


def _is_view(node: Any) -> bool:
    return bool(node.resource_type == "model" and node.config.materialized == "view")


def _asks_for(test: Any, kind: str) -> bool:
    """Whether it is a generic test of that name; a singular one has none."""
    return getattr(getattr(test, "test_metadata", None), "name", None) == kind


def _is_guarded(test: Any, manifest: Any) -> bool:
    if not _asks_for(test, "primary_key"):
        return False
    key = set(test.test_metadata.kwargs.get("columns") or [test.column_name])
    indexes = manifest.nodes[test.attached_node].config.get("indexes") or []
    return any(index.get("unique") and set(index["columns"]) == key for index in indexes)
