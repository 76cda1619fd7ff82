"""dbt as three ops: staging, what Python reads of the paths and mentions, and all else up to marts.

Between them stand the scoring of texts, and the credit of the paths and the finding of crises.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from analytics.credit import keeping as credit
from analytics.crises import keeping as crises
from orchestration import dbt, progress
from orchestration.defs.resources import Concord
from orchestration.settings import load_settings
from orchestration.translators import ConcordTranslator

_PATHS = " ".join(f"+{model},concord.intermediate" for model in (*credit.READ, *crises.READ))

# What dbt selects and excludes for each op, in the order in which they run.
OPS = {
    "staging": ("concord.staging resource_type:seed", ""),
    "paths": (_PATHS, ""),
    "transformation": ("concord.intermediate concord.marts", _PATHS),
}


@dg.definitions
def transformation() -> dg.Definitions:
    """Make the ops of the dbt project, with an asset for what is stored and a check a test."""
    settings = load_settings()
    manifest = _recorded(dbt.manifest(settings))
    translator = ConcordTranslator(settings.configuration.sources)
    return dg.Definitions(
        assets=[dbt_op(name, *nodes, manifest, translator) for name, nodes in OPS.items()]
    )


def _recorded(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Show the untested views of `intermediate` as ephemeral, so that dagster-dbt makes no assets.

    They store nothing, and were half of what Dagster records of a run. Lineage goes through them.
    """
    nodes = dict(manifest["nodes"])
    for name, node in nodes.items():
        is_tested = any(child.startswith("test.") for child in manifest["child_map"][name])
        is_view = node["config"].get("materialized") == "view"
        if is_view and node["fqn"][1] == "intermediate" and not is_tested:
            nodes[name] = {**node, "config": {**node["config"], "materialized": "ephemeral"}}
    return {**manifest, "nodes": nodes}


def dbt_op(
    name: str,
    select: str,
    exclude: str,
    manifest: Mapping[str, Any],
    translator: ConcordTranslator,
) -> dg.AssetsDefinition:
    """Return the op that builds and tests what dbt's `select` selects without what it excludes."""
    specs = build_dbt_asset_specs(
        manifest=manifest, dagster_dbt_translator=translator, select=select, exclude=exclude
    )
    by_node = {spec.metadata["dagster_dbt/unique_id"]: spec for spec in specs}
    order = _parents_first(by_node, manifest)
    checks = _checks(manifest, translator, by_node)

    @dg.multi_asset(name=name, specs=specs, check_specs=list(checks.values()))
    def build(
        context: dg.AssetExecutionContext, concord: Concord
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        found = dbt.build(concord.settings, concord.url, (select, exclude), progress.say)
        outcomes = {outcome.unique_id: outcome for outcome in found}
        for test, spec in checks.items():
            if test in outcomes:
                yield _check_result(spec, outcomes[test])
        for node in order:
            if node in outcomes and outcomes[node].is_fine:
                yield _materialization(by_node[node], outcomes[node])
        _raise_on_failure(outcomes.values())

    return build


def _parents_first(nodes: Collection[str], manifest: Mapping[str, Any]) -> list[str]:
    """Return the nodes in the order that Dagster expects."""
    order = TopologicalSorter(manifest["parent_map"])
    return [node for node in order.static_order() if node in nodes]


def _checks(
    manifest: Mapping[str, Any], translator: ConcordTranslator, by_node: Mapping[str, dg.AssetSpec]
) -> dict[str, dg.AssetCheckSpec]:
    """Return the check of each dbt test of the op's own models."""
    checks = {}
    for test, parents in manifest["parent_map"].items():
        for parent in parents if test.startswith("test.") else ():
            if parent not in by_node:
                continue
            spec = translator.get_asset_check_spec(by_node[parent], manifest, test, None)
            if spec is not None:
                checks[test] = spec
    return checks


def _materialization(spec: dg.AssetSpec, outcome: dbt.NodeOutcome) -> dg.MaterializeResult:
    metadata: dict[str, Any] = {"seconds": outcome.seconds, "dbt": outcome.message}
    return dg.MaterializeResult(asset_key=spec.key, metadata=metadata)


def _check_result(spec: dg.AssetCheckSpec, outcome: dbt.NodeOutcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=outcome.is_fine,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"failing rows": outcome.failures, "dbt": outcome.message},
    )


def _raise_on_failure(outcomes: Iterable[dbt.NodeOutcome]) -> None:
    failed = [outcome for outcome in outcomes if outcome.status in {"error", "fail"}]
    if failed:
        lines = [f"{outcome.name}: {outcome.message}" for outcome in failed]
        raise dg.Failure("dbt could not build:\n" + "\n".join(lines), allow_retries=False)
