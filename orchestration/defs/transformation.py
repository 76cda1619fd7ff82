"""dbt's layers as three separate ops, so that the gates and the analytics stand between them."""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration import dbt, ledger, progress
from orchestration.defs.resources import Concord
from orchestration.settings import load_settings
from orchestration.translators import ConcordTranslator

# dbt's selection of each op, in the order in which they run.
LAYERS = {
    "staging": "concord.staging resource_type:seed",
    "intermediate": "concord.intermediate",
    "marts": "concord.marts",
}


@dg.definitions
def transformation() -> dg.Definitions:
    """Make one op of each dbt layer, with an asset a model and a check a test."""
    settings = load_settings()
    kinds = {
        name: section.get("kind", "files")
        for name, section in settings.configuration.sources.items()
    }
    manifest = dbt.manifest(settings)
    translator = ConcordTranslator(kinds)
    return dg.Definitions(
        assets=[dbt_layer(name, select, manifest, translator) for name, select in LAYERS.items()]
    )


def dbt_layer(
    name: str, select: str, manifest: Mapping[str, Any], translator: ConcordTranslator
) -> dg.AssetsDefinition:
    """Return the op that builds and tests what dbt's `select` selects."""
    specs = build_dbt_asset_specs(
        manifest=manifest, dagster_dbt_translator=translator, select=select
    )
    by_node = {spec.metadata["dagster_dbt/unique_id"]: spec for spec in specs}
    lasting = _lasting(manifest, translator)
    checks = _checks(manifest, translator, {k: v for k, v in by_node.items() if k not in lasting})

    @dg.multi_asset(name=name, specs=specs, check_specs=list(checks.values()))
    def layer(
        context: dg.AssetExecutionContext, concord: Concord
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        outcomes = _build(name, select, concord)
        built = {outcome.unique_id for outcome in outcomes}
        for node in lasting:
            if node in by_node and node not in built:
                words = "stands as the last full build made it"
                yield dg.MaterializeResult(asset_key=by_node[node].key, metadata={"dbt": words})
        for outcome in outcomes:
            if outcome.unique_id in checks:
                yield _check_result(checks[outcome.unique_id], outcome)
        for outcome in outcomes:
            if outcome.unique_id in by_node and outcome.is_fine:
                yield dg.MaterializeResult(
                    asset_key=by_node[outcome.unique_id].key,
                    metadata={"seconds": outcome.seconds, "dbt": outcome.message},
                )
        _raise_on_failure(outcomes)

    return layer


def _build(name: str, select: str, concord: Concord) -> list[dbt.NodeOutcome]:
    """Build a layer; the first one opens the build that the last one completes."""
    settings, url = concord.settings, concord.url
    if name == "staging":
        build = ledger.open_build(url, dbt.fingerprint(settings), settings.as_of)
    elif name == "intermediate":
        build = ledger.continue_build(url, dbt.fingerprint(settings), settings.as_of)
    else:
        build = ledger.current_build(url)
    if name == "staging" and build.changed_since:
        return []
    outcomes = dbt.build(settings, url, select, _changes(build), progress.say)
    if name == "marts" and all(outcome.is_fine for outcome in outcomes):
        ledger.complete_build(url, build)
    return outcomes


def _changes(build: ledger.Build) -> dict[str, str | None]:
    """Return the dbt variables that say what a build goes on from."""
    instants = {"changed_since": build.changed_since, "built_as_of": build.built_as_of}
    return {name: it.isoformat() if it else None for name, it in instants.items()}


def _lasting(manifest: Mapping[str, Any], translator: ConcordTranslator) -> tuple[str, ...]:
    """Return the nodes that only a full build makes, parents first; their tests aren't daily."""
    specs = build_dbt_asset_specs(
        manifest=manifest, dagster_dbt_translator=translator, select=dbt.LASTING
    )
    nodes = [spec.metadata["dagster_dbt/unique_id"] for spec in specs]
    order = TopologicalSorter({node: manifest["parent_map"][node] for node in nodes})
    return tuple(node for node in order.static_order() if node in nodes)


def _checks(
    manifest: Mapping[str, Any],
    translator: ConcordTranslator,
    by_node: Mapping[str, dg.AssetSpec],
) -> dict[str, dg.AssetCheckSpec]:
    """Return the check of each dbt test that stands on one of the op's own models."""
    checks = {}
    for test, parents in manifest["parent_map"].items():
        for parent in parents if test.startswith("test.") else ():
            if parent not in by_node:
                continue
            spec = translator.get_asset_check_spec(by_node[parent], manifest, test, None)
            if spec is not None:
                checks[test] = spec
    return checks


def _check_result(spec: dg.AssetCheckSpec, outcome: dbt.NodeOutcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=outcome.is_fine,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"failing rows": outcome.failures, "dbt": outcome.message},
    )


def _raise_on_failure(outcomes: list[dbt.NodeOutcome]) -> None:
    failed = [outcome for outcome in outcomes if outcome.status in {"error", "fail"}]
    if failed:
        lines = [f"{outcome.name}: {outcome.message}" for outcome in failed]
        raise dg.Failure("dbt could not build:\n" + "\n".join(lines), allow_retries=False)
