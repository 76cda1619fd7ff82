"""Findings of the gates that somebody let pass: who, when and why.

An acceptance holds for what was seen, to the figure, and ends with the first run that doesn't see
it any more: the limits stay as they are. Entries are never removed.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import psycopg

from orchestration import ledger
from orchestration.errors import UnknownFinding

if TYPE_CHECKING:
    from expectations.validate import Outcome

_TABLE = """
create table if not exists concord.acceptances (
    gate text not null,
    subject text not null,
    finding text not null,
    observed text not null,
    reason text not null,
    accepted_by text not null,
    accepted_at timestamptz not null default now(),
    ended_at timestamptz
)
"""
_OPEN = """
select finding, accepted_by, accepted_at, reason
from concord.acceptances
where gate = %s and subject = %s and ended_at is null
order by accepted_at
"""
_WAITING = """
select finding, accepted_by
from concord.acceptances
where ended_at is null
order by accepted_at
"""
_END = """
update concord.acceptances set ended_at = now()
where gate = %s and subject = %s and ended_at is null and finding <> all(%s)
"""


def prepare(url: str) -> None:
    """Create the table of acceptances if there is none."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('concord.ledger'))")
        connection.execute(_TABLE)


def apply(url: str, outcome: "Outcome") -> "Outcome":
    """Let the accepted findings of a gate pass, and end the acceptances of what isn't seen now."""
    with psycopg.connect(url) as connection:
        place = (outcome.gate, outcome.subject)
        accepted = outcome.accepting(
            {
                finding: f"accepted by {by} on {at:%d %B %Y}: {reason}"
                for finding, by, at, reason in connection.execute(_OPEN, place)
            }
        )
        seen = [failure.finding for failure in accepted.accepted]
        connection.execute(_END, (*place, seen))
    return accepted


def stopping(url: str, sources: Collection[str]) -> dict[str, tuple[ledger.GateResult, str]]:
    """Return what holds the publication by finding, with the gate's result that it is part of.

    What arrived of a source that isn't among `sources` holds nothing any more.
    """
    return {
        finding: (result, observed)
        for result in ledger.latest_gates(url, sources)
        for finding, observed in result.stopping.items()
    }


def waiting(url: str) -> dict[str, str]:
    """Return by whom findings were accepted that the next run lets pass."""
    with psycopg.connect(url) as connection:
        return dict(connection.execute(_WAITING).fetchall())


def accept(
    url: str,
    sources: Collection[str],
    findings: Collection[str],
    reason: str,
    accepted_by: str,
) -> Mapping[str, str]:
    """Let these findings pass at the next run; return what was seen, by finding.

    Raises UnknownFinding if one of them isn't among what holds the publication.
    """
    found = stopping(url, sources)
    unknown = [finding for finding in findings if finding not in found]
    if unknown:
        named = ", ".join(unknown)
        raise UnknownFinding(f"nothing is held by {named}; `concord accept` lists what is")
    with psycopg.connect(url) as connection:
        connection.cursor().executemany(
            "insert into concord.acceptances (gate, subject, finding, observed, reason,"
            " accepted_by) values (%s, %s, %s, %s, %s, %s)",
            [
                (result.gate, result.subject, finding, observed, reason, accepted_by)
                for finding, (result, observed) in found.items()
                if finding in findings
            ],
        )
    return {finding: found[finding][1] for finding in findings}
