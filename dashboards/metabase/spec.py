"""What there should be in Metabase, as frozen values: no ids of a server, no calls.

`site` builds these from the scorecard's definition; the publisher's kinds write them as the API
wants them.
"""

import base64
import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PUBLISHED = "Published by Concord"
_SPACE = uuid.UUID("5b1f7c3e-6f0e-4c0f-9b53-6a0c2f1d7c11")
_MARKER = re.compile(rf"{PUBLISHED} \(([^)]+)\);")
_TAG = re.compile(r"\{\{(\w+)\}\}")


def marker(key: str) -> str:
    """Return the words in a description by which an object without an id of ours is found."""
    return f"{PUBLISHED} ({key}); to change something, copy it: changes here are overwritten."


def marked_key(description: str | None) -> str | None:
    """Return the key in a description's marker, or None if there is no marker."""
    found = _MARKER.search(description or "")
    return found[1] if found else None


@dataclass(frozen=True)
class Filter:
    """A dashboard's filter, and the questions' variable of the same name."""

    name: str
    title: str
    choices: str
    column: str

    @property
    def parameter_id(self) -> str:
        """Return the id on dashboards; it stays, since a new one would end subscriptions."""
        return hashlib.sha256(f"concord filter {self.name}".encode()).hexdigest()[:8]

    @property
    def tag_id(self) -> str:
        """Return the id of the variable in a question."""
        return str(uuid.uuid5(_SPACE, self.name))


FILTERS = {
    each.name: each
    for each in (
        Filter("period", "Up to month", "choices/periods", "Period"),
        Filter("brand", "Brand", "choices/brands", "Brand"),
        Filter("segment", "Segment", "choices/segments", "Segment"),
    )
}


@dataclass(frozen=True)
class Collection:
    """A collection of ours; `parent` is the key of the one that it lies in."""

    key: str
    title: str
    parent: str | None = None


def entity_id(key: str) -> str:
    """Return the id by which Metabase finds the question of a key again: 21 characters."""
    digest = hashlib.sha256(f"concord question {key}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:21].decode()


@dataclass(frozen=True)
class Question:
    """A saved question in SQL; its variables are those that the SQL names."""

    key: str
    title: str
    description: str
    collection: str
    sql: str
    display: str = "table"
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Return the filters that the question can take."""
        named = set(_TAG.findall(self.sql))
        return tuple(each for name, each in FILTERS.items() if name in named)


@dataclass(frozen=True)
class Box:
    """The place of something on a dashboard, in its grid of 24 columns."""

    col: int
    row: int
    width: int
    height: int


@dataclass(frozen=True)
class Dashcard:
    """A question or a text on a dashboard; `opens` is the question behind a click.

    A table opens nothing as a whole: there the click is on the column `opens_from`.
    """

    key: str
    box: Box
    question: str | None = None
    text: str = ""
    display: str = "text"
    title: str = ""
    opens: str | None = None
    opens_from: str | None = None


@dataclass(frozen=True)
class Dashboard:
    """A dashboard, with all that is on it."""

    key: str
    title: str
    description: str
    collection: str
    dashcards: tuple[Dashcard, ...]


@dataclass(frozen=True)
class Group:
    """A group of people: what they may do in each collection, and what they may ask beyond."""

    title: str
    collections: Mapping[str, str]
    queries: str

    @property
    def key(self) -> str:
        """Return the name: there is nothing else by which Metabase finds a group again."""
        return self.title


@dataclass(frozen=True)
class Weekly:
    """A weekly e-mail of one dashboard to one group's addresses, in Metabase's time zone."""

    key: str
    title: str
    dashboard: str
    recipients: tuple[str, ...]
    day: str
    hour: int


@dataclass(frozen=True)
class Alert:
    """An e-mail each day on which a question has rows."""

    key: str
    title: str
    question: str
    recipients: tuple[str, ...]
    hour: int


@dataclass(frozen=True)
class Site:
    """All that there should be, in the order in which it can be made; at most one alert."""

    collections: tuple[Collection, ...]
    questions: tuple[Question, ...]
    dashboards: tuple[Dashboard, ...]
    groups: tuple[Group, ...]
    weeklies: tuple[Weekly, ...] = ()
    alerts: tuple[Alert, ...] = ()

    @property
    def by_key(self) -> Mapping[str, Question]:
        """Return the questions by key."""
        return {question.key: question for question in self.questions}
