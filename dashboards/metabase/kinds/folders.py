"""Collections: found by parent and exact name, and ours by the mark in their description."""

from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.errors import Ambiguous
from dashboards.metabase.keeper import Found
from dashboards.metabase.server import Server
from dashboards.metabase.spec import MARKER, Folder


class Folders:
    """Keeps collections."""

    name = "collection"
    adopts = False

    def __init__(self, server: Server) -> None:
        self._client = server.client
        self._places = server.places

    def want(self, spec: Folder) -> Fields:
        return {
            "name": spec.title,
            "description": spec.description,
            "parent": spec.parent or "",
            "archived": False,
        }

    def first(self, want: Fields) -> Fields:
        return want

    def find(self, spec: Folder, known_id: int | None) -> Found | None:
        raw = self._client.find(f"/api/collection/{known_id}") if known_id else None
        if raw is None:
            raw = self._named(spec)
        return None if raw is None else self._found(raw)

    def _named(self, spec: Folder) -> Json | None:
        parent = self._places.id_of(self.name, spec.parent)
        if spec.parent and parent is None:
            return None
        same = [
            it
            for it in self._client.get("/api/collection")
            if it.get("name") == spec.title and _parent(it) == parent and not it.get("archived")
        ]
        return the_one(same, f"collection {spec.title!r}")

    def create(self, spec: Folder) -> Found:
        parent = self._places.id_of(self.name, spec.parent)
        body = {"name": spec.title, "description": spec.description, "parent_id": parent}
        return self._found(self._client.post("/api/collection", body))

    def update(self, spec: Folder, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        body: Json = {it: fields.get(it) for it in ("name", "description", "archived")}
        if "parent" in changed:
            body["parent_id"] = self._places.id_of(self.name, fields.get("parent") or None)
        return self._found(self._client.put(f"/api/collection/{found.id}", body))

    def _found(self, raw: Json) -> Found:
        parent = _parent(raw)
        fields = {
            "name": raw["name"],
            "description": raw.get("description"),
            "parent": "" if parent is None else self._places.key_of(self.name, parent) or "?",
            "archived": bool(raw.get("archived")),
        }
        return Found(raw["id"], fields, raw)


def _parent(raw: Json) -> int | None:
    """Return the id of the collection above: named, or the last step of the location `/1/2/`."""
    if raw.get("parent_id") is not None:
        return raw["parent_id"]
    steps = [step for step in (raw.get("location") or "").split("/") if step]
    return int(steps[-1]) if steps else None


def the_one(same: list[Json], what: str) -> Json | None:
    """Return the one object of a name, if it is ours; raise Ambiguous rather than guess."""
    if len(same) > 1:
        raise Ambiguous(
            f"There are {len(same)} objects like {what}. Rename or remove those that aren't"
            " Concord's, and run again."
        )
    if same and MARKER not in (same[0].get("description") or ""):
        raise Ambiguous(
            f"There is a {what} that Concord didn't make. Rename it, or write into its"
            f" description: {MARKER}"
        )
    return same[0] if same else None


def in_folder(client: Any, folder: int, model: str) -> list[Json]:
    """Return what a collection holds of a kind, archived things left out."""
    answer = client.get(f"/api/collection/{folder}/items", {"models": model})
    return list(answer["data"])
