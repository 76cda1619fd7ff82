"""Groups of people, found by name: a company's own group of that name is the one that is meant."""

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.errors import NotAllowed
from dashboards.metabase.keeper import Found
from dashboards.metabase.server import Server
from dashboards.metabase.spec import Group

EVERYBODY = "All Users"


class Groups:
    """Keeps groups; who belongs to one is for Metabase's administrator to say."""

    name = "group"
    adopts = True

    def __init__(self, server: Server) -> None:
        self._client = server.client
        self._all: list[Json] | None = None

    def want(self, spec: Group) -> Fields:
        return {"name": spec.name}

    def first(self, want: Fields) -> Fields:
        return want

    def find(self, spec: Group, known_id: int | None) -> Found | None:
        listed = self._listed()
        named = [it for it in listed if it["name"] == spec.name]
        known = named or [it for it in listed if known_id and it["id"] == known_id]
        return Found(known[0]["id"], {"name": known[0]["name"]}, known[0]) if known else None

    def create(self, spec: Group) -> Found:
        made = self._client.post("/api/permissions/group", {"name": spec.name})
        self._all = None
        return Found(made["id"], {"name": made["name"]}, made)

    def update(self, spec: Group, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        self._client.put(f"/api/permissions/group/{found.id}", {"name": fields["name"]})
        self._all = None
        return Found(found.id, {"name": fields["name"]}, found.raw)

    def everybody(self) -> int:
        """Return the id of the group that every account is in."""
        for it in self._listed():
            if it["name"] == EVERYBODY or it.get("magic_group_type") == "all-internal-users":
                return it["id"]
        raise NotAllowed(f"Metabase shows no group {EVERYBODY!r}: sign in as an administrator.")

    def _listed(self) -> list[Json]:
        if self._all is None:
            self._all = list(self._client.get("/api/permissions/group"))
        return self._all
