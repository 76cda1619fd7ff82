"""What the published tables hold, as frozen values.

No formatting and no reading belongs here: `queries` fills these, the view models read them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

WHOLE_COMPANY = ("company", "all")


@dataclass(frozen=True)
class ScorecardRow:
    """One metric in one period for one segment; percentages run from 0 to 100."""

    metric_id: str
    period_start: date
    period_grain: str
    segment_name: str
    segment_value: str
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    n: int | None
    ci_low: float | None
    ci_high: float | None
    prior_year_value: float | None
    target: float | None
    signal: str | None
    target_status: str | None
    is_partial: bool
    suppressed_reason: str | None
    left_out: str | None
    data_as_of: datetime | None
    definition_version: str | None
    limit_low: float | None = None
    limit_mean: float | None = None
    limit_high: float | None = None
    signal_rule: str | None = None

    @property
    def segment(self) -> tuple[str, str]:
        return self.segment_name, self.segment_value


@dataclass(frozen=True)
class MetricDefinition:
    """What a metric means, from the one seed of definitions."""

    metric_id: str
    name: str
    area: str
    question: str | None
    definition: str | None
    numerator: str | None
    denominator: str | None
    unit: str
    decimals: int
    direction: str
    interval_method: str | None
    minimum_n: int | None
    needs: tuple[str, ...]
    needs_detail: str | None
    source: str | None
    version: str
    rows_mart: str | None
    rows_numerator: str | None
    rows_denominator: str | None

    @property
    def absence(self) -> str:
        """Return in words why there may be no data at all: which entities it would need."""
        needs = ", ".join(self.needs).replace("_", " ")
        parts = ("no data: needs", needs, self.needs_detail)
        return " ".join(filter(None, parts)) if needs else "no data"


@dataclass(frozen=True)
class Absence:
    """Why a metric has no figure of the whole company.

    `missing` names in words the data that isn't there; None where all is there.
    """

    metric_id: str
    reason: str
    missing: str | None


@dataclass(frozen=True)
class Owners:
    """Who owns a target, one name in each department, and why it was set."""

    metric_id: str
    segment_name: str
    segment_value: str
    target: float | None
    marketing_owner: str | None
    service_owner: str | None
    reason: str | None
    valid_from: date | None


def owners_of(owners: Sequence[Owners], metric_id: str, segment: tuple[str, str]) -> Owners | None:
    """Find who owns a target: the segment's own owners, else the metric's."""
    own = [owner for owner in owners if owner.metric_id == metric_id]
    exact = [owner for owner in own if (owner.segment_name, owner.segment_value) == segment]
    return next(iter(exact or own), None)


@dataclass(frozen=True)
class TrustFigure:
    """One figure that says how far the scorecard can be trusted."""

    figure: str
    subject: str
    value: float | None
    numerator: float | None
    denominator: float | None
    measured_at: datetime | None


@dataclass(frozen=True)
class GateOutcome:
    """What one gate found: how many checks it made, which failed, and what was accepted."""

    gate: str
    is_passed: bool
    checks: int
    failures: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Company:
    """Whose scorecard it is; `is_demo` is said clearly wherever the numbers are shown."""

    name: str
    is_demo: bool = False
    currency: str = "EUR"
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Publication:
    """One entry of the publication ledger; `state` is 'published' or 'held'."""

    publication_id: int
    happened_at: datetime
    state: str
    as_of: datetime | None
    company: Company
    rows: int
    gates: tuple[GateOutcome, ...] = ()
    reasons: tuple[str, ...] = ()
    definition_versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def accepted(self) -> tuple[str, ...]:
        """What the gates held and somebody let pass, in words."""
        return tuple(words for gate in self.gates for words in gate.accepted)


@dataclass(frozen=True)
class Restatement:
    """A published figure of a complete month that a later publication changed, and by what."""

    metric_id: str
    period_start: date
    segment_name: str
    segment_value: str
    old_value: float
    new_value: float | None
    old_version: str
    new_version: str
    cause: str
    detail: str
    restated_at: datetime


@dataclass(frozen=True)
class Crisis:
    """A crisis of a brand: when it began, peaked and ended, and what is known of it so far."""

    brand: str
    period_start: date
    began_at: datetime
    peaked_at: datetime
    ended_at: datetime | None
    peak_count: int
    peak_expected: float
    negative_count: int
    reach: int | None
    first_reply_minutes: float | None
    days_to_baseline: float | None
    campaign_key: str | None
    campaign_name: str | None
    campaign_mention_count: int | None
    promise: str | None
    promise_mention_count: int | None
    product: str | None
    product_mention_count: int | None
    sample_message_keys: str | None

    @property
    def is_on(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True)
class Standing:
    """What readers see: the last published numbers, and the hold above them if there is one."""

    published: Publication | None
    hold: Publication | None

    @property
    def company(self) -> Company:
        newest = self.hold or self.published
        return newest.company if newest else Company("")
