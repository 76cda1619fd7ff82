"""The connection to the warehouse: one database, read as the role that sees what is published."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from dashboards.metabase.client import Client, Json
from dashboards.metabase.errors import Refused, WarehouseOutOfReach
from dashboards.metabase.publisher import Ids, Kind, Publisher, two_alike
from dashboards.metabase.reader import SCHEMA, Access

_DETAILS = ("host", "port", "dbname", "user", "ssl")
_FILTER = {"schema-filters-type": "inclusion", "schema-filters-patterns": SCHEMA}
_SYNC_SECONDS, _SYNC_PAUSE = 120, 1


@dataclass(frozen=True)
class Warehouse:
    """The database that should be there."""

    access: Access
    key: ClassVar[str] = "warehouse"
    title: ClassVar[str] = "Concord warehouse"


class Databases(Kind):
    """Publishes the connection, and waits until Metabase has looked into it."""

    name = "database"
    path = "/api/database"

    def __init__(
        self, client: Client, ids: Ids, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__(client, ids)
        self._sleep = sleep

    def wanted(self, spec: Warehouse) -> Json:
        details = {name: getattr(spec.access, name) for name in _DETAILS}
        return {"name": spec.title, "engine": "postgres", "details": {**details, **_FILTER}}

    def find(self, spec: Warehouse) -> Json | None:
        answer = self._client.get(self.path)
        listed = answer["data"] if isinstance(answer, dict) else answer
        same = [each["id"] for each in listed if each["name"] == spec.title]
        if len(same) > 1:
            raise two_alike(len(same), f"the database {spec.title!r}")
        return self.read(same[0]) if same else None

    def fields(self, raw: Json) -> Json:
        details = raw.get("details") or {}
        known = {name: details.get(name) for name in (*_DETAILS, *_FILTER)}
        return {"name": raw["name"], "engine": raw["engine"], "details": known}

    def first(self, spec: Warehouse, wanted: Json) -> Json:
        return {**wanted, "details": {**wanted["details"], "password": spec.access.password}}

    def changes(self, spec: Warehouse, changed: Json, raw: Json) -> Json:
        details = {**raw["details"], **changed.get("details", {})}
        body = {"name": spec.title, "engine": "postgres", "details": details}
        return self.first(spec, body)

    def out_of_reach(self, at: int) -> str | None:
        """Return why Metabase can't connect at present, or None if it can."""
        health = self._client.find(f"{self.path}/{at}/healthcheck")
        if health is None or health.get("status") == "ok":
            return None
        return str(health.get("message") or "no answer")

    def is_synced(self, at: int) -> bool:
        """Return whether Metabase has looked into the warehouse once."""
        return self.read(at).get("initial_sync_status", "complete") == "complete"

    def sync(self, at: int) -> None:
        """Let Metabase look into the warehouse, and wait until it has."""
        self._client.post(f"{self.path}/{at}/sync_schema", {})
        for _ in range(_SYNC_SECONDS // _SYNC_PAUSE):
            if self.is_synced(at):
                return
            self._sleep(_SYNC_PAUSE)
        raise WarehouseOutOfReach(
            f"Metabase has not finished looking into the warehouse after {_SYNC_SECONDS} s."
            " Look at the database in its admin settings, and run again."
        )


def connect(publisher: Publisher, warehouse: Warehouse, sleep: Callable[[float], None]) -> None:
    """Publish the connection; raise WarehouseOutOfReach if Metabase can't use it."""
    databases = Databases(publisher.client, publisher.ids, sleep)
    try:
        publisher.publish(databases, [warehouse])
        at = publisher.ids.of(databases.name, warehouse.key)
        if at is None or publisher.dry_run:
            return
        if databases.out_of_reach(at) is not None:
            # Metabase never tells which password it has.
            publisher.say("overwrite", databases.name, warehouse.title, ["password"])
            body = databases.changes(warehouse, {}, databases.read(at))
            publisher.client.put(f"{databases.path}/{at}", body)
            if (why := databases.out_of_reach(at)) is not None:
                raise _out_of_reach(warehouse, why)
    except Refused as error:
        raise _out_of_reach(warehouse, str(error)) from None
    if not databases.is_synced(at):
        databases.sync(at)


def _out_of_reach(spec: Warehouse, why: str) -> WarehouseOutOfReach:
    access = spec.access
    return WarehouseOutOfReach(
        f"Metabase can't connect to the warehouse at {access.host}:{access.port}/{access.dbname}"
        f" as {access.user}: {why} If Metabase reaches it by another address than Concord, set"
        " metabase.warehouse_host and metabase.warehouse_port."
    )
