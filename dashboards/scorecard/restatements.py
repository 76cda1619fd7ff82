"""The restatement log: published figures of complete months that a publication changes, and why.

Recorded in the transaction that publishes, before the older figures are gone. The table is
defined in `ledgers`; `published.restatements` shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg

from dashboards.scorecard import ledgers
from dashboards.scorecard.records import GateOutcome


@dataclass(frozen=True)
class Explained:
    """Why figures of these months change; without a metric, those of all."""

    metric_id: str | None
    first_month: date
    last_month: date
    reason: str


@dataclass(frozen=True)
class Arrived:
    """How many rows of an entity are new or changed, or left, since the last publication."""

    entity: str
    new: int
    changed: int
    removed: int = 0


@dataclass(frozen=True)
class Causes:
    """What may have changed figures since the last publication."""

    explanations: tuple[Explained, ...] = ()
    arrivals: tuple[Arrived, ...] = ()

    @property
    def kind(self) -> str:
        """Name what the data did: new rows of older months are late, changed ones corrections.

        Rows that left are removals.
        """
        kinds = {
            "late rows": any(each.new for each in self.arrivals),
            "corrections": any(each.changed for each in self.arrivals),
            "removals": any(each.removed for each in self.arrivals),
        }
        return " and ".join(kind for kind, is_so in kinds.items() if is_so) or "settings"

    @property
    def detail(self) -> str:
        """Say how many rows arrived; where none did, only settings or the clock can have."""
        words = "; ".join(
            f"{each.entity}: {each.new:,} new, {each.changed:,} changed"
            + (f", {each.removed:,} removed" if each.removed else "")
            for each in self.arrivals
        )
        return words or "no row has arrived: settings, the clock or a newer version"


def record(connection: psycopg.Connection, gates: Sequence[GateOutcome], causes: Causes) -> int:
    """Record what changes when the marts replace what is published; return how many figures."""
    if not ledgers.exists(connection, "published.scorecard"):
        return 0
    return connection.execute(
        _RECORD,
        {
            "accepted": [words for gate in gates for words in gate.accepted],
            "explained": [each.metric_id for each in causes.explanations],
            "first_months": [each.first_month for each in causes.explanations],
            "last_months": [each.last_month for each in causes.explanations],
            "reasons": [each.reason for each in causes.explanations],
            "kind": causes.kind,
            "detail": causes.detail,
        },
    ).rowcount


# A figure that vanishes has no new value. An acceptance names the company's figure and its month
# at its beginning, as gate 2 says them.
_RECORD = """
with restated as (
    select
        old.metric_id,
        old.period_start,
        old.segment_name,
        old.segment_value,
        old.value as old_value,
        new.value as new_value,
        cast(old.definition_version as text) as old_version,
        cast(coalesce(new.definition_version, old.definition_version) as text) as new_version
    from published.scorecard as old
    left join marts.scorecard as new
        on
            old.metric_id = new.metric_id
            and old.period_start = new.period_start
            and old.segment_name = new.segment_name
            and old.segment_value = new.segment_value
    where not old.is_partial and old.value is not null and old.value is distinct from new.value
),

judged as (
    select
        restated.*,
        (
            select min(reason)
            from unnest(
                %(explained)s::text[],
                %(first_months)s::date[],
                %(last_months)s::date[],
                %(reasons)s::text[]
            ) as explained (metric_id, first_month, last_month, reason)
            where
                (explained.metric_id is null or explained.metric_id = restated.metric_id)
                and restated.period_start between explained.first_month and explained.last_month
        ) as explanation,
        (
            select min(words)
            from unnest(%(accepted)s::text[]) as accepted (words)
            where
                restated.segment_name = 'company'
                and starts_with(
                    words,
                    restated.metric_id || ' of the whole company for '
                    || to_char(restated.period_start, 'FMMonth YYYY')
                )
        ) as acceptance
    from restated
)

insert into concord.restatements (
    metric_id, period_start, segment_name, segment_value,
    old_value, new_value, old_version, new_version, cause, detail
)
select
    metric_id,
    period_start,
    segment_name,
    segment_value,
    old_value,
    new_value,
    old_version,
    new_version,
    case
        when old_version <> new_version then 'definition'
        when explanation is not null then 'explanation'
        when acceptance is not null then 'acceptance'
        else %(kind)s
    end,
    case
        when old_version <> new_version
            then format('version %%s became %%s', old_version, new_version)
        else coalesce(explanation, acceptance, %(detail)s)
    end
from judged
"""
