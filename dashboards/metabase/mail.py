"""Our own mail: weekly e-mails of a dashboard, and an alert on days on which a question has rows.

The API calls the first pulses, the second alerts until 0.53 and notifications since. A write
replaces the whole object. People's own are never touched: a weekly e-mail of ours is known by its
name, an alert of ours by its question and by who made it.
"""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.publisher import Kind, Publisher, two_alike
from dashboards.metabase.questions import TURNED_WORSE
from dashboards.metabase.server import Server
from dashboards.metabase.spec import Alert, Weekly

_WEEKLY = ", weekly, for "
_LISTED = ("id", "dashboard_card_id", "include_csv", "include_xls")
_ATTACHED = {"include_csv": False, "include_xls": False}
_ADDRESS = "notification-recipient/raw-value"
_RECIPIENT = ("type", "user_id", "permissions_group_id", "details")
_CHANNEL = ("channel_type", "enabled", "schedule_type", "schedule_day", "schedule_hour")


def publish_mail(
    publisher: Publisher, server: Server, weeklies: Sequence[Weekly], alerts: Sequence[Alert]
) -> None:
    """Publish subscriptions and the alert, and end those of ours that should be no more."""
    pulses = Weeklies(publisher.client, publisher.ids)
    publisher.publish(pulses, weeklies)
    for raw in pulses.unwanted({spec.title for spec in weeklies}):
        publisher.archive(pulses, raw)
    kind = (Notifications if server.has_notifications else OldAlerts)(
        publisher.client, publisher.ids
    )
    publisher.publish(kind, alerts)
    if not alerts:
        kind.end(publisher, Alert(TURNED_WORSE, TURNED_WORSE, TURNED_WORSE, (), 0))


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
            "channels": [_email(spec.recipients, "weekly", spec.hour, spec.day)],
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
            "channels": [_read_channel(each) for each in raw["channels"]],
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


class _Alerts(Kind):
    """What alerts of both kinds have in common."""

    name = "alert"

    def find(self, spec: Alert) -> Json | None:
        """Return ours: made by the account that we are, or mailing to one of our addresses."""
        ours = [
            each
            for each in self._on(spec.question)
            if each.get("creator_id") == self._me or set(self._addresses(each)) & {*spec.recipients}
        ]
        if len(ours) > 1:
            raise two_alike(len(ours), f"the alert on {spec.question!r}")
        return ours[0] if ours else None

    @cached_property
    def _me(self) -> int:
        return self._client.get("/api/user/current")["id"]

    def _on(self, question: str) -> list[Json]:
        """Return the alerts on a question of ours."""
        at = self._ids.of("question", question)
        return [] if at is None else self._listed(at)

    def end(self, publisher: Publisher, spec: Alert) -> None:
        """Let ours go out no more, if it does."""
        raw = self.find(spec)
        if raw is None or not self._addresses(raw):
            return
        publisher.say("archive", self.name, spec.title)
        if not publisher.dry_run:
            self._client.put(f"{self.path}/{raw['id']}", self._ending(raw))

    @abstractmethod
    def _listed(self, at: int) -> list[Json]:
        """Return the alerts on the question with this id."""

    @abstractmethod
    def _addresses(self, raw: Json) -> list[str]:
        """Return to which addresses an alert mails."""

    @abstractmethod
    def _ending(self, raw: Json) -> Json:
        """Return the body that ends an alert."""


class Notifications(_Alerts):
    """Publishes alerts where they are notifications."""

    path = "/api/notification"

    def wanted(self, spec: Alert) -> Json:
        recipients = [
            {"type": _ADDRESS, "details": {"value": each}} for each in sorted(spec.recipients)
        ]
        cron = {"type": "notification-subscription/cron"}
        return {
            "payload": {
                "card_id": self._ids.of("question", spec.question),
                "send_condition": "has_result",
                "send_once": False,
            },
            "subscriptions": [{**cron, "cron_schedule": f"0 0 {spec.hour} * * ? *"}],
            "handlers": [{"channel_type": "channel/email", "recipients": recipients}],
        }

    def first(self, spec: Alert, wanted: Json) -> Json:
        return {"payload_type": "notification/card", **wanted}

    def changes(self, spec: Alert, changed: Json, raw: Json) -> Json:
        return self.first(spec, self.wanted(spec))

    def fields(self, raw: Json) -> Json:
        payload = raw["payload"]
        return {
            "payload": {
                key: payload.get(key) for key in ("card_id", "send_condition", "send_once")
            },
            "subscriptions": [
                {key: each.get(key) for key in ("type", "cron_schedule")}
                for each in raw.get("subscriptions") or []
            ],
            "handlers": [_read_handler(each) for each in raw.get("handlers") or []],
        }

    def _listed(self, at: int) -> list[Json]:
        return self._client.get(self.path, {"card_id": at})

    def _addresses(self, raw: Json) -> list[str]:
        recipients = [one for each in raw.get("handlers") or [] for one in each["recipients"]]
        return [(each.get("details") or {}).get("value") or "" for each in recipients]

    def _ending(self, raw: Json) -> Json:
        """Take everybody off it: the API has no word for putting an alert to rest."""
        return {"payload_type": "notification/card", **self.fields(raw), "handlers": []}


class OldAlerts(_Alerts):
    """Publishes alerts where they are alerts."""

    path = "/api/alert"

    def wanted(self, spec: Alert) -> Json:
        return {
            "card": {"id": self._ids.of("question", spec.question), **_ATTACHED},
            "channels": [_email(spec.recipients, "daily", spec.hour)],
            "alert_condition": "rows",
            "alert_first_only": False,
            "archived": False,
        }

    def changes(self, spec: Alert, changed: Json, raw: Json) -> Json:
        return self.wanted(spec)

    def fields(self, raw: Json) -> Json:
        return {
            "card": {key: raw["card"].get(key) for key in ("id", *_ATTACHED)},
            "channels": [_read_channel(each) for each in raw["channels"]],
            "alert_condition": raw.get("alert_condition"),
            "alert_first_only": bool(raw.get("alert_first_only")),
            "archived": bool(raw.get("archived")),
        }

    def _listed(self, at: int) -> list[Json]:
        return [each for each in self._client.get(self.path) if each["card"]["id"] == at]

    def _addresses(self, raw: Json) -> list[str]:
        return [one["email"] for each in raw["channels"] for one in each.get("recipients") or []]

    def _ending(self, raw: Json) -> Json:
        return {"archived": True}


def _email(addresses: Iterable[str], schedule: str, hour: int, day: str | None = None) -> Json:
    return {
        "channel_type": "email",
        "enabled": True,
        "recipients": [{"email": each} for each in sorted(addresses)],
        "schedule_type": schedule,
        "schedule_hour": hour,
        "schedule_day": day,
    }


def _read_channel(channel: Json) -> Json:
    recipients = ({"email": each["email"]} for each in channel.get("recipients") or [])
    return {
        **{key: channel.get(key) for key in _CHANNEL},
        "recipients": sorted(recipients, key=lambda each: each["email"]),
    }


def _read_handler(handler: Json) -> Json:
    recipients = handler.get("recipients") or []
    return {
        "channel_type": handler["channel_type"],
        "recipients": sorted(
            ({key: each.get(key) for key in _RECIPIENT} for each in recipients), key=str
        ),
    }


def _at(listed: Json) -> Any:
    return listed["dashboard_card_id"] or 0
