"""Collections and saved questions, which the API calls cards.

Collections are found by parent and name, questions by an id of ours, the entity id. Of a query
only what we said is compared: servers since 0.57 answer in another form.
"""

from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.publisher import Kind, the_one
from dashboards.metabase.spec import Collection, Filter, Question, entity_id, marked_key, marker
from dashboards.metabase.warehouse import Databases, Warehouse

_KEY = "concord.key"
_TAG = ("id", "name", "display-name", "type")


class Collections(Kind):
    """Publishes collections."""

    name = "collection"
    path = "/api/collection"

    def wanted(self, spec: Collection) -> Json:
        return {
            "name": spec.title,
            "description": marker(spec.key),
            "parent_id": self._ids.of(self.name, spec.parent),
            "archived": False,
        }

    def find(self, spec: Collection) -> Json | None:
        parent = self._ids.of(self.name, spec.parent)
        if spec.parent and parent is None:
            return None
        listed = [each for each in self._client.get(self.path) if each.get("id") != "root"]
        beside = [each for each in listed if _parent(each) == parent]
        found = the_one(beside, spec)
        return found or self._in_trash(spec)

    def _in_trash(self, spec: Collection) -> Json | None:
        """Return the one that somebody archived, so that what lies in it comes back with it."""
        listed = self._client.get(self.path, {"archived": "true"})
        same = [each for each in listed if marked_key(each.get("description")) == spec.key]
        return same[0] if len(same) == 1 else None

    def fields(self, raw: Json) -> Json:
        return {
            "name": raw["name"],
            "description": raw.get("description"),
            "parent_id": _parent(raw),
            "archived": bool(raw.get("archived")),
        }

    def changes(self, spec: Collection, changed: Json, raw: Json) -> Json:
        # Without a word on it, some versions take a collection out of the Trash, some don't.
        return {"archived": False, **changed}


def _parent(raw: Json) -> int | None:
    """Return the id of the collection above: named, or the last step of the location `/1/2/`."""
    if raw.get("parent_id") is not None:
        return raw["parent_id"]
    steps = [step for step in (raw.get("location") or "").split("/") if step]
    return int(steps[-1]) if steps else None


class Questions(Kind):
    """Publishes saved questions."""

    name = "question"
    path = "/api/card"
    _listed: list[Json] | None = None

    def wanted(self, spec: Question) -> Json:
        return {
            "name": spec.title,
            "description": spec.description,
            "display": spec.display,
            "visualization_settings": {**spec.settings, _KEY: spec.key},
            "dataset_query": self._query(spec),
            "collection_id": self._ids.of("collection", spec.collection),
            "archived": False,
        }

    def find(self, spec: Question) -> Json | None:
        ids = {each["entity_id"]: each["id"] for each in self._all() if each.get("entity_id")}
        at = ids.get(entity_id(spec.key))
        return None if at is None else self.read(at)

    def _all(self) -> list[Json]:
        """Return all questions, those in the Trash too; asked once."""
        if self._listed is None:
            lists = [self._client.get(self.path, {"f": which}) for which in ("all", "archived")]
            self._listed = [each for listed in lists for each in listed]
        return self._listed

    def first(self, spec: Question, wanted: Json) -> Json:
        body = super().first(spec, wanted)
        return {**body, "type": "question", "entity_id": entity_id(spec.key)}

    def changes(self, spec: Question, changed: Json, raw: Json) -> Json:
        if "archived" not in changed:
            return changed
        # Out of the Trash and into its collection in one step.
        return {**changed, "collection_id": self._ids.of("collection", spec.collection)}

    def fields(self, raw: Json) -> Json:
        names = ("name", "description", "display", "visualization_settings", "collection_id")
        return {
            **{name: raw.get(name) for name in names},
            "dataset_query": _flat(raw["dataset_query"]),
            "archived": bool(raw.get("archived")),
        }

    def unwanted(self, wanted: set[str]) -> list[Json]:
        """Return the questions of ours that lie in our collections and should be no more.

        A copy that a person made has our key, but never our id: it stays.
        """
        ours = set(self._ids.all_of("collection").values())
        ids = {entity_id(key) for key in wanted}
        found = (
            self.read(each["id"])
            for each in self._all()
            if each.get("collection_id") in ours
            and not each.get("archived")
            and each["entity_id"] not in ids
        )
        return [raw for raw in found if raw["entity_id"] == entity_id(_key(raw))]

    def _query(self, spec: Question) -> Json:
        """Return the query in the form that every version accepts."""
        database = self._ids.of(Databases.name, Warehouse.key)
        return _native(spec.sql, [_tag(each) for each in spec.filters], database)


def _key(raw: Json) -> str:
    return str((raw.get("visualization_settings") or {}).get(_KEY))


def _tag(filtered: Filter) -> Json:
    values = (filtered.tag_id, filtered.name, filtered.title, "text")
    return dict(zip(_TAG, values, strict=True))


def _native(statement: str, tags: list[Json], database: Any) -> Json:
    by_name = {tag["name"]: {key: tag.get(key) for key in _TAG} for tag in tags}
    native = {"query": statement, "template-tags": by_name}
    return {"type": "native", "native": native, "database": database}


def _flat(query: Json) -> Json:
    """Return a query of either of the two forms as we write it."""
    native = query.get("native") or {}
    if "stages" in query:
        stage = query["stages"][0] if query["stages"] else {}
        native = {"query": stage.get("native"), "template-tags": stage.get("template-tags")}
    tags = native.get("template-tags") or {}
    listed = list(tags.values() if isinstance(tags, dict) else tags)
    return _native(native.get("query") or "", listed, query.get("database"))
