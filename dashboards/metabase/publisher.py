"""Bringing objects to what they should be: create what is missing, overwrite what differs.

The same way for every kind of object; the kinds themselves, with their calls and fields, are in
modules of their own. Nothing is remembered between runs: what the server says now is compared with
the definition. A dry run writes nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dashboards.metabase.client import Client, Json
from dashboards.metabase.errors import Ambiguous, NotKept
from dashboards.metabase.spec import PUBLISHED, marked_key, marker


@dataclass(frozen=True)
class Action:
    """One thing that was done, or would be: create, overwrite, set or archive."""

    verb: str
    kind: str
    title: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f"{self.verb} {self.kind} {self.title!r}"
        return f"{what}: {', '.join(self.fields)}" if self.fields else what


@dataclass
class Report:
    """What was done, in order."""

    actions: list[Action] = field(default_factory=list)

    @property
    def overwritten(self) -> list[Action]:
        """Return what was there and differed: since the definition changed, or by hand."""
        return [action for action in self.actions if action.verb == "overwrite"]


class Spec(Protocol):
    """Anything that should be there."""

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...


class Ids:
    """Which id each object of ours has on the server; those of this run's making are `new`."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        self.new: set[tuple[str, int]] = set()

    def put(self, kind: str, key: str, at: int) -> None:
        """Note where an object is."""
        self._ids[kind, key] = at

    def of(self, kind: str, key: str | None) -> int | None:
        """Return an object's id, or None if it isn't made yet."""
        return None if key is None else self._ids.get((kind, key))

    def all_of(self, kind: str) -> dict[str, int]:
        """Return the ids of a kind by key."""
        return {key: at for (of, key), at in self._ids.items() if of == kind}


class Kind(ABC):
    """How objects of one kind are found, read and written.

    Fields are JSON values in the API's terms; None stands for a field that isn't there.
    """

    name: str
    path: str

    def __init__(self, client: Client, ids: Ids) -> None:
        self._client = client
        self._ids = ids

    @abstractmethod
    def wanted(self, spec: Any) -> Json:
        """Return the fields as they should be."""

    @abstractmethod
    def find(self, spec: Any) -> Json | None:
        """Return the object as the API shows it, or None; raise Ambiguous for two of them."""

    @abstractmethod
    def fields(self, raw: Json) -> Json:
        """Return the fields as they are; one that isn't wanted is a difference, too."""

    def first(self, spec: Any, wanted: Json) -> Json:
        """Return the body that creates the object."""
        return {name: value for name, value in wanted.items() if name != "archived"}

    def changes(self, spec: Any, changed: Json, raw: Json) -> Json:
        """Return the body that changes these fields."""
        return changed

    def read(self, at: int) -> Json:
        """Return the object with this id."""
        return self._client.get(f"{self.path}/{at}")


class Publisher:
    """Publishes objects, kind by kind, and says what it did."""

    def __init__(self, client: Client, *, dry_run: bool = False) -> None:
        self.client = client
        self.ids = Ids()
        self.report = Report()
        self.dry_run = dry_run

    def publish(self, kind: Kind, specs: Sequence[Spec]) -> None:
        """Bring every object of `specs` to what it should be."""
        for spec in specs:
            raw = self._published(kind, spec)
            if raw is not None:
                self.ids.put(kind.name, spec.key, raw["id"])

    def archive(self, kind: Kind, raw: Json) -> None:
        """Move an object to the Trash; nothing is ever deleted."""
        self.say("archive", kind.name, raw["name"])
        if not self.dry_run:
            self.client.put(f"{kind.path}/{raw['id']}", {"archived": True})

    def say(self, verb: str, kind: str, title: str, fields: Iterable[str] = ()) -> None:
        """Note in the report what is done."""
        self.report.actions.append(Action(verb, kind, title, tuple(fields)))

    def _published(self, kind: Kind, spec: Spec) -> Json | None:
        wanted, raw = plain(kind.wanted(spec)), kind.find(spec)
        is_new = raw is None
        if raw is None:
            self.say("create", kind.name, spec.title)
            if self.dry_run:
                return None
            raw = self._created(kind, spec, wanted)
        changed = _differing(wanted, plain(kind.fields(raw)))
        if changed and not is_new:
            self.say("overwrite", kind.name, spec.title, changed)
        if not changed or self.dry_run:
            return raw
        self.client.put(f"{kind.path}/{raw['id']}", kind.changes(spec, changed, raw))
        raw = kind.read(raw["id"])
        _check_kept(kind, spec, changed, raw)
        return raw

    def _created(self, kind: Kind, spec: Spec, wanted: Json) -> Json:
        body = kind.first(spec, wanted)
        raw = kind.read(self.client.post(kind.path, body)["id"])
        _check_kept(kind, spec, {name: wanted[name] for name in body if name in wanted}, raw)
        self.ids.new.add((kind.name, raw["id"]))
        return raw


def _differing(wanted: Json, have: Json) -> Json:
    """Return the fields that aren't as they should be, with what they should be."""
    names = dict.fromkeys([*wanted, *have])
    return {name: wanted.get(name) for name in names if wanted.get(name) != have.get(name)}


def _check_kept(kind: Kind, spec: Spec, sent: Json, raw: Json) -> None:
    """Raise if the server took the call and dropped part of it, as it does with unknown keys."""
    have = plain(kind.fields(raw))
    lost = sorted(name for name, value in sent.items() if have.get(name) != value)
    if lost:
        raise not_kept(f"{kind.name} {spec.title!r}", lost)


def not_kept(what: str, lost: Iterable[str]) -> NotKept:
    """Return the error that says what the server dropped without a word."""
    return NotKept(
        f"Metabase took the {what} without keeping {', '.join(lost)}."
        " This version may not support it; please report it with the version's number."
    )


def plain(value: Any) -> Any:
    """Return a value as it comes back from JSON, without the keys that hold nothing."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items() if each is not None}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def the_one(listed: Iterable[Json], spec: Spec) -> Json | None:
    """Return the object of this name, or the one with our marker if a person renamed it.

    Raises Ambiguous rather than guess: where there are two, or one that Concord didn't make.
    """
    known = list(listed)
    named = [each for each in known if each["name"] == spec.title]
    same = named or [each for each in known if marked_key(each.get("description")) == spec.key]
    if len(same) > 1:
        raise two_alike(len(same), repr(spec.title))
    if same and PUBLISHED not in (same[0].get("description") or ""):
        raise Ambiguous(
            f"There is a {spec.title!r} that Concord didn't make. Rename it, or write into its"
            f" description: {marker(spec.key)}"
        )
    return same[0] if same else None


def two_alike(count: int, what: str) -> Ambiguous:
    """Return the error for several objects, one of which is ours."""
    return Ambiguous(
        f"There are {count} objects like {what}. Rename or remove those that aren't Concord's,"
        " and run again."
    )
