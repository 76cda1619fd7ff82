"""What stands on a dashboard: as a field, as the API wants it, and as it goes back untouched.

A question is recognised by its id; a text, which has none, by a mark in its settings. Whatever
is neither belongs to somebody else.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.server import Places
from dashboards.metabase.spec import Box, Filter, Place, Question

_MARK, _CLICK = "concord.place", "click_behavior"
_OURS = frozenset({_MARK, _CLICK, "virtual_card", "text", "card.title", "column_settings"})
_BOX = ("col", "row", "size_x", "size_y")
_ECHOED = frozenset(
    {"id", "card_id", *_BOX, "dashboard_tab_id", "action_id", "parameter_mappings"}
    | {"visualization_settings", "series", "inline_parameters"}
)


class PlacedThings:
    """Reads and writes places, given the questions that there are and where they are."""

    def __init__(self, places: Places, questions: Mapping[str, Question]) -> None:
        self._places = places
        self._questions = questions

    def filters(self, place: Place) -> Sequence[Filter]:
        """Return the filters that a place can take."""
        return () if place.question is None else self._questions[place.question].filters

    def want(self, place: Place) -> Json:
        """Return a place as a field."""
        return {
            "box": _box(place.box),
            "question": place.question,
            "text": place.text,
            "display": place.display if place.question is None else None,
            "title": place.title or None,
            "opens": [place.opens, place.opens_from] if place.opens else None,
            "filters": [it.name for it in self.filters(place)],
        }

    def read(self, dashcard: Json) -> Json:
        """Return what stands on the server as the same field."""
        settings = dashcard.get("visualization_settings") or {}
        virtual = settings.get("virtual_card") or {}
        click, column = _click_of(settings)
        return {
            "box": [dashcard[it] for it in _BOX],
            "question": self._places.key_of("question", dashcard.get("card_id")),
            "text": settings.get("text") or "",
            "display": virtual.get("display"),
            "title": settings.get("card.title"),
            "opens": self._opened(click, column),
            "filters": [_variable(it) for it in dashcard.get("parameter_mappings") or []],
        }

    def _opened(self, click: Json | None, column: str | None) -> list[str | None] | None:
        if click is None:
            return None
        return [self._places.key_of("question", click.get("targetId")), column]

    def ours(self, dashcards: Iterable[Json]) -> Iterator[tuple[str, Json]]:
        """Yield the places that are ours, by key; of two alike the older one is."""
        seen: set[str] = set()
        for dashcard in sorted(dashcards, key=lambda it: it["id"]):
            key = self._key(dashcard)
            if key is not None and key not in seen:
                seen.add(key)
                yield key, dashcard

    def _key(self, dashcard: Json) -> str | None:
        settings = dashcard.get("visualization_settings") or {}
        if dashcard.get("card_id") is None:
            return settings.get(_MARK)
        return settings.get(_MARK) or self._places.key_of("question", dashcard["card_id"])

    def write(self, place: Place, old: Json | None, new_id: int, tabs: Sequence[int]) -> Json:
        """Return a place as the API wants it; one that is there keeps its id, series and tab."""
        kept = self.echo(old) if old else {}
        if old is None and tabs:
            kept["dashboard_tab_id"] = tabs[0]
        return {
            **kept,
            "id": old["id"] if old else new_id,
            "card_id": self._places.id_of("question", place.question),
            **dict(zip(_BOX, _box(place.box), strict=True)),
            "parameter_mappings": self._mappings(place),
            "visualization_settings": self._settings(
                place, kept.get("visualization_settings") or {}
            ),
        }

    def echo(self, dashcard: Json) -> Json:
        """Return a place as it is, without what the API tells and doesn't take."""
        echoed = {
            it: value for it, value in dashcard.items() if it in _ECHOED and value is not None
        }
        if "series" in echoed:
            echoed["series"] = [{"id": it["id"]} for it in echoed["series"]]
        return {"card_id": None, **echoed}

    def _mappings(self, place: Place) -> list[Json]:
        card = self._places.id_of("question", place.question)
        return [
            {
                "parameter_id": it.parameter_id,
                "card_id": card,
                "target": ["variable", ["template-tag", it.name]],
            }
            for it in self.filters(place)
        ]

    def _settings(self, place: Place, old: Json) -> dict[str, Any]:
        """Return how a place looks and what a click does; other settings that it has stay."""
        settings = {name: it for name, it in old.items() if name not in _OURS}
        settings[_MARK] = place.key
        if place.question is None:
            settings |= {"virtual_card": _virtual(place), "text": place.text}
        if place.title:
            settings["card.title"] = place.title
        columns = _without_clicks(old.get("column_settings") or {})
        if place.opens is not None:
            click = {_CLICK: self._click(place.opens)}
            if place.opens_from is None:
                settings |= click
            else:
                column = _column(place.opens_from)
                columns[column] = {**columns.get(column, {}), **click}
        return {**settings, "column_settings": columns} if columns else settings

    def _click(self, opens: str) -> Json:
        """Return the way to the rows behind, with the filters that they can take."""
        return {
            "type": "link",
            "linkType": "question",
            "targetId": self._places.id_of("question", opens),
            "parameterMapping": {
                it.tag_id: {
                    "id": it.tag_id,
                    "source": {"type": "parameter", "id": it.parameter_id, "name": it.title},
                    "target": {"type": "variable", "id": it.name},
                }
                for it in self._questions[opens].filters
            },
        }


def _box(box: Box) -> list[int]:
    return [box.col, box.row, box.width, box.height]


def _column(name: str) -> str:
    return json.dumps(["name", name], separators=(",", ":"))


def _without_clicks(columns: Json) -> dict[str, Json]:
    left = {
        column: {name: it for name, it in own.items() if name != _CLICK}
        for column, own in columns.items()
    }
    return {column: own for column, own in left.items() if own}


def _click_of(settings: Json) -> tuple[Json | None, str | None]:
    """Return what a click does and on which column, None for the whole."""
    if settings.get(_CLICK):
        return settings[_CLICK], None
    for column, own in (settings.get("column_settings") or {}).items():
        if own.get(_CLICK):
            return own[_CLICK], json.loads(column)[1]
    return None, None


def _variable(mapping: Json) -> str:
    """Return the variable that a filter is tied to, or what a person tied it to instead."""
    match mapping.get("target"):
        case ["variable", ["template-tag", str(name)]]:
            return name
        case other:
            return str(other)


def _virtual(place: Place) -> Json:
    """Return what stands for a question where there is a text."""
    return {
        "name": None,
        "dataset_query": {},
        "visualization_settings": {},
        "display": place.display,
        "archived": False,
    }
