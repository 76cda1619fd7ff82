"""How names outside Dagster become asset keys, groups and owners inside it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

import ingestion.sources

DATA_ENGINEERING = "team:data-engineering"
MARKETING = "team:marketing"
CUSTOMER_SERVICE = "team:customer-service"

TEXT_SCORES = dg.AssetKey(["analytics", "text_scores"])
IDENTIFIERS = dg.AssetKey(["analytics", "identifiers"])
CREDIT = dg.AssetKey(["analytics", "credit_effects"])
CRISES = dg.AssetKey(["analytics", "crises"])
CONFIGURED = dg.AssetKey(["concord", "settings"])
SCORECARD = dg.AssetKey(["marts", "scorecard"])
PUBLISHED = dg.AssetKey(["published", "scorecard"])
PAGE = dg.AssetKey(["published", "page"])
METABASE = dg.AssetKey(["published", "metabase"])
DEMO_EXPORTS = dg.AssetKey(["demo", "exports"])

# A daily run may be two hours late; when a day's is missing, it is too old.
DAILY = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=36), warn_window=timedelta(hours=26)
)

# What may pass by itself: a network that fails for a moment, a server that restarts.
RETRIES = dg.RetryPolicy(
    max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)

_WRITTEN_WITH = {
    dg.AssetKey(["analytics", "credit_intervals"]): CREDIT,
    dg.AssetKey(["analytics", "crisis_histories"]): CRISES,
}
_FROM_SETTINGS = {
    dg.AssetKey(["concord", name])
    for name in ("targets", "promises", "promise_campaigns", "baseline_shifts")
}


def raw_key(source_name: str) -> dg.AssetKey:
    """Return the key of what was loaded from the source called `source_name`."""
    return dg.AssetKey(["raw", source_name])


class ConcordTranslator(DagsterDbtTranslator):
    """Key dbt nodes by layer and name; staging depends on the sources that fill its entities."""

    def __init__(self, sources: Mapping[str, Mapping[str, Any]]):
        """Take the sections of the configured sources by their names."""
        super().__init__()
        self._entities = {
            name: ingestion.sources.entities(section) for name, section in sources.items()
        }

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])
        return dg.AssetKey([layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return layer(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        if layer(dbt_resource_props) == "marts":
            return [MARKETING, CUSTOMER_SERVICE]
        return [DATA_ENGINEERING]

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> Any:
        spec = super().get_asset_spec(manifest, unique_id, project)
        keys = {key for dep in spec.deps for key in self._writers(dep.asset_key)}
        return spec.replace_attributes(deps=sorted(keys))

    def _writers(self, key: dg.AssetKey) -> list[dg.AssetKey]:
        """Return the assets that write a table which dbt reads as a source, else the key itself."""
        schema, table = key.path[0], key.path[-1]
        if schema == "raw":
            return [raw_key(name) for name, filled in self._entities.items() if table in filled]
        if key in _FROM_SETTINGS:
            return [CONFIGURED]
        if key in _WRITTEN_WITH:
            return [_WRITTEN_WITH[key]]
        # The ledgers are no assets: every load writes them.
        if schema in {"concord", "quarantine"}:
            return [raw_key(name) for name in self._entities]
        return [key]


def layer(dbt_resource_props: Mapping[str, Any]) -> str:
    """Return the layer of a dbt node: seeds, or the first folder below models."""
    if dbt_resource_props["resource_type"] == "seed":
        return "seeds"
    return dbt_resource_props["fqn"][1]
