"""Who may see what: the two permission graphs, of which only our groups and objects are ours.

A graph carries a revision that every change of it raises, the making of a collection included;
it is read right before it is written, and again should somebody have been faster.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Fields
from dashboards.metabase.errors import Outdated
from dashboards.metabase.keeper import Found
from dashboards.metabase.kinds.groups import EVERYBODY
from dashboards.metabase.server import Server
from dashboards.metabase.spec import Group

_ATTEMPTS = 3


@dataclass(frozen=True)
class Rights:
    """The rights of all groups, on collections or on the warehouse."""

    key: str
    title: str
    groups: tuple[Group, ...]
    everybody: int
    targets: Mapping[str, int]


class _Graph(ABC):
    """What both graphs have in common; a field is one group's right on one target."""

    adopts = True
    path = ""
    nothing = ""

    def __init__(self, server: Server) -> None:
        self._client = server.client
        self._places = server.places

    def want(self, spec: Rights) -> Fields:
        rights: dict[str, str] = {}
        for title in spec.targets:
            rights[f"{EVERYBODY} on {title}"] = self.nothing
            rights |= {f"{it.name} on {title}": self._given(it, title) for it in spec.groups}
        return rights

    @abstractmethod
    def _given(self, group: Group, title: str) -> str:
        """Return the right that a group should have on a target."""

    @abstractmethod
    def _right(self, granted: Any) -> Any:
        """Read an entry of the graph."""

    @abstractmethod
    def _granted(self, right: Any) -> Any:
        """Write an entry of the graph."""

    def first(self, want: Fields) -> Fields:
        return want

    def find(self, spec: Rights, known_id: int | None) -> Found | None:
        raw = self._client.get(self.path)
        fields = {
            name: self._right(raw["groups"].get(str(group), {}).get(str(target)))
            for name, group, target in self._pairs(spec)
        }
        return Found(0, fields, raw)

    def create(self, spec: Rights) -> Found:
        """Set every right: a graph itself is always there."""
        want = self.want(spec)
        return self.update(spec, self._again(spec), want, frozenset(want))

    def update(self, spec: Rights, found: Found, fields: Fields, changed: frozenset[str]) -> Found:
        for attempt in range(_ATTEMPTS):
            try:
                self._client.put(self.path, self._body(spec, found.raw, fields, changed))
                break
            except Outdated:
                if attempt == _ATTEMPTS - 1:
                    raise
                found = self._again(spec)
        return self._again(spec)

    def _again(self, spec: Rights) -> Found:
        found = self.find(spec, None)
        assert found is not None
        return found

    def _body(self, spec: Rights, raw: Json, fields: Fields, changed: frozenset[str]) -> Json:
        """Return each changed group with all its rights: a part of them would be the whole."""
        groups: dict[str, Json] = {}
        for name, group, target in self._pairs(spec):
            if name in changed:
                own = groups.setdefault(str(group), dict(raw["groups"].get(str(group), {})))
                own[str(target)] = self._granted(fields[name])
        return {"revision": raw["revision"], "groups": groups}

    def _pairs(self, spec: Rights) -> Iterator[tuple[str, int, int]]:
        for title, target in spec.targets.items():
            yield f"{EVERYBODY} on {title}", spec.everybody, target
            for group in spec.groups:
                at = self._places.id_of("group", group.key)
                if at is not None:
                    yield f"{group.name} on {title}", at, target


class CollectionRights(_Graph):
    """What groups may do in collections: none, read, write."""

    name = "collection permissions"
    path = "/api/collection/graph"
    nothing = "none"

    def _given(self, group: Group, title: str) -> str:
        return group.folders[title]

    def _right(self, granted: Any) -> Any:
        return granted or self.nothing

    def _granted(self, right: Any) -> Any:
        return right


class WarehouseRights(_Graph):
    """What groups may ask of the warehouse; what may be seen of it is PostgreSQL's to say."""

    name = "data permissions"
    path = "/api/permissions/graph"
    nothing = "no"

    def _given(self, group: Group, title: str) -> str:
        return group.queries

    def _right(self, granted: Any) -> Any:
        """Return the right to ask; without an entry there is none."""
        return (granted or {}).get("create-queries", self.nothing)

    def _granted(self, right: Any) -> Any:
        return {"view-data": "unrestricted", "create-queries": right}
