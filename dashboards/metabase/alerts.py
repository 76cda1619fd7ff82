"""Our alert: an e-mail on days on which a question has rows.

The API calls it an alert until 0.53, and a notification since. A write replaces the whole object.
People's own are never touched: ours is known by its question and by who made it.
"""

from abc import abstractmethod
from functools import cached_property

from dashboards.metabase.client import Json
from dashboards.metabase.publisher import Kind, Publisher, two_alike
from dashboards.metabase.spec import Alert
from dashboards.metabase.subscriptions import email, read_channel

_ATTACHED = {"include_csv": False, "include_xls": False}
_ADDRESS = "notification-recipient/raw-value"
_RECIPIENT = ("type", "user_id", "permissions_group_id", "details")


class Alerts(Kind):
    """What alerts have in common, whatever the API calls them."""

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


class Notifications(Alerts):
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


class OldAlerts(Alerts):
    """Publishes alerts where they are alerts."""

    path = "/api/alert"

    def wanted(self, spec: Alert) -> Json:
        return {
            "card": {"id": self._ids.of("question", spec.question), **_ATTACHED},
            "channels": [email(spec.recipients, "daily", spec.hour)],
            "alert_condition": "rows",
            "alert_first_only": False,
            "archived": False,
        }

    def changes(self, spec: Alert, changed: Json, raw: Json) -> Json:
        return self.wanted(spec)

    def fields(self, raw: Json) -> Json:
        return {
            "card": {key: raw["card"].get(key) for key in ("id", *_ATTACHED)},
            "channels": [read_channel(each) for each in raw["channels"]],
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


def _read_handler(handler: Json) -> Json:
    recipients = handler.get("recipients") or []
    return {
        "channel_type": handler["channel_type"],
        "recipients": sorted(
            ({key: each.get(key) for key in _RECIPIENT} for each in recipients), key=str
        ),
    }
