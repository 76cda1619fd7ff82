"""The connection to the warehouse: one database, read as the role that sees what is published."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.errors import Ambiguous, Refused, WarehouseOutOfReach
from dashboards.metabase.keeper import Found
from dashboards.metabase.reader import SCHEMA, Access
from dashboards.metabase.server import Server

_DETAILS = ("host", "port", "dbname", "user", "ssl")
_FILTER = {"schema-filters-type": "inclusion", "schema-filters-patterns": SCHEMA}
_SYNC_SECONDS, _SYNC_PAUSE = 120, 1


@dataclass(frozen=True)
class Warehouse:
    """The database that should be there."""

    access: Access
    key: str = "warehouse"
    title: str = "Concord warehouse"


class Databases:
    """Keeps the connection, and waits until Metabase has looked into it."""

    name = "database"
    adopts = False

    def __init__(self, server: Server, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = server.client
        self._sleep = sleep

    def want(self, spec: Warehouse) -> Fields:
        details = {it: getattr(spec.access, it) for it in _DETAILS}
        return {"name": spec.title, "engine": "postgres", **details, **_FILTER}

    def first(self, want: Fields) -> Fields:
        return want

    def find(self, spec: Warehouse, known_id: int | None) -> Found | None:
        raw = self._client.find(f"/api/database/{known_id}") if known_id else None
        if raw is None:
            raw = self._named(spec)
        return None if raw is None else self._found(raw)

    def _named(self, spec: Warehouse) -> Json | None:
        answer = self._client.get("/api/database")
        listed = answer["data"] if isinstance(answer, dict) else answer
        same = [it["id"] for it in listed if it["name"] == spec.title]
        if len(same) > 1:
            raise Ambiguous(
                f"There are {len(same)} databases called {spec.title!r}. Rename those that aren't"
                " Concord's, and run again."
            )
        return self._client.get(f"/api/database/{same[0]}") if same else None

    def create(self, spec: Warehouse) -> Found:
        body = {"name": spec.title, "engine": "postgres", "details": self._details(spec)}
        try:
            return self._found(self._client.post("/api/database", body))
        except Refused as error:
            raise _out_of_reach(spec, str(error)) from None

    def update(
        self, spec: Warehouse, found: Found, fields: Fields, changed: frozenset[str]
    ) -> Found:
        details = {**found.raw["details"], **{it: fields.get(it) for it in (*_DETAILS, *_FILTER)}}
        details["password"] = spec.access.password
        body = {"name": fields["name"], "engine": "postgres", "details": details}
        try:
            self._client.put(f"/api/database/{found.id}", body)
        except Refused as error:
            raise _out_of_reach(spec, str(error)) from None
        return self._found(self._client.get(f"/api/database/{found.id}"))

    def is_out_of_reach(self, at: int) -> str | None:
        """Return why Metabase can't connect at present, or None if it can."""
        health = self._client.find(f"/api/database/{at}/healthcheck")
        if health is None or health.get("status") == "ok":
            return None
        return str(health.get("message") or "no answer")

    def send_password(self, spec: Warehouse, at: int) -> None:
        """Give Metabase the role's password anew: it never tells which one it has."""
        raw = self._client.get(f"/api/database/{at}")
        details = {**raw["details"], "password": spec.access.password}
        try:
            self._client.put(f"/api/database/{at}", {"details": details})
        except Refused as error:
            raise _out_of_reach(spec, str(error)) from None
        if (why := self.is_out_of_reach(at)) is not None:
            raise _out_of_reach(spec, why)

    def is_synced(self, at: int) -> bool:
        """Tell whether Metabase has looked into the warehouse once."""
        raw = self._client.get(f"/api/database/{at}")
        return raw.get("initial_sync_status", "complete") == "complete"

    def sync(self, at: int) -> None:
        """Let Metabase look into the warehouse, and wait until it has."""
        self._client.post(f"/api/database/{at}/sync_schema", {})
        for _ in range(_SYNC_SECONDS // _SYNC_PAUSE):
            if self.is_synced(at):
                return
            self._sleep(_SYNC_PAUSE)
        raise WarehouseOutOfReach(
            f"Metabase has not finished looking into the warehouse after {_SYNC_SECONDS} s."
            " Look at the database in its admin settings, and run again."
        )

    def _details(self, spec: Warehouse) -> Json:
        details = {it: getattr(spec.access, it) for it in _DETAILS}
        return {**details, "password": spec.access.password, **_FILTER}

    def _found(self, raw: Json) -> Found:
        details = raw.get("details") or {}
        fields = {it: details.get(it) for it in (*_DETAILS, *_FILTER)}
        return Found(raw["id"], {"name": raw["name"], "engine": raw["engine"], **fields}, raw)


def _out_of_reach(spec: Warehouse, why: str) -> WarehouseOutOfReach:
    access = spec.access
    return WarehouseOutOfReach(
        f"Metabase can't connect to the warehouse at {access.host}:{access.port}/{access.dbname}"
        f" as {access.user}: {why} If Metabase reaches it by another address than Concord, set"
        " metabase.warehouse_host and metabase.warehouse_port."
    )
