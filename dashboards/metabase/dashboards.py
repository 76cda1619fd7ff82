"""Dashboards, whose lists the API replaces whole: filters, and the dashcards that stand on them.

What is on a dashboard is ours alone; each dashcard keeps its id, since subscriptions list it.
Filters that people added stay: taking one away ends the subscriptions that use it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards.metabase.client import Client, Json
from dashboards.metabase.publisher import Ids, Kind, plain, the_one
from dashboards.metabase.spec import FILTERS, Dashboard, Dashcard, Filter, Question, marked_key

_MARK = "concord.place"
_BOX = ("col", "row", "size_x", "size_y")
_DASHCARD, _FILTER = "dashcard ", "filter "
_ECHOED = frozenset(
    {"id", "name", "slug", "type", "sectionId", "default", "values_source_type"}
    | {"values_source_config", "values_query_type", "filteringParameters", "temporal_units"}
)


class Dashboards(Kind):
    """Publishes dashboards, given the questions that there are."""

    name = "dashboard"
    path = "/api/dashboard"

    def __init__(self, client: Client, ids: Ids, questions: Mapping[str, Question]) -> None:
        super().__init__(client, ids)
        self._questions = questions
        self._listed: dict[str, list[Json]] = {}

    def wanted(self, spec: Dashboard) -> Json:
        """Return every filter, also one that nothing takes: removing one ends subscriptions."""
        return {
            "name": spec.title,
            "description": spec.description,
            "collection_id": self._ids.of("collection", spec.collection),
            "archived": False,
            **{_FILTER + name: _read_filter(self._filter(each)) for name, each in FILTERS.items()},
            **{_DASHCARD + each.key: self._dashcard(each) for each in spec.dashcards},
        }

    def find(self, spec: Dashboard) -> Json | None:
        collection = self._ids.of("collection", spec.collection)
        if collection is None:
            return None
        here = [each for each in self._all("all") if each.get("collection_id") == collection]
        found = the_one(here, spec) or self._in_trash(spec)
        return found and self.read(found["id"])

    def _in_trash(self, spec: Dashboard) -> Json | None:
        listed = self._all("archived")
        same = [each for each in listed if marked_key(each.get("description")) == spec.key]
        return same[0] if len(same) == 1 else None

    def _all(self, which: str) -> list[Json]:
        """Return all dashboards without their dashcards; asked once."""
        if which not in self._listed:
            self._listed[which] = list(self._client.get(self.path, {"f": which}))
        return self._listed[which]

    def unwanted(self, wanted: set[str]) -> list[Json]:
        """Return what lies in our collections with a mark of ours that isn't wanted any more."""
        ours = set(self._ids.all_of("collection").values())
        return [
            each
            for each in self._all("all")
            if each.get("collection_id") in ours
            and marked_key(each.get("description")) not in {None, *wanted}
        ]

    def first(self, spec: Dashboard, wanted: Json) -> Json:
        """Return the body of the creation, which drops all dashcards."""
        return {name: wanted[name] for name in ("name", "description", "collection_id")}

    def changes(self, spec: Dashboard, changed: Json, raw: Json) -> Json:
        names = ("name", "description", "collection_id", "archived")
        body = {name: changed[name] for name in names if name in changed}
        if any(name.startswith(_FILTER) for name in changed):
            body["parameters"] = self._parameters(raw)
        if any(not name.startswith(_FILTER) and name not in names for name in changed):
            body |= {"dashcards": self._dashcards(spec, raw), "tabs": []}
        return body

    def fields(self, raw: Json) -> Json:
        names = ("name", "description", "collection_id")
        return {
            **{name: raw.get(name) for name in names},
            "archived": bool(raw.get("archived")),
            **{
                _FILTER + found.name: _read_filter(parameter)
                for parameter in raw.get("parameters") or []
                if (found := _ours(parameter))
            },
            **{f"tab {tab['name']!r}": tab["id"] for tab in raw.get("tabs") or []},
            **{_DASHCARD + key: _read(each) for key, each in self._standing(raw)},
        }

    def _standing(self, raw: Json) -> Iterator[tuple[str, Json]]:
        """Yield what is there by key: a mark of ours, the question, or the id of another's."""
        keys = {at: key for key, at in self._ids.all_of("question").items()}
        seen: set[str] = set()
        for each in sorted(raw["dashcards"], key=lambda dashcard: dashcard["id"]):
            settings = each.get("visualization_settings") or {}
            key = settings.get(_MARK) or keys.get(each.get("card_id")) or ""
            if key in seen or not key:
                key = f"added by hand, {each['id']}"
            seen.add(key)
            yield key, each

    def _parameters(self, raw: Json) -> list[Json]:
        """Return our filters, and after them those that people added, as they are."""
        theirs = [each for each in raw.get("parameters") or [] if not _ours(each)]
        return [self._filter(each) for each in FILTERS.values()] + [
            {name: value for name, value in each.items() if name in _ECHOED and value is not None}
            for each in theirs
        ]

    def _filter(self, filtered: Filter) -> Json:
        return {
            "id": filtered.parameter_id,
            "name": filtered.title,
            "slug": filtered.name,
            "type": "string/=",
            "sectionId": "string",
            "values_source_type": "card",
            "values_source_config": {
                "card_id": self._ids.of("question", filtered.choices),
                "value_field": ["field", filtered.column, {"base-type": "type/Text"}],
            },
        }

    def _dashcards(self, spec: Dashboard, raw: Json) -> list[Json]:
        """Return the whole list: what is there keeps its id, what is new has a negative one."""
        there = {key: each["id"] for key, each in self._standing(raw)}
        return [
            {
                "id": there.get(each.key, -number),
                **plain(self._dashcard(each)),
                "card_id": self._ids.of("question", each.question),
            }
            for number, each in enumerate(spec.dashcards, start=1)
        ]

    def _dashcard(self, spec: Dashcard) -> Json:
        card = self._ids.of("question", spec.question)
        filters = self._questions[spec.question].filters if spec.question else ()
        box = (spec.box.col, spec.box.row, spec.box.width, spec.box.height)
        mappings = [
            {
                "parameter_id": each.parameter_id,
                "card_id": card,
                "target": ["variable", ["template-tag", each.name]],
            }
            for each in filters
        ]
        return {
            "card_id": card,
            **dict(zip(_BOX, box, strict=True)),
            "parameter_mappings": sorted(mappings, key=_parameter_id),
            "visualization_settings": self._settings(spec),
            "series": [],
        }

    def _settings(self, spec: Dashcard) -> Json:
        """Return how a dashcard looks and what a click on it does."""
        settings: Json = {_MARK: spec.key}
        if spec.question is None:
            settings |= {"virtual_card": _virtual(spec), "text": spec.text}
        if spec.title:
            settings["card.title"] = spec.title
        if spec.opens is None:
            return settings
        click = {"click_behavior": self._click(spec.opens)}
        if spec.opens_from is None:
            return settings | click
        column = json.dumps(["name", spec.opens_from], separators=(",", ":"))
        return {**settings, "column_settings": {column: click}}

    def _click(self, opens: str) -> Json:
        """Return the way to the rows behind, with the filters that they can take."""
        return {
            "type": "link",
            "linkType": "question",
            "targetId": self._ids.of("question", opens),
            "parameterMapping": {
                each.tag_id: {
                    "id": each.tag_id,
                    "source": {"type": "parameter", "id": each.parameter_id, "name": each.title},
                    "target": {"type": "variable", "id": each.name},
                }
                for each in self._questions[opens].filters
            },
        }


