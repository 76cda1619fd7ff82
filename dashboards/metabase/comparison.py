"""Telling our own change from a person's: what we want, what is there, what we wrote last.

Pure. A field is anything that is kept or changed as one: a name, a statement, one place of a
dashboard. None stands for a field that isn't there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """What we wrote last; `before` is what had been there, as long as the write isn't over."""

    fields: Fields
    before: Fields | None = None

    def has(self, name: str, value: Any) -> bool:
        """Tell whether a field's value is one of ours."""
        if value == self.fields.get(name):
            return True
        return self.before is not None and value == self.before.get(name)


@dataclass(frozen=True)
class Difference:
    """One field that isn't as it should be."""

    field: str
    have: Any
    want: Any


@dataclass(frozen=True)
class Comparison:
    """What we have to change, and what a person changed."""

    ours: tuple[Difference, ...]
    by_hand: tuple[Difference, ...]

    def wanted(self, want: Fields, *, force: bool) -> dict[str, Any]:
        """Return the object as it will be: ours, but for what a person changed, unless forced."""
        kept = {} if force else {it.field: it.have for it in self.by_hand}
        merged = {**dict.fromkeys(it.field for it in self.ours), **want, **kept}
        return {name: value for name, value in merged.items() if value is not None}

    def to_record(self, want: Fields, written: Written | None, *, force: bool) -> dict[str, Any]:
        """Return what counts as ours from now on: what a person changed stays theirs."""
        record = dict(want)
        if not force:
            for it in self.by_hand:
                record[it.field] = written.fields.get(it.field) if written else None
        return {name: value for name, value in record.items() if value is not None}


def compare(want: Fields, have: Fields, written: Written | None, adopt: bool = False) -> Comparison:
    """Compare field by field.

    Without a record nobody knows whose a difference is: it is taken for a person's, unless
    `adopt` says that fields of this kind are there before we first write them.
    """
    known = written or Written({})
    names = dict.fromkeys([*want, *(it for it in known.fields if it in have)])
    ours: list[Difference] = []
    by_hand: list[Difference] = []
    for name in names:
        difference = Difference(name, have.get(name), want.get(name))
        if difference.have == difference.want:
            continue
        is_ours = known.has(name, difference.have) or (adopt and name not in known.fields)
        (ours if is_ours else by_hand).append(difference)
    return Comparison(tuple(ours), tuple(by_hand))
