"""Bringing objects to what they should be: create, update, archive, or leave to who changed it.

The same way for every kind of object; what a kind's calls and fields are is said in `kinds`.
A dry run goes the same way and writes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dashboards.metabase.client import Json
from dashboards.metabase.comparison import Comparison, Fields, Written, compare
from dashboards.metabase.errors import NotKept
from dashboards.metabase.ledger import Entry, Ledger
from dashboards.metabase.server import Places


@dataclass(frozen=True)
class Found:
    """An object as it stands on the server: its id, our view of it, and all of it."""

    id: int
    fields: Fields
    raw: Json


@dataclass(frozen=True)
class Action:
    """One thing that was done, or would be: create, update, archive, put back, keep."""

    verb: str
    kind: str
    title: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f"{self.verb} {self.kind} {self.title!r}"
        return f"{what}: {', '.join(self.fields)}" if self.fields else what


@dataclass
class Report:
    """What was done, in order; `kept` is what people changed and we left alone."""

    actions: list[Action] = field(default_factory=list)

    @property
    def kept(self) -> list[Action]:
        return [it for it in self.actions if it.verb == "keep"]

    @property
    def changed(self) -> list[Action]:
        return [it for it in self.actions if it.verb != "keep"]


class Spec(Protocol):
    """Anything that should be there."""

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...


class Kind(Protocol):
    """How objects of one kind are found, read and written.

    `adopts`: without a record of ours a difference is ours all the same. `first` names the
    fields that creation sets. Fields are plain JSON values and hold our keys, never ids.
    """

    name: str
    adopts: bool

    def want(self, spec: Any) -> Fields: ...

    def first(self, want: Fields) -> Fields: ...

    def find(self, spec: Any, known_id: int | None) -> Found | None: ...

    def create(self, spec: Any) -> Found: ...

    def update(self, spec: Any, found: Found, fields: Fields, changed: frozenset[str]) -> Found: ...


class Archivable(Kind, Protocol):
    """A kind whose objects go to the Trash when they should be no more; others stay.

    `archive` returns the object as it then is, or None if it was gone already.
    """

    def archive(self, known_id: int) -> Found | None: ...


class Keeper:
    """Keeps objects, kind by kind, and says what it did."""

    def __init__(
        self, places: Places, ledger: Ledger, *, dry_run: bool = False, force: bool = False
    ) -> None:
        self.places = places
        self.report = Report()
        self._ledger = ledger
        self._dry_run = dry_run
        self._force = force

    def keep(self, kind: Kind, specs: Sequence[Spec]) -> None:
        """Bring every object of `specs` to what it should be."""
        entries = self._ledger.entries(kind.name)
        for spec in specs:
            self._settle(kind, spec, entries.get(spec.key))

    def retire(self, kind: Archivable, specs: Sequence[Spec]) -> None:
        """Archive the objects that we made once, and that should be no more."""
        wanted = {spec.key for spec in specs}
        for key, entry in self._ledger.entries(kind.name).items():
            is_gone = entry.metabase_id is None or entry.written.fields.get("archived")
            if key not in wanted and not is_gone:
                self._archive(kind, entry)

    def _settle(self, kind: Kind, spec: Spec, entry: Entry | None) -> None:
        want = _plain(kind.want(spec))
        found = kind.find(spec, entry.metabase_id if entry else None)
        is_new = found is None
        if found is None:
            self._say("create", kind, spec.title)
            if self._dry_run:
                return
            found, entry = self._create(kind, spec, want)
        self.places.put(kind.name, spec.key, found.id)
        written = entry.written if entry else None
        comparison = compare(want, _plain(found.fields), written, kind.adopts)
        self._tell(kind, spec, comparison, is_new)
        if self._changes(comparison) and not self._dry_run:
            found = self._update(kind, spec, found, (want, comparison, written))
        record = comparison.to_record(want, written, force=self._force)
        if entry != Entry(spec.key, found.id, Written(record)):
            self._ledger.end(kind.name, spec.key, found.id, record)

    def _create(self, kind: Kind, spec: Spec, want: Fields) -> tuple[Found, Entry]:
        first = kind.first(want)
        self._ledger.begin(kind.name, Entry(spec.key, None, Written(first)))
        found = kind.create(spec)
        _check_kept(kind, spec, first, found)
        self._ledger.end(kind.name, spec.key, found.id, first)
        return found, Entry(spec.key, found.id, Written(first))

    def _update(
        self,
        kind: Kind,
        spec: Spec,
        found: Found,
        judged: tuple[Fields, Comparison, Written | None],
    ) -> Found:
        want, comparison, written = judged
        record = comparison.to_record(want, written, force=self._force)
        changes = self._changes(comparison)
        before = {**(written.fields if written else {}), **{it.field: it.have for it in changes}}
        self._ledger.begin(kind.name, Entry(spec.key, found.id, Written(record, before)))
        wanted = comparison.wanted(want, force=self._force)
        updated = kind.update(spec, found, wanted, frozenset(it.field for it in changes))
        _check_kept(kind, spec, wanted, updated)
        return updated

    def _archive(self, kind: Archivable, entry: Entry) -> None:
        title = str(entry.written.fields.get("name", entry.key))
        if self._dry_run:
            self._say("archive", kind, title)
            return
        assert entry.metabase_id is not None
        found = kind.archive(entry.metabase_id)
        # Somebody may have archived or deleted it before; that is noted, so as not to ask again.
        fields = found.fields if found else {**entry.written.fields, "archived": True}
        self._ledger.end(kind.name, entry.key, entry.metabase_id, _plain(fields))
        if found is not None:
            self._say("archive", kind, title)

    def _changes(self, comparison: Comparison) -> tuple:
        return comparison.ours + (comparison.by_hand if self._force else ())

    def _tell(self, kind: Kind, spec: Spec, comparison: Comparison, is_new: bool) -> None:
        if comparison.ours and not is_new:
            self._say("update", kind, spec.title, comparison.ours)
        if comparison.by_hand:
            self._say("put back" if self._force else "keep", kind, spec.title, comparison.by_hand)

    def _say(self, verb: str, kind: Kind, title: str, differences: tuple = ()) -> None:
        names = tuple(it.field for it in differences)
        self.report.actions.append(Action(verb, kind.name, title, names))


def _check_kept(kind: Kind, spec: Spec, wanted: Fields, found: Found) -> None:
    """Raise if the server took the call and dropped part of it, as it does with unknown keys."""
    have = _plain(found.fields)
    lost = sorted(name for name, value in _plain(wanted).items() if have.get(name) != value)
    if lost:
        raise NotKept(
            f"Metabase took the {kind.name} {spec.title!r} without keeping {', '.join(lost)}."
            " This version may not support it; please report it with the version's number."
        )


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they come back from JSON, without those that aren't there."""
    parsed = json.loads(json.dumps(dict(fields)))
    return {name: value for name, value in parsed.items() if value is not None}
