"""The channels of pulses and of the older alerts: one by e-mail is ours, others are people's.

A write replaces them all, so what a person changed in ours and what they added goes back as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards.metabase.client import Json

_EMAIL = "email"
_SCHEDULE = ("schedule_type", "schedule_day", "schedule_hour", "schedule_frame")


def email(addresses: Iterable[str], schedule: Mapping[str, Any]) -> Json:
    """Return a channel to these addresses."""
    recipients = [{"email": it} for it in addresses]
    return {"channel_type": _EMAIL, "enabled": True, "recipients": recipients, **schedule}


def email_of(channels: Iterable[Json]) -> Json:
    """Return the channel by e-mail, or an empty one."""
    return next((it for it in channels if it["channel_type"] == _EMAIL), {})


def addresses(channel: Json) -> list[str]:
    """Return to whom a channel mails; users of Metabase have an address, too."""
    return sorted(it["email"] for it in channel.get("recipients") or [])


def rewritten(
    channels: Sequence[Json], ours: Json, *, recipients: bool, schedule: bool
) -> list[Json]:
    """Return all channels with ours in its place; of ours only what is to change changes."""
    old = email_of(channels)
    kept: Json = {}
    if old and not recipients:
        kept["recipients"] = [_taken_back(it) for it in old["recipients"]]
    if old and not schedule:
        kept |= {it: old.get(it) for it in _SCHEDULE}
    return [{**ours, **kept}, *(it for it in channels if it["channel_type"] != _EMAIL)]


def _taken_back(recipient: Json) -> Json:
    return {key: recipient[key] for key in ("id", "email") if recipient.get(key) is not None}
