"""dbt's layers as three separate ops, so that the gates and the analytics stand between them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Project:
    """What dbt says of its project: its manifest, and unique ids of what isn't visited daily.

    What is `lasting` only a full build makes and tests. Keys that are `guarded` are tested then,
    too, but a unique index has kept them at every write since.
    """

    manifest: Mapping[str, Any]
    lasting: frozenset[str]
    guarded: frozenset[str]


@dg.definitions
def transformation() -> dg.Definitions:
    """Make one op of each dbt layer, with an asset a model and a check a test."""
    settings = load_settings()
    project = Project(
        dbt.manifest(settings), dbt.lasting_nodes(settings), dbt.guarded_tests(settings)
    )
    translator = ConcordTranslator(settings.configuration.sources)
    return dg.Definitions(
        assets=[dbt_layer(name, select, project, translator) for name, select in LAYERS.items()]
    )


def dbt_layer(
    name: str, select: str, project: Project, translator: ConcordTranslator
) -> dg.AssetsDefinition:
    """Return the op that builds and tests what dbt's `select` selects."""
    specs = build_dbt_asset_specs(
        manifest=project.manifest, dagster_dbt_translator=translator, select=select
    )
    by_node = {spec.metadata["dagster_dbt/unique_id"]: spec for spec in specs}
    order = _parents_first(by_node, project.manifest)
    checks = _checks(project, translator, by_node)

    @dg.multi_asset(name=name, specs=specs, check_specs=list(checks.values()))
    def layer(
        context: dg.AssetExecutionContext, concord: Concord
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        outcomes = {outcome.unique_id: outcome for outcome in _build(name, select, concord)}
        for test, spec in checks.items():
            if test in outcomes:
                yield _check_result(spec, outcomes[test])
            elif test in project.guarded and all(it.is_fine for it in outcomes.values()):
                yield _kept_result(spec)
        for node in order:
            outcome = outcomes.get(node)
            if outcome.is_fine if outcome else node in project.lasting:
                yield _materialization(by_node[node], outcome)
        _raise_on_failure(outcomes.values())

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


def _parents_first(nodes: Collection[str], manifest: Mapping[str, Any]) -> list[str]:
    """Return the nodes in the order in which Dagster wants to hear of them."""
    order = TopologicalSorter({node: manifest["parent_map"][node] for node in nodes})
    return [node for node in order.static_order() if node in nodes]


def _checks(
    project: Project, translator: ConcordTranslator, by_node: Mapping[str, dg.AssetSpec]
) -> dict[str, dg.AssetCheckSpec]:
    """Return the check of each dbt test of the op's own models that has an answer every day."""
    checks = {}
    for test, parents in project.manifest["parent_map"].items():
        if not test.startswith("test.") or test in project.lasting - project.guarded:
            continue
        for parent in parents:
            if parent not in by_node or parent in project.lasting:
                continue
            spec = translator.get_asset_check_spec(by_node[parent], project.manifest, test, None)
            if spec is not None:
                checks[test] = spec
    return checks


def _materialization(spec: dg.AssetSpec, outcome: dbt.NodeOutcome | None) -> dg.MaterializeResult:
    """Return what Dagster hears of a model that was built, or that stands."""
    if outcome is None:
        metadata: dict[str, Any] = {"dbt": "stands as the last full build made it"}
    else:
        metadata = {"seconds": outcome.seconds, "dbt": outcome.message}
    return dg.MaterializeResult(asset_key=spec.key, metadata=metadata)


def _check_result(spec: dg.AssetCheckSpec, outcome: dbt.NodeOutcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=outcome.is_fine,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"failing rows": outcome.failures, "dbt": outcome.message},
    )


def _kept_result(spec: dg.AssetCheckSpec) -> dg.AssetCheckResult:
    """Return the answer that a unique index gives: it lets no row in that would fail the test."""
    metadata = {"dbt": "kept by the table's unique index; asked anew in a full build"}
    return dg.AssetCheckResult(
        asset_key=spec.asset_key, check_name=spec.name, passed=True, metadata=metadata
    )


def _raise_on_failure(outcomes: Iterable[dbt.NodeOutcome]) -> None:
    failed = [outcome for outcome in outcomes if outcome.status in {"error", "fail"}]
    if failed:
        lines = [f"{outcome.name}: {outcome.message}" for outcome in failed]
        raise dg.Failure("dbt could not build:\n" + "\n".join(lines), allow_retries=False)
