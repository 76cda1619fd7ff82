"""Publication: the one step that changes what readers see.

`publish` refreshes the schema `published` from the marts in one transaction, `hold` leaves
it alone and writes why. Both add one entry to the ledger `concord.publications`, which
readers see as `published.publication_state`. Deciding whether to publish or to hold is
orchestration's; reading what is published is `queries`'.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import psycopg
from psycopg.types.json import Jsonb

from dashboards.scorecard import ledgers, restatements, signal_changes
from dashboards.scorecard.published_schema import publish_marts
from dashboards.scorecard.records import Company, GateOutcome
from dashboards.scorecard.restatements import Causes


def publish(
    url: str,
    company: Company,
    gates: Sequence[GateOutcome],
    as_of: datetime,
    causes: Causes | None = None,
) -> dict[str, int]:
    """Replace what readers see by the marts' content, all or nothing.

    `causes` is what the restatement log says of figures that change. Returns how many rows of
    each table were written; those that are unchanged are not.
    """
    with psycopg.connect(url) as connection:
        ledgers.prepare(connection)
        restatements.record(connection, gates, causes or Causes())
        written = publish_marts(connection)
        signal_changes.record(connection)
        entry = _entry("published", company, gates, as_of)
        _record(connection, entry, reasons=(), rows=_count(connection))
    return written


def hold(
    url: str,
    company: Company,
    gates: Sequence[GateOutcome],
    as_of: datetime,
    reasons: Sequence[str] = (),
) -> None:
    """Keep what readers see and say why; without reasons, those of the gates that blocked."""
    blocking = (gate for gate in gates if not gate.is_passed)
    given = tuple(reasons) or tuple(failure for gate in blocking for failure in gate.failures)
    with psycopg.connect(url) as connection:
        ledgers.prepare(connection)
        _record(connection, _entry("held", company, gates, as_of), reasons=given, rows=0)


def last_published_at(url: str) -> datetime | None:
    """Return when readers' figures were published last."""
    with psycopg.connect(url) as connection:
        ledgers.prepare(connection)
        row = connection.execute(
            "select max(happened_at) from concord.publications where state = 'published'"
        ).fetchone()
    return row[0] if row else None


def prepare(url: str) -> None:
    """Make what readers may rely on, in a warehouse of an older version too."""
    with psycopg.connect(url) as connection:
        ledgers.prepare(connection)


def _entry(
    state: str, company: Company, gates: Sequence[GateOutcome], as_of: datetime
) -> dict[str, object]:
    return {
        "state": state,
        "as_of": as_of,
        "company_name": company.name,
        "is_demo": company.is_demo,
        "currency": company.currency,
        "time_zone": company.time_zone,
        "gates": Jsonb([asdict(gate) for gate in gates]),
    }


def _count(connection: psycopg.Connection) -> int:
    row = connection.execute("select count(*) from published.scorecard").fetchone()
    return row[0] if row else 0


def _versions(connection: psycopg.Connection) -> dict[str, str]:
    if not ledgers.exists(connection, "published.metric_definitions"):
        return {}
    rows = connection.execute("select metric_id, version from published.metric_definitions")
    return {metric_id: str(version) for metric_id, version in rows}


def _record(
    connection: psycopg.Connection, entry: dict[str, object], reasons: Sequence[str], rows: int
) -> None:
    connection.execute(
        "insert into concord.publications (state, as_of, company_name, is_demo, currency,"
        " time_zone, rows, gates, reasons, definition_versions) values (%(state)s, %(as_of)s,"
        " %(company_name)s, %(is_demo)s, %(currency)s, %(time_zone)s, %(rows)s, %(gates)s,"
        " %(reasons)s, %(versions)s)",
        {
            **entry,
            "rows": rows,
            "reasons": Jsonb(list(reasons)),
            "versions": Jsonb(_versions(connection)),
        },
    )
