"""Saved questions, which the API calls cards: found again by an id of ours, the entity id.

Of a query only what we said is compared: servers since 0.57 answer in another form.
"""

from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.keeper import Found
from dashboards.metabase.kinds.trash import trashed
from dashboards.metabase.server import Server
from dashboards.metabase.spec import FILTERS, Filter, Question

DATABASE = "database"
_KEYS = {"name": "name", "description": "description", "display": "display"}
_BODY = {**_KEYS, "settings": "visualization_settings", "archived": "archived"}


class Cards:
    """Keeps saved questions."""

    name = "question"
    adopts = False

    def __init__(self, server: Server, database: str) -> None:
        self._client = server.client
        self._places = server.places
        self._database = database
        self._by_entity: dict[str, int] | None = None

    def want(self, spec: Question) -> Fields:
        return {
            "name": spec.title,
            "description": spec.description,
            "query": {
                "sql": spec.sql,
                "variables": [_variable(_tag(it)) for it in spec.filters],
                "database": self._database,
            },
            "display": spec.display,
            "settings": dict(spec.settings),
            "folder": spec.folder,
            "archived": False,
        }

    def first(self, want: Fields) -> Fields:
        return want

    def find(self, spec: Question, known_id: int | None) -> Found | None:
        raw = self._client.find(f"/api/card/{known_id}") if known_id else None
        if raw is None or raw.get("entity_id") != spec.entity_id:
            at = self._known().get(spec.entity_id)
            raw = self._client.find(f"/api/card/{at}") if at else None
        return None if raw is None else self._found(raw)

    def _known(self) -> dict[str, int]:
        """Return the ids of all questions by entity id; asked once, and only if it is needed."""
        if self._by_entity is None:
            found = [
                it for f in ("all", "archived") for it in self._client.get("/api/card", {"f": f})
            ]
            self._by_entity = {it["entity_id"]: it["id"] for it in found if it.get("entity_id")}
        return self._by_entity

    def create(self, spec: Question) -> Found:
        body = {
            "name": spec.title,
            "description": spec.description,
            "display": spec.display,
            "visualization_settings": dict(spec.settings),
            "dataset_query": self._query(spec),
            "type": "question",
            "collection_id": self._places.id_of("collection", spec.folder),
            "entity_id": spec.entity_id,
        }
        return self._found(self._client.post("/api/card", body))

    def update(
        self, spec: Question, found: Found, fields: Fields, changed: frozenset[str]
    ) -> Found:
        body: Json = {_BODY[it]: fields.get(it) for it in changed if it in _BODY}
        if "query" in changed:
            body["dataset_query"] = self._query(spec)
        if changed & {"folder", "archived"}:
            body["collection_id"] = self._places.id_of("collection", fields["folder"])
        return self._found(self._client.put(f"/api/card/{found.id}", body))

    def archive(self, known_id: int) -> Found | None:
        raw = trashed(self._client, f"/api/card/{known_id}")
        return None if raw is None else self._found(raw)

    def _query(self, spec: Question) -> Json:
        """Return the query in the form that every version accepts."""
        tags = {tag["name"]: tag for tag in map(_tag, spec.filters)}
        return {
            "type": "native",
            "native": {"query": spec.sql, "template-tags": tags},
            "database": self._places.id_of(DATABASE, self._database),
        }

    def _found(self, raw: Json) -> Found:
        statement, tags, database = _read(raw["dataset_query"])
        folder = self._places.key_of("collection", raw.get("collection_id")) or "?"
        is_archived = bool(raw.get("archived"))
        fields = {
            **{name: raw.get(key) for name, key in _KEYS.items()},
            "query": {
                "sql": statement,
                "variables": [_variable(tag) for tag in tags],
                "database": self._places.key_of(DATABASE, database) or "?",
            },
            "settings": raw.get("visualization_settings") or {},
            # The Trash is no folder that anybody chose.
            "folder": None if is_archived else folder,
            "archived": is_archived,
        }
        return Found(raw["id"], fields, raw)


def _tag(it: Filter) -> Json:
    return {"id": it.tag_id, "name": it.name, "display-name": it.title, "type": "text"}


def _variable(tag: Json) -> list[Any]:
    return [tag.get(key) for key in ("id", "name", "display-name", "type")]


def _read(query: Json) -> tuple[str, list[Json], Any]:
    """Return statement, variables and database of a query in either of the two forms."""
    native = query.get("native") or {}
    if "stages" in query:
        stage = query["stages"][0] if query["stages"] else {}
        native = {"query": stage.get("native"), "template-tags": stage.get("template-tags")}
    tags = native.get("template-tags") or {}
    found = tags.values() if isinstance(tags, dict) else tags
    return native.get("query") or "", sorted(found, key=_order), query.get("database")


def _order(tag: Json) -> int:
    names = list(FILTERS)
    return names.index(tag["name"]) if tag.get("name") in names else len(names)