def _ours(parameter: Json) -> Filter | None:
    by_id = {each.parameter_id: each for each in FILTERS.values()}
    return by_id.get(parameter["id"])


def _read_filter(parameter: Json) -> Json:
    """Return of a filter what can be compared with what it should be."""
    choices = (parameter.get("values_source_config") or {}).get("card_id")
    names = ("name", "slug", "type", "values_source_type")
    return {**{name: parameter.get(name) for name in names}, "choices": choices}


def _read(dashcard: Json) -> Json:
    """Return of a dashcard what can be compared with what it should be."""
    mappings = [
        {name: each.get(name) for name in ("parameter_id", "card_id", "target")}
        for each in dashcard.get("parameter_mappings") or []
    ]
    return {
        **{name: dashcard.get(name) for name in ("card_id", *_BOX)},
        "parameter_mappings": sorted(mappings, key=_parameter_id),
        "visualization_settings": dashcard.get("visualization_settings") or {},
        "series": [each.get("id") for each in dashcard.get("series") or []],
    }


def _parameter_id(mapping: Json) -> Any:
    return mapping["parameter_id"]


def _virtual(spec: Dashcard) -> Json:
    """Return what stands for a question where there is a text."""
    return {
        "name": None,
        "dataset_query": {},
        "visualization_settings": {},
        "display": spec.display,
        "archived": False,
    }
