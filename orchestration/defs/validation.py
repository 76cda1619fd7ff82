"""The two gates as blocking asset checks: what arrived, and what may be published.

A blocked gate stops everything after it, so what was published before stays, and the page says
why.
"""

from typing import Any

import dagster as dg

from dashboards.scorecard import publication
from expectations.validate import (
    ArrivalLimits,
    ArrivingEntity,
    Outcome,
    PublishLimits,
    arrival,
    publishable,
)
from ingestion.contract import ENTITIES, Entity, Type
from ingestion.keys import unsaid
from orchestration import acceptances, ledger, progress
from orchestration.defs.publication import company, gate_outcomes
from orchestration.defs.resources import Concord
from orchestration.settings import Settings, load_settings
from orchestration.translators import SCORECARD, raw_key


@dg.definitions
def validation() -> dg.Definitions:
    """Put gate 1 behind every source, and gate 2 behind the scorecard."""
    checks: list[Any] = [arrival_gate(name) for name in load_settings().configuration.sources]
    return dg.Definitions(asset_checks=[*checks, publication_gate])


def arrival_gate(name: str) -> dg.AssetChecksDefinition:
    """Return gate 1 of the source called `name`."""

    @dg.asset_check(
        asset=raw_key(name),
        name="arrival",
        blocking=True,
        description="Gate 1: volume, freshness, null rates, ranges and vocabulary of what arrived.",
    )
    def gate(context: dg.AssetCheckExecutionContext, concord: Concord) -> dg.AssetCheckResult:
        settings = concord.settings
        limits = arrival_limits(settings)
        others = unsaid(settings.configuration.sources, name, "customers")
        outcome = arrival(concord.url, name, settings.as_of, limits, arriving_entities(), others)
        return _verdict(context, concord, outcome)

    return gate


@dg.asset_check(
    asset=SCORECARD,
    name="publishable",
    blocking=True,
    description="Gate 2: bounds, cards that add up with their rows, no unexplained jump.",
)
def publication_gate(
    context: dg.AssetCheckExecutionContext, concord: Concord
) -> dg.AssetCheckResult:
    settings = concord.settings
    limits = PublishLimits(maximum_jump=settings.configuration.gates.maximum_jump)
    return _verdict(context, concord, publishable(concord.url, settings.as_of, limits))


def arrival_limits(settings: Settings) -> ArrivalLimits:
    """Return how far arriving data may stray, as configured."""
    gates = settings.configuration.gates
    return ArrivalLimits(
        minimum_volume_share=gates.minimum_volume_share,
        maximum_volume_ratio=gates.maximum_volume_ratio,
        freshness_days=gates.freshness_days,
        maximum_quarantined_share=gates.maximum_quarantined_share,
        maximum_folded_share=gates.maximum_folded_share,
        brands=tuple(brand.name for brand in settings.company.brands),
        has_phone_country=settings.configuration.persons.phone_country is not None,
        sources=tuple(settings.configuration.sources),
    )


def arriving_entities() -> list[ArrivingEntity]:
    """Return what gate 1 has to know of the entities of the contract."""
    return [_arriving(entity) for entity in ENTITIES.values()]


def _arriving(entity: Entity) -> ArrivingEntity:
    days = {each.name for each in entity.columns if each.type == Type.DATE}
    return ArrivingEntity(
        name=entity.name,
        columns=tuple(each.name for each in entity.columns if not each.is_filled_later),
        occasional=tuple(each.name for each in entity.columns if each.is_occasional),
        event_time=entity.event_time,
        is_event_time_a_day=entity.event_time in days,
        surges=entity.surges,
        income=entity.income,
    )


def _verdict(
    context: dg.AssetCheckExecutionContext, concord: Concord, outcome: Outcome
) -> dg.AssetCheckResult:
    """Record an outcome; if it blocks, hold the publication and say why."""
    outcome = acceptances.apply(concord.url, outcome)
    ledger.record_gate(concord.url, context.run.run_id, outcome)
    words = [str(failure) for failure in outcome.failures]
    for sentence in words:
        progress.say(sentence)
    if not outcome.is_passed:
        settings = concord.settings
        publication.hold(
            concord.url, company(settings), gate_outcomes(concord.url, settings), settings.as_of
        )
        words.append("`concord accept` lists these findings, and lets them pass with a reason.")
    return dg.AssetCheckResult(
        passed=outcome.is_passed,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join(words) or f"{len(outcome.checks)} checks passed",
        metadata={"checks": len(outcome.checks), "failures": dg.MetadataValue.json(words)},
    )
