"""Dashboards: lists that the API replaces whole, kept item by item.

Each place and each filter is a field of its own, so that what a person moved, removed or added
is told apart from what we change; theirs goes back with every write as it was.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.keeper import Found
from dashboards.metabase.kinds.folders import in_folder, the_one
from dashboards.metabase.kinds.placed import PlacedThings
from dashboards.metabase.kinds.trash import trashed
from dashboards.metabase.server import Server
from dashboards.metabase.spec import FILTERS, Board, Filter

_PLACE, _FILTER = "place ", "filter "
_ECHOED = frozenset(
    {"id", "name", "slug", "type", "sectionId", "default", "values_source_type"}
    | {"values_source_config", "values_query_type", "filteringParameters", "temporal_units"}
)


class Boards:
    """Keeps dashboards."""

    name = "dashboard"
    adopts = False

    def __init__(self, server: Server, placed: PlacedThings) -> None:
        self._client = server.client
        self._places = server.places
        self._placed = placed

    def want(self, spec: Board) -> Fields:
        """Return every filter, also one that nothing takes: removing one ends subscriptions."""
        return {
            "name": spec.title,
            "description": spec.description,
            "folder": spec.folder,
            "archived": False,
            **{_FILTER + it.name: _wanted_filter(it) for it in FILTERS.values()},
            **{_PLACE + place.key: self._placed.want(place) for place in spec.places},
        }

    def first(self, want: Fields) -> Fields:
        """Creation drops everything that stands on a dashboard."""
        return {it: want[it] for it in ("name", "description", "folder", "archived")}

    def find(self, spec: Board, known_id: int | None) -> Found | None:
        raw = self._client.find(f"/api/dashboard/{known_id}") if known_id else None
        if raw is None:
            raw = self._named(spec)
        return None if raw is None else self._found(raw)

    def _named(self, spec: Board) -> Json | None:
        folder = self._places.id_of("collection", spec.folder)
        if folder is None:
            return None
        same = [
            it for it in in_folder(self._client, folder, "dashboard") if it["name"] == spec.title
        ]
        one = the_one(same, f"dashboard {spec.title!r}")
        return one and self._client.get(f"/api/dashboard/{one['id']}")

    def create(self, spec: Board) -> Found:
        body = {
            "name": spec.title,
            "description": spec.description,
            "collection_id": self._places.id_of("collection", spec.folder),
        }
        made = self._client.post("/api/dashboard", body)
        return self._found(self._client.get(f"/api/dashboard/{made['id']}"))

    def update(self, spec: Board, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        body: Json = {
            it: fields.get(it) for it in ("name", "description", "archived") if it in changed
        }
        if changed & {"folder", "archived"}:
            body["collection_id"] = self._places.id_of("collection", fields["folder"])
        if any(it.startswith(_FILTER) for it in changed):
            body["parameters"] = list(self._parameters(found.raw, fields, changed))
        if any(it.startswith(_PLACE) for it in changed):
            body["dashcards"] = self._dashcards(spec, found.raw, fields, changed)
            body["tabs"] = [
                {"id": tab["id"], "name": tab["name"]} for tab in found.raw.get("tabs") or []
            ]
        self._client.put(f"/api/dashboard/{found.id}", body)
        return self._found(self._client.get(f"/api/dashboard/{found.id}"))

    def archive(self, known_id: int) -> Found | None:
        raw = trashed(self._client, f"/api/dashboard/{known_id}")
        return None if raw is None else self._found(raw)

    def _found(self, raw: Json) -> Found:
        is_archived = bool(raw.get("archived"))
        folder = self._places.key_of("collection", raw.get("collection_id")) or "?"
        fields = {
            "name": raw["name"],
            "description": raw.get("description"),
            "folder": None if is_archived else folder,
            "archived": is_archived,
            **{
                _FILTER + it.name: self._read_filter(parameter)
                for parameter, it in _ours(raw.get("parameters") or [])
            },
            **{
                _PLACE + key: self._placed.read(dashcard)
                for key, dashcard in self._placed.ours(raw["dashcards"])
            },
        }
        return Found(raw["id"], fields, raw)

    def _read_filter(self, parameter: Json) -> Json:
        source = parameter.get("values_source_config") or {}
        return {
            **{name: parameter.get(name) for name in ("name", "slug", "type")},
            "choices": self._places.key_of("question", source.get("card_id")),
            "source": parameter.get("values_source_type"),
        }

    def _parameters(self, raw: Json, fields: Fields, changed: frozenset[str]) -> Iterator[Json]:
        """Yield ours that change as they should be, all others as they are."""
        present = {it.name: parameter for parameter, it in _ours(raw.get("parameters") or [])}
        for name, it in FILTERS.items():
            field = _FILTER + name
            if field in changed and field in fields:
                yield self._parameter(it)
            elif field not in changed and name in present:
                yield _echo(present[name])
        ours = [parameter["id"] for parameter in present.values()]
        for parameter in raw.get("parameters") or []:
            if parameter["id"] not in ours:
                yield _echo(parameter)

    def _parameter(self, it: Filter) -> Json:
        return {
            "id": it.parameter_id,
            "name": it.title,
            "slug": it.name,
            "type": "string/=",
            "sectionId": "string",
            "values_source_type": "card",
            "values_source_config": {
                "card_id": self._places.id_of("question", it.choices),
                "value_field": ["field", it.column, {"base-type": "type/Text"}],
            },
        }

    def _dashcards(
        self, spec: Board, raw: Json, fields: Fields, changed: frozenset[str]
    ) -> list[Json]:
        present = dict(self._placed.ours(raw["dashcards"]))
        tabs = [tab["id"] for tab in raw.get("tabs") or []]
        written, new = [], -1
        for place in spec.places:
            field = _PLACE + place.key
            if field in changed and field in fields:
                old = present.get(place.key)
                written.append(self._placed.write(place, old, new, tabs))
                new -= old is None
        replaced = {self._id(present, it.removeprefix(_PLACE)) for it in changed}
        kept = [it for it in raw["dashcards"] if it["id"] not in replaced]
        return [*map(self._placed.echo, kept), *written]

    def _id(self, present: Mapping[str, Json], key: str) -> int | None:
        return present[key]["id"] if key in present else None


def _wanted_filter(it: Filter) -> Json:
    return {
        "name": it.title,
        "slug": it.name,
        "type": "string/=",
        "choices": it.choices,
        "source": "card",
    }


def _ours(parameters: Iterable[Json]) -> Iterator[tuple[Json, Filter]]:
    by_id = {it.parameter_id: it for it in FILTERS.values()}
    for parameter in parameters:
        if parameter["id"] in by_id:
            yield parameter, by_id[parameter["id"]]


def _echo(parameter: Json) -> dict[str, Any]:
    return {it: value for it, value in parameter.items() if it in _ECHOED and value is not None}
