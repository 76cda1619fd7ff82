"""Our weekly e-mails of a dashboard, which the API calls pulses.

A write replaces the whole object. People's own are never touched: ours are known by their names.
"""

from collections.abc import Iterable
from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.publisher import Kind, two_alike
from dashboards.metabase.spec import Weekly

_WEEKLY = ", weekly, for "
_LISTED = ("id", "dashboard_card_id", "include_csv", "include_xls")
_CHANNEL = ("channel_type", "enabled", "schedule_type", "schedule_day", "schedule_hour")


class Weeklies(Kind):
    """Publishes weekly e-mails."""

    name = "subscription"
    path = "/api/pulse"

    def wanted(self, spec: Weekly) -> Json:
        board = self._ids.of("dashboard", spec.dashboard)
        return {
            "name": spec.title,
            "dashboard_id": board,
            "cards": [] if board is None else self._cards(board),
            "channels": [email(spec.recipients, "weekly", spec.hour, spec.day)],
            "parameters": [],
            "skip_if_empty": False,
            "archived": False,
        }

    def find(self, spec: Weekly) -> Json | None:
        board = self._ids.of("dashboard", spec.dashboard)
        same = [] if board is None else self._on(board)
        same = [each for each in same if each["name"] == spec.title]
        if len(same) > 1:
            raise two_alike(len(same), f"the subscription {spec.title!r}")
        return same[0] if same else None

    def _on(self, board: int) -> list[Json]:
        return self._client.get(self.path, {"dashboard_id": board})

    def unwanted(self, wanted: set[str]) -> list[Json]:
        """Return the weekly e-mails of ours on our dashboards that aren't wanted any more."""
        boards = self._ids.all_of("dashboard").values()
        listed = [each for board in boards for each in self._on(board)]
        return [each for each in listed if _WEEKLY in each["name"] and each["name"] not in wanted]

    def changes(self, spec: Weekly, changed: Json, raw: Json) -> Json:
        wanted = self.wanted(spec)
        return {name: value for name, value in wanted.items() if name != "dashboard_id"}

    def fields(self, raw: Json) -> Json:
        listed = [{key: each.get(key) for key in _LISTED} for each in raw["cards"]]
        return {
            "name": raw["name"],
            "dashboard_id": raw.get("dashboard_id"),
            "cards": sorted(listed, key=_at),
            "channels": [read_channel(each) for each in raw["channels"]],
            "parameters": raw.get("parameters") or [],
            "skip_if_empty": bool(raw.get("skip_if_empty")),
            "archived": bool(raw.get("archived")),
        }

    def _cards(self, board: int) -> list[Json]:
        """Return everything with a question on the dashboard: an e-mail shows what it lists."""
        placed = self._client.get(f"/api/dashboard/{board}")["dashcards"]
        shown = [each for each in placed if each.get("card_id") is not None]
        listed = ((each["card_id"], each["id"], False, False) for each in shown)
        return sorted((dict(zip(_LISTED, each, strict=True)) for each in listed), key=_at)


def email(addresses: Iterable[str], schedule: str, hour: int, day: str | None = None) -> Json:
    """Return a channel to these addresses, as pulses and the older alerts have them."""
    return {
        "channel_type": "email",
        "enabled": True,
        "recipients": [{"email": each} for each in sorted(addresses)],
        "schedule_type": schedule,
        "schedule_hour": hour,
        "schedule_day": day,
    }


def read_channel(channel: Json) -> Json:
    """Return of a channel what can be compared with what it should be."""
    recipients = ({"email": each["email"]} for each in channel.get("recipients") or [])
    return {
        **{key: channel.get(key) for key in _CHANNEL},
        "recipients": sorted(recipients, key=lambda each: each["email"]),
    }


def _at(listed: Json) -> Any:
    return listed["dashboard_card_id"] or 0
