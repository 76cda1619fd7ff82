"""The statuses of a card, each as an icon and a word.

Two separate statuses: the signal, which alone has colour, and the target.
"""

from dataclasses import dataclass

from dashboards.scorecard import definition
from dashboards.scorecard.records import ScorecardRow


@dataclass(frozen=True)
class Status:
    """A status as icon and word; only signals have a tone, and only tones have colour."""

    icon: str
    word: str
    tone: str = "plain"


_SIGNALS = {
    "improving": ("improving", "good"),
    "worsening": ("worsening", "bad"),
    "no_signal": ("steady", "plain"),
    "too_little_data": ("waiting", "plain"),
}
_TARGETS = {"will_meet": "will-meet", "may_miss": "may-miss", "cannot_meet": "cannot-meet"}


def signal_status(row: ScorecardRow | None, state: str) -> Status:
    """Return the signal of a card; only a complete value has one."""
    if row is None or state != "value":
        return _signal("too_little_data")
    return _signal(row.signal if row.signal in _SIGNALS else "too_little_data")


def target_status(row: ScorecardRow | None, state: str) -> Status:
    """Return whether the target will be met; without a target none is invented."""
    words = definition.load()
    if row is None or row.target is None:
        return Status("no-target", words.no_target)
    if state != "value" or row.target_status not in _TARGETS:
        return Status("no-target", words.target_not_judged)
    return Status(_TARGETS[row.target_status], words.target_statuses[row.target_status])


def _signal(name: str) -> Status:
    icon, tone = _SIGNALS[name]
    return Status(icon, definition.load().signals[name], tone)
