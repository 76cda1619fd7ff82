"""E-mails on days on which a question has rows: alerts until 0.53, notifications since 0.54."""

from abc import ABC, abstractmethod
from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.keeper import Found
from dashboards.metabase.server import Server
from dashboards.metabase.spec import Alert

_RAW, _EMAIL = "notification-recipient/raw-value", "channel/email"


class _Alerts(ABC):
    """What both have in common."""

    name = "alert"
    adopts = False
    path = ""

    def __init__(self, server: Server) -> None:
        self._client = server.client
        self._places = server.places

    def want(self, spec: Alert) -> Fields:
        return {
            "question": spec.question,
            "hour": spec.hour,
            "recipients": sorted(spec.recipients),
            "archived": False,
        }

    def first(self, want: Fields) -> Fields:
        return want

    def find(self, spec: Alert, known_id: int | None) -> Found | None:
        raw = self._client.find(f"{self.path}/{known_id}") if known_id else None
        if raw is None:
            raw = self._on(self._places.id_of("question", spec.question))
        return None if raw is None else self._found(raw)

    def create(self, spec: Alert) -> Found:
        return self._made(self._body(spec, self.want(spec), {}))

    def _made(self, body: Json) -> Found:
        made = self._client.post(self.path, body)
        return self._found(self._client.get(f"{self.path}/{made['id']}"))

    def update(self, spec: Alert, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        self._client.put(f"{self.path}/{found.id}", self._body(spec, fields, found.raw))
        return self._found(self._client.get(f"{self.path}/{found.id}"))

    @abstractmethod
    def _on(self, question: int | None) -> Json | None:
        """Return the alert on a question, or None."""

    @abstractmethod
    def _body(self, spec: Alert, fields: Fields, raw: Json) -> Json:
        """Return what is to be sent, what others added included."""

    @abstractmethod
    def _found(self, raw: Json) -> Found:
        """Read an alert as the API shows it."""


class Notifications(_Alerts):
    """Keeps alerts where they are notifications."""

    path = "/api/notification"

    def update(self, spec: Alert, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        if not found.raw.get("active", True):
            # The API has no word for waking one up.
            return self._made(self._body(spec, fields, {}))
        return super().update(spec, found, fields, changed)

    def archive(self, known_id: int) -> Found | None:
        """Take our addresses off it: the API has no word for putting one to rest."""
        raw = self._client.find(f"{self.path}/{known_id}")
        if raw is None or self._found(raw).fields["archived"]:
            return None
        body = {it: raw[it] for it in ("payload_type", "payload", "subscriptions")}
        self._client.put(f"{self.path}/{known_id}", {**body, "handlers": _others(raw)})
        return self._found(self._client.get(f"{self.path}/{known_id}"))

    def _on(self, question: int | None) -> Json | None:
        if question is None:
            return None
        listed = self._client.get(self.path, {"card_id": question, "include_inactive": "true"})
        return listed[0] if listed else None

    def _body(self, spec: Alert, fields: Fields, raw: Json) -> Json:
        payload = {
            "card_id": self._places.id_of("question", spec.question),
            "send_condition": "has_result",
            "send_once": False,
        }
        return {
            "payload_type": "notification/card",
            "payload": payload,
            "subscriptions": [
                {
                    "type": "notification-subscription/cron",
                    "cron_schedule": f"0 0 {fields['hour']} * * ? *",
                }
            ],
            "handlers": [
                {
                    "channel_type": _EMAIL,
                    "recipients": [
                        {"type": _RAW, "details": {"value": it}} for it in fields["recipients"]
                    ],
                },
                *_others(raw),
            ],
        }

    def _found(self, raw: Json) -> Found:
        crons = [it.get("cron_schedule") or "" for it in raw.get("subscriptions") or []]
        fields = {
            "question": self._places.key_of("question", (raw.get("payload") or {}).get("card_id")),
            "hour": _hour(crons[0]) if crons else None,
            "recipients": sorted(
                it.get("details", {}).get("value") or "?"
                for handler in _mailed(raw)
                for it in handler.get("recipients") or []
            ),
            "archived": not (raw.get("active", True) and _mailed(raw)),
        }
        return Found(raw["id"], fields, raw)


class OldAlerts(_Alerts):
    """Keeps alerts where they are alerts."""

    path = "/api/alert"

    def archive(self, known_id: int) -> Found | None:
        raw = self._client.find(f"{self.path}/{known_id}")
        if raw is None or raw.get("archived"):
            return None
        self._client.put(f"{self.path}/{known_id}", {"archived": True})
        return self._found(self._client.get(f"{self.path}/{known_id}"))

    def _on(self, question: int | None) -> Json | None:
        if question is None:
            return None
        same = [it for it in self._client.get(self.path) if it["card"]["id"] == question]
        return same[0] if same else None

    def _body(self, spec: Alert, fields: Fields, raw: Json) -> Json:
        others = [it for it in raw.get("channels") or [] if it["channel_type"] != "email"]
        email = {
            "channel_type": "email",
            "enabled": True,
            "recipients": [{"email": it} for it in fields["recipients"]],
            "schedule_type": "daily",
            "schedule_hour": fields["hour"],
        }
        question = self._places.id_of("question", spec.question)
        return {
            "card": {"id": question, "include_csv": False, "include_xls": False},
            "alert_condition": "rows",
            "alert_first_only": False,
            "channels": [email, *others],
            **({"archived": fields.get("archived", False)} if raw else {}),
        }

    def _found(self, raw: Json) -> Found:
        email: dict[str, Any] = next(
            (it for it in raw["channels"] if it["channel_type"] == "email"), {}
        )
        fields = {
            "question": self._places.key_of("question", raw["card"]["id"]),
            "hour": email.get("schedule_hour"),
            "recipients": sorted(it.get("email") or "?" for it in email.get("recipients") or []),
            "archived": bool(raw.get("archived")),
        }
        return Found(raw["id"], fields, raw)


def _mailed(raw: Json) -> list[Json]:
    return [it for it in raw.get("handlers") or [] if it["channel_type"] == _EMAIL]


def _others(raw: Json) -> list[Json]:
    """Return the channels that somebody added, as they are taken back."""
    kept = ("channel_type", "channel_id", "recipients", "template_id")
    return [
        {key: it[key] for key in kept if it.get(key) is not None}
        for it in raw.get("handlers") or []
        if it["channel_type"] != _EMAIL
    ]


def _hour(cron: str) -> int | None:
    parts = cron.split()
    return int(parts[2]) if len(parts) > 2 and parts[2].isdigit() else None
