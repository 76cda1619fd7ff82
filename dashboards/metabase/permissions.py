"""Groups of people and what they may do: two graphs, of which only our groups and objects are ours.

A graph carries a revision that every change of it raises, the making of a collection included;
it is read right before it is written, and again should somebody have been faster.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.metabase.client import Client, Json
from dashboards.metabase.errors import NotAllowed, Outdated
from dashboards.metabase.publisher import Ids, Kind, Publisher, not_kept
from dashboards.metabase.spec import Group

EVERYBODY = "All Users"
_ATTEMPTS = 3


class Groups(Kind):
    """Publishes groups; who belongs to one is for Metabase's administrator to say.

    A company's own group of the same name is the one that is meant.
    """

    name = "group"
    path = "/api/permissions/group"

    def __init__(self, client: Client, ids: Ids) -> None:
        super().__init__(client, ids)
        self._listed: list[Json] = list(client.get(self.path))

    def wanted(self, spec: Group) -> Json:
        return {"name": spec.title}

    def find(self, spec: Group) -> Json | None:
        return next((each for each in self._listed if each["name"] == spec.title), None)

    def fields(self, raw: Json) -> Json:
        return {"name": raw["name"]}

    def everybody(self) -> int:
        """Return the id of the group that every account is in."""
        for each in self._listed:
            if each["name"] == EVERYBODY or each.get("magic_group_type") == "all-internal-users":
                return each["id"]
        raise NotAllowed(f"Metabase shows no group {EVERYBODY!r}: sign in as an administrator.")


@dataclass(frozen=True)
class _Graph:
    """One of the two graphs: how an entry of it is read and written."""

    name: str
    path: str
    target: str
    nothing: str
    given: Callable[[Group, str], str]
    read: Callable[[Any], Any]
    entry: Callable[[str], Any]


# What may be seen of the warehouse is PostgreSQL's to say; without an entry there is no right.
_ON_COLLECTIONS = _Graph(
    name="collection permissions",
    path="/api/collection/graph",
    target="collection",
    nothing="none",
    given=lambda group, key: group.collections[key],
    read=lambda entry: entry or "none",
    entry=lambda right: right,
)
_ON_WAREHOUSE = _Graph(
    name="data permissions",
    path="/api/permissions/graph",
    target="database",
    nothing="no",
    given=lambda group, key: group.queries,
    read=lambda entry: (entry or {}).get("create-queries", "no"),
    entry=lambda right: {"view-data": "unrestricted", "create-queries": right},
)


@dataclass(frozen=True)
class _Right:
    """What one group should be able to do with one object."""

    title: str
    group: str
    target: str
    right: str
    is_new: bool


def publish_permissions(publisher: Publisher, groups: tuple[Group, ...]) -> None:
    """Publish groups and rights; last of all, since making a collection changes its graph."""
    kind = Groups(publisher.client, publisher.ids)
    publisher.publish(kind, groups)
    members = {each.title: publisher.ids.of(kind.name, each.key) for each in groups}
    members[EVERYBODY] = kind.everybody()
    known = {title: at for title, at in members.items() if at is not None}
    by_title = {each.title: each for each in groups}
    for graph in (_ON_COLLECTIONS, _ON_WAREHOUSE):
        _publish_graph(publisher, graph, _rights(publisher.ids, graph, by_title, known))


def _rights(
    ids: Ids, graph: _Graph, groups: Mapping[str, Group], members: Mapping[str, int]
) -> list[_Right]:
    return [
        _Right(
            f"{title} on {key}",
            str(at),
            str(target),
            graph.given(groups[title], key) if title in groups else graph.nothing,
            bool({(graph.target, target), ("group", at)} & ids.new),
        )
        for key, target in ids.all_of(graph.target).items()
        for title, at in members.items()
    ]


def _publish_graph(publisher: Publisher, graph: _Graph, rights: list[_Right]) -> None:
    raw = publisher.client.get(graph.path)
    changed = _wrong(graph, raw, rights)
    for verb, is_new in (("set", True), ("overwrite", False)):
        titles = [each.title for each in changed if each.is_new == is_new]
        if titles:
            publisher.say(verb, "permissions", graph.target, titles)
    if not changed or publisher.dry_run:
        return
    _write(publisher.client, graph, raw, changed)
    if lost := _wrong(graph, publisher.client.get(graph.path), changed):
        raise not_kept(graph.name, [each.title for each in lost])


def _write(client: Client, graph: _Graph, raw: Json, changed: list[_Right]) -> None:
    for left in reversed(range(_ATTEMPTS)):
        try:
            client.put(graph.path, _body(graph, raw, changed))
            return
        except Outdated:
            if not left:
                raise
            raw = client.get(graph.path)


def _wrong(graph: _Graph, raw: Json, rights: list[_Right]) -> list[_Right]:
    def is_right(each: _Right) -> bool:
        return graph.read(raw["groups"].get(each.group, {}).get(each.target)) == each.right

    return [each for each in rights if not is_right(each)]


def _body(graph: _Graph, raw: Json, changed: list[_Right]) -> Json:
    """Return each changed group with all its rights: a part of them would be the whole."""
    groups: dict[str, Json] = {}
    for each in changed:
        own = groups.setdefault(each.group, dict(raw["groups"].get(each.group, {})))
        own[each.target] = graph.entry(each.right)
    return {"revision": raw["revision"], "groups": groups}
