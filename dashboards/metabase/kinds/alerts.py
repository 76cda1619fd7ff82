"""E-mails on days on which a question has rows: alerts until 0.53, notifications since 0.54."""

import json
from abc import ABC, abstractmethod

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.keeper import Found
from dashboards.metabase.kinds import channels
from dashboards.metabase.kinds.trash import trashed
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
        if raw is not None:
            return self._found(raw)
        question = self._places.id_of("question", spec.question)
        listed = [] if question is None else map(self._found, self._on(question))
        # An alert has no name, and people may have their own: ours mails to one of our addresses.
        ours = (it for it in listed if set(it.fields["recipients"]) & set(spec.recipients))
        return next(ours, None)

    def create(self, spec: Alert) -> Found:
        want = self.want(spec)
        return self._made(self._body(spec, want, {}, frozenset(want)))

    def _made(self, body: Json) -> Found:
        made = self._client.post(self.path, body)
        return self._found(self._client.get(f"{self.path}/{made['id']}"))

    def update(self, spec: Alert, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        self._client.put(f"{self.path}/{found.id}", self._body(spec, fields, found.raw, changed))
        return self._found(self._client.get(f"{self.path}/{found.id}"))

    @abstractmethod
    def _on(self, question: int) -> list[Json]:
        """Return the alerts on a question."""

    @abstractmethod
    def _body(self, spec: Alert, fields: Fields, raw: Json, changed: frozenset[str]) -> Json:
        """Return what is to be sent, with what others added to the alert that is there."""

    @abstractmethod
    def _found(self, raw: Json) -> Found:
        """Read an alert as the API shows it."""


class Notifications(_Alerts):
    """Keeps alerts where they are notifications."""

    path = "/api/notification"

    def update(self, spec: Alert, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        if not found.raw.get("active", True):
            # The API has no word for waking one up.
            return self._made(self._body(spec, fields, {}, frozenset(fields)))
        return super().update(spec, found, fields, changed)

    def archive(self, known_id: int) -> Found | None:
        """Take our addresses off it: the API has no word for putting one to rest."""
        raw = self._client.find(f"{self.path}/{known_id}")
        if raw is None or self._found(raw).fields["archived"]:
            return None
        body = {"subscriptions": _times(raw), "handlers": _others(raw)}
        about = _about(raw["payload"]["card_id"])
        self._client.put(f"{self.path}/{known_id}", {**about, **body})
        return self._found(self._client.get(f"{self.path}/{known_id}"))

    def _on(self, question: int) -> list[Json]:
        return self._client.get(self.path, {"card_id": question, "include_inactive": "true"})

    def _body(self, spec: Alert, fields: Fields, raw: Json, changed: frozenset[str]) -> Json:
        known = {_shown(it): _taken_back(it) for it in _recipients(raw)}
        return {
            **_about(self._places.id_of("question", spec.question)),
            "subscriptions": [_daily(fields["hour"])] if "hour" in changed else _times(raw),
            "handlers": [
                {
                    "channel_type": _EMAIL,
                    "recipients": [
                        known.get(it) or {"type": _RAW, "details": {"value": it}}
                        for it in fields["recipients"]
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
            "recipients": sorted(map(_shown, _recipients(raw))),
            "archived": not (raw.get("active", True) and _mailed(raw)),
        }
        return Found(raw["id"], fields, raw)


class OldAlerts(_Alerts):
    """Keeps alerts where they are alerts."""

    path = "/api/alert"

    def archive(self, known_id: int) -> Found | None:
        raw = trashed(self._client, f"{self.path}/{known_id}")
        return None if raw is None else self._found(raw)

    def _on(self, question: int) -> list[Json]:
        return [it for it in self._client.get(self.path) if it["card"]["id"] == question]

    def _body(self, spec: Alert, fields: Fields, raw: Json, changed: frozenset[str]) -> Json:
        schedule = {"schedule_type": "daily", "schedule_hour": fields["hour"]}
        email = channels.email(fields["recipients"], schedule)
        rewritten = channels.rewritten(
            raw.get("channels") or [],
            email,
            recipients="recipients" in changed,
            schedule="hour" in changed,
        )
        question = self._places.id_of("question", spec.question)
        return {
            "card": {"id": question, "include_csv": False, "include_xls": False},
            "alert_condition": "rows",
            "alert_first_only": False,
            "channels": rewritten,
            **({"archived": fields["archived"]} if raw else {}),
        }

    def _found(self, raw: Json) -> Found:
        email = channels.email_of(raw["channels"])
        fields = {
            "question": self._places.key_of("question", raw["card"]["id"]),
            "hour": email.get("schedule_hour"),
            "recipients": channels.addresses(email),
            "archived": bool(raw.get("archived")),
        }
        return Found(raw["id"], fields, raw)


def _mailed(raw: Json) -> list[Json]:
    return [it for it in raw.get("handlers") or [] if it["channel_type"] == _EMAIL]


def _about(question: int | None) -> Json:
    payload = {"card_id": question, "send_condition": "has_result", "send_once": False}
    return {"payload_type": "notification/card", "payload": payload}


def _daily(hour: int) -> Json:
    return {"type": "notification-subscription/cron", "cron_schedule": f"0 0 {hour} * * ? *"}


def _times(raw: Json) -> list[Json]:
    """Return when an alert is looked at, as it is taken back."""
    return [{key: it[key] for key in ("type", "cron_schedule")} for it in raw["subscriptions"]]


def _recipients(raw: Json) -> list[Json]:
    return [it for handler in _mailed(raw) for it in handler.get("recipients") or []]


def _shown(recipient: Json) -> str:
    """Return an address, or what stands for somebody whom a person added: a user, a group."""
    address = (recipient.get("details") or {}).get("value")
    return address or json.dumps(_taken_back(recipient), sort_keys=True)


def _taken_back(recipient: Json) -> Json:
    kept = ("type", "user_id", "permissions_group_id", "details")
    return {key: recipient[key] for key in kept if recipient.get(key) is not None}


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
