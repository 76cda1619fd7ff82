"""What the specification is made of: the scorecard's definition and what the warehouse says.

Plain values, which the caller reads; nothing is read or defined here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards.scorecard.definition import CardPlace, ScorecardDefinition
from dashboards.scorecard.records import Absence, Company, MetricDefinition, Owners, owners_of

Columns = Mapping[str, str]
"""A table's columns and their types, in order."""


@dataclass(frozen=True)
class Facts:
    """Definition, metrics by id, targets in force with their owners, company, readable columns."""

    definition: ScorecardDefinition
    metrics: Mapping[str, MetricDefinition]
    owners: Sequence[Owners]
    company: Company
    readable: Mapping[str, Columns]
    absences: Mapping[str, Absence] = field(default_factory=dict)

    def absence_of(self, metric_id: str) -> str:
        """Return in words why a metric may have no figure."""
        found = self.absences.get(metric_id)
        return found.reason if found else self.metrics[metric_id].absence

    @property
    def places(self) -> tuple[CardPlace, ...]:
        """Return the cards whose metric is defined, the north star first."""
        return tuple(card for card in self.definition.places if card.metric_id in self.metrics)

    @property
    def joint(self) -> tuple[CardPlace, ...]:
        """Return the joint figures whose metric is defined."""
        cards = self.definition.joint.cards
        return tuple(card for card in cards if card.metric_id in self.metrics)

    def owners_of(self, place: CardPlace) -> Owners | None:
        """Return who owns a card's target."""
        return owners_of(self.owners, place.metric_id, place.segment)

    def described(self, place: CardPlace) -> str:
        """Return a card's description: definition with its version, owners, target's reason."""
        metric, owners = self.metrics[place.metric_id], self.owners_of(place)
        parts = [metric.question, metric.definition, _fraction(metric)]
        if owners is not None:
            parts += [
                f"Owner in Marketing: {owners.marketing_owner or 'nobody'}.",
                f"Owner in Service: {owners.service_owner or 'nobody'}.",
                f"Target: {owners.reason}." if owners.reason else "",
            ]
        parts.append(f"{metric.metric_id}, definition version {metric.version}.")
        return "\n".join(filter(None, parts))


def _fraction(metric: MetricDefinition) -> str:
    if not metric.numerator:
        return ""
    base = f" / {metric.denominator}" if metric.denominator else ""
    return f"{metric.numerator}{base}."
