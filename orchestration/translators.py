"""How names outside Dagster become asset keys, groups and owners inside it."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

DATA_ENGINEERING = "team:data-engineering"
MARKETING = "team:marketing"
CUSTOMER_SERVICE = "team:customer-service"

TEXT_SCORES = dg.AssetKey(["analytics", "text_scores"])
CONFIGURED = dg.AssetKey(["concord", "settings"])
SCORECARD = dg.AssetKey(["marts", "scorecard"])
PUBLISHED = dg.AssetKey(["published", "scorecard"])
PAGE = dg.AssetKey(["published", "page"])
DEMO_EXPORTS = dg.AssetKey(["demo", "exports"])


def raw_key(source_name: str) -> dg.AssetKey:
    """Return the key of what was loaded from the source called `source_name`."""
    return dg.AssetKey(["raw", source_name])


class ConcordTranslator(DagsterDbtTranslator):
    """Key dbt nodes by layer and name, and hang the staging models on the configured sources."""

    def __init__(self, source_kinds: Mapping[str, str]):
        super().__init__()
        self._source_kinds = source_kinds

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return _source_table_key(dbt_resource_props)
        return dg.AssetKey([layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return layer(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        if layer(dbt_resource_props) == "marts":
            return [MARKETING, CUSTOMER_SERVICE]
        return [DATA_ENGINEERING]

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> Any:
        spec = super().get_asset_spec(manifest, unique_id, project)
        keys = {key for dep in spec.deps for key in self._configured(dep.asset_key)}
        return spec.replace_attributes(deps=sorted(keys))

    def _configured(self, key: dg.AssetKey) -> list[dg.AssetKey]:
        """Stand the configured sources of a kind in for one of that kind's raw tables."""
        schema = key.path[0]
        if not schema.startswith("raw_"):
            return [key]
        kind = schema.removeprefix("raw_")
        return [raw_key(name) for name, its_kind in self._source_kinds.items() if its_kind == kind]


def layer(dbt_resource_props: Mapping[str, Any]) -> str:
    """Return the layer of a dbt node: seeds, or the first folder below models."""
    if dbt_resource_props["resource_type"] == "seed":
        return "seeds"
    return dbt_resource_props["fqn"][1]


def _source_table_key(dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
    schema, table = dbt_resource_props["schema"], dbt_resource_props["name"]
    if (schema, table) == ("analytics", "text_scores"):
        return TEXT_SCORES
    if schema == "concord" and table in {"targets", "baseline_shifts"}:
        return CONFIGURED
    return dg.AssetKey([schema, table])
