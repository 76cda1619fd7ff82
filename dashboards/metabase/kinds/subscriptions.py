"""Weekly e-mails of a dashboard, which the API calls pulses.

A write replaces the whole object, so it is read, merged and written: other channels, such as a
chat that somebody added, go back as they were.
"""

from collections.abc import Iterable

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.keeper import Found
from dashboards.metabase.kinds import channels
from dashboards.metabase.kinds.trash import trashed
from dashboards.metabase.server import Server
from dashboards.metabase.spec import Weekly

_LISTED = ("id", "dashboard_card_id", "include_csv", "include_xls")


class Subscriptions:
    """Keeps weekly e-mails."""

    name = "subscription"
    adopts = False

    def __init__(self, server: Server) -> None:
        self._client = server.client
        self._places = server.places

    def want(self, spec: Weekly) -> Fields:
        board = self._places.id_of("dashboard", spec.board)
        return {
            "name": spec.title,
            "dashboard": spec.board,
            "when": [spec.day, spec.hour],
            "recipients": sorted(spec.recipients),
            "cards": [] if board is None else self._cards(board),
            "archived": False,
        }

    def first(self, want: Fields) -> Fields:
        return want

    def find(self, spec: Weekly, known_id: int | None) -> Found | None:
        raw = self._client.find(f"/api/pulse/{known_id}") if known_id else None
        if raw is None:
            raw = self._named(spec)
        return None if raw is None else self._found(raw)

    def _named(self, spec: Weekly) -> Json | None:
        board = self._places.id_of("dashboard", spec.board)
        if board is None:
            return None
        listed = self._client.get("/api/pulse", {"dashboard_id": board})
        same = [it for it in listed if it["name"] == spec.title]
        return same[0] if same else None

    def create(self, spec: Weekly) -> Found:
        board = self._places.id_of("dashboard", spec.board)
        body = {
            "name": spec.title,
            "dashboard_id": board,
            "cards": self._bodies(board),
            "channels": [_weekly(spec.recipients, spec.day, spec.hour)],
            "skip_if_empty": False,
        }
        return self._found(self._client.post("/api/pulse", body))

    def update(self, spec: Weekly, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        day, hour = fields["when"]
        body = {
            "name": fields["name"],
            "archived": fields["archived"],
            "cards": self._cards_again(spec, found.raw, changed),
            "channels": channels.rewritten(
                found.raw["channels"],
                _weekly(fields["recipients"], day, hour),
                recipients="recipients" in changed,
                schedule="when" in changed,
            ),
            "skip_if_empty": found.raw.get("skip_if_empty") or False,
            "parameters": found.raw.get("parameters") or [],
        }
        self._client.put(f"/api/pulse/{found.id}", body)
        return self._found(self._client.get(f"/api/pulse/{found.id}"))

    def archive(self, known_id: int) -> Found | None:
        raw = trashed(self._client, f"/api/pulse/{known_id}")
        return None if raw is None else self._found(raw)

    def _cards_again(self, spec: Weekly, raw: Json, changed: frozenset[str]) -> list[Json]:
        """Return what the e-mail lists: everything if that changes, else as it is."""
        if "cards" in changed:
            return self._bodies(self._places.id_of("dashboard", spec.board))
        return [{key: it.get(key) for key in _LISTED} for it in raw["cards"]]

    def _bodies(self, board: int | None) -> list[Json]:
        """Return everything with a question on the dashboard: an e-mail shows what it lists."""
        if board is None:
            return []
        placed = self._client.get(f"/api/dashboard/{board}")["dashcards"]
        shown = sorted(
            (it for it in placed if it.get("card_id") is not None),
            key=lambda it: (it["row"], it["col"]),
        )
        listed = ((it["card_id"], it["id"], False, False) for it in shown)
        return [dict(zip(_LISTED, it, strict=True)) for it in listed]

    def _cards(self, board: int) -> list[int]:
        return sorted(it["dashboard_card_id"] for it in self._bodies(board))

    def _found(self, raw: Json) -> Found:
        email = channels.email_of(raw["channels"])
        fields = {
            "name": raw["name"],
            "dashboard": self._places.key_of("dashboard", raw.get("dashboard_id")),
            "when": [email.get("schedule_day"), email.get("schedule_hour")],
            "recipients": channels.addresses(email),
            "cards": sorted(it.get("dashboard_card_id") or 0 for it in raw["cards"]),
            "archived": bool(raw.get("archived")),
        }
        return Found(raw["id"], fields, raw)


def _weekly(recipients: Iterable[str], day: str, hour: int) -> Json:
    when = {"schedule_type": "weekly", "schedule_day": day, "schedule_hour": hour}
    return channels.email(recipients, {**when, "schedule_frame": None})
