"""The statuses of a card, each as an icon and a word.

Two separate statuses: the signal, which alone has colour, and the target.
"""

from dataclasses import dataclass

from dashboards.scorecard.records import ScorecardRow


@dataclass(frozen=True)
class Mark:
    """A status as icon and word; only signals have a tone, and only tones have colour."""

    icon: str
    word: str
    tone: str = "plain"


SIGNALS = {
    "improving": Mark("improving", "improving", "good"),
    "worsening": Mark("worsening", "worsening", "bad"),
    "no_signal": Mark("steady", "no signal"),
    "too_little_data": Mark("waiting", "too little data"),
}
TARGETS = {
    "will_meet": Mark("will-meet", "will meet target"),
    "may_miss": Mark("may-miss", "may miss target"),
    "cannot_meet": Mark("cannot-meet", "cannot meet target"),
}
NO_TARGET = Mark("no-target", "no target set")
UNJUDGED = Mark("no-target", "target not judged yet")


def signal_mark(row: ScorecardRow | None, state: str) -> Mark:
    """Return the signal of a card; only a complete value has one."""
    if row is None or state != "value":
        return SIGNALS["too_little_data"]
    return SIGNALS.get(row.signal or "", SIGNALS["too_little_data"])


def target_mark(row: ScorecardRow | None, state: str) -> Mark:
    """Return whether the target will be met; without a target none is invented."""
    if row is None or row.target is None:
        return NO_TARGET
    return TARGETS.get(row.target_status or "", UNJUDGED) if state == "value" else UNJUDGED
