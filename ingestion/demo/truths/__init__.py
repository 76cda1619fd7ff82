"""What the scorecard must find: every metric's value, computed from what was simulated.

Follows the definitions in words, by numpy on the simulation's own arrays: persons are known
here, sentiment is as planted, nothing was lost on the way. Shares no code with the warehouse.
"""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from ingestion.demo.company import Company
from ingestion.demo.parameters import Parameters
from ingestion.demo.truths.consistency import consistency_truths
from ingestion.demo.truths.contacts import contact_truths
from ingestion.demo.truths.desk import desk_truths
from ingestion.demo.truths.emails import email_truths
from ingestion.demo.truths.events import Events, find_events
from ingestion.demo.truths.follow_ups import follow_up_truths
from ingestion.demo.truths.growth import growth_truths
from ingestion.demo.truths.money import money_truths
from ingestion.demo.truths.people import people_truths
from ingestion.demo.truths.promises import promise_truths
from ingestion.demo.truths.rows import Truth
from ingestion.demo.truths.voices import voice_truths

__all__ = ["Events", "Truth", "Truths", "truths"]


@dataclass(frozen=True)
class Truths:
    """The true rows of the complete months, the planted events, and the parameters."""

    rows: tuple[Truth, ...]
    events: Events
    parameters: Parameters

    def find(
        self,
        metric_id: str,
        period_start: date,
        segment_name: str = "company",
        segment_value: str = "all",
    ) -> Truth:
        """Return one row; KeyError if there is none."""
        wanted = (metric_id, period_start, segment_name, segment_value)
        for row in self.rows:
            if row.key == wanted:
                return row
        raise KeyError(wanted)

    def series(
        self, metric_id: str, segment_name: str = "company", segment_value: str = "all"
    ) -> dict[date, Truth]:
        """Return the rows of one metric and segment by month."""
        wanted = (metric_id, segment_name, segment_value)
        return {
            row.period_start: row
            for row in self.rows
            if (row.metric_id, row.segment_name, row.segment_value) == wanted
        }

    @property
    def table(self) -> pa.Table:
        """All rows, with the scorecard's column names."""
        return pa.Table.from_pylist([row.as_columns() for row in self.rows])


def truths(company: Company) -> Truths:
    """Compute the true value of every metric for each complete month that is reported."""
    rows = [
        *people_truths(company),
        *money_truths(company),
        *email_truths(company),
        *growth_truths(company),
        *contact_truths(company),
        *consistency_truths(company),
        *desk_truths(company),
        *follow_up_truths(company),
        *promise_truths(company),
        *voice_truths(company),
    ]
    return Truths(tuple(rows), find_events(company), company.parameters)
