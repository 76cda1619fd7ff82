"""One person's story over both departments: what was open when, and what was sent into it.

Reads `touches`, which holds the newest days, and `conversations` through a `Reader`. Who the
person is, is nowhere said: an id alone is published.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import sql

from dashboards.scorecard import formatting
from dashboards.scorecard.card_rows import without_addresses
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.page import Choices, Filters, Frame, frame
from dashboards.scorecard.queries import SCHEMA, Reader

MOST_SHOWN = 200
LANES = ("Marketing", "Service", "Customer", "Orders")
_ORDERS = ("order", "return", "refund")


@dataclass(frozen=True)
class StoryMark:
    """A touch in the picture, or a conversation while it was open; times are the company's."""

    lane: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class StoryLine:
    """One touch as texts; `open_then` names the conversations that were open at the time."""

    at: str
    who: str
    what: str
    channel: str
    about: str
    open_then: str


@dataclass(frozen=True)
class ConversationLine:
    """One conversation as texts."""

    name: str
    channel: str
    topic: str
    opened: str
    first_reply: str
    ended: str


@dataclass(frozen=True)
class Story:
    """The newest touches and conversations of a person, the latest first.

    `touches` and `asked` count all that there are of either.
    """

    frame: Frame
    person_id: str
    zone: str
    marks: tuple[StoryMark, ...]
    lines: tuple[StoryLine, ...]
    conversations: tuple[ConversationLine, ...]
    touches: int
    asked: int


def story(
    reader: Reader, person_id: str, filters: Filters, definition: ScorecardDefinition
) -> Story | None:
    """Read what happened between one person and the company; None for an unknown id."""
    if not _is_known(reader, person_id):
        return None
    # A person has no periods and segments to choose from.
    around = replace(frame(reader, filters, definition), choices=Choices((), ()))
    zone = around.standing.company.time_zone
    touches = _newest(reader, "touches", "touched_at", person_id)
    spans = _spans(reader, person_id, around)
    return Story(
        frame=around,
        person_id=person_id,
        zone=zone,
        marks=tuple(_marks(touches, spans, zone)),
        lines=tuple(_line(each, spans, zone, around) for each in touches),
        conversations=tuple(_conversation(each, zone) for each in spans),
        touches=_total(touches),
        asked=_total(spans),
    )


def _is_known(reader: Reader, person_id: str) -> bool:
    """Say whether any published table has the person: views read the same tables."""
    tables = reader.dicts(
        sql.SQL(
            "select relname from pg_attribute join pg_class on pg_class.oid = attrelid"
            " where relnamespace = to_regnamespace(%(schema)s) and relkind = 'r'"
            " and attname = 'person_id' and not attisdropped"
        ),
        {"schema": SCHEMA},
    )
    looked_up = [
        sql.SQL("exists (select 1 from {} where person_id = %(person_id)s)").format(
            sql.Identifier(SCHEMA, each["relname"])
        )
        for each in tables
    ]
    if not looked_up:
        return False
    query = sql.SQL("select {} as is_known").format(sql.SQL(" or ").join(looked_up))
    return bool(reader.dicts(query, {"person_id": person_id})[0]["is_known"])


def _newest(reader: Reader, table: str, at: str, person_id: str) -> list[dict[str, Any]]:
    if not reader.has(table):
        return []
    query = sql.SQL(
        "select *, count(*) over () as total from {} where person_id = %(person_id)s"
        " order by {} desc limit %(limit)s"
    ).format(sql.Identifier(SCHEMA, table), sql.Identifier(at))
    return reader.dicts(query, {"person_id": person_id, "limit": MOST_SHOWN})


def _total(rows: Sequence[dict[str, Any]]) -> int:
    return rows[0]["total"] if rows else 0


def _spans(reader: Reader, person_id: str, around: Frame) -> list[dict[str, Any]]:
    """Read the conversations with the instant at which each ended; one that is open has none."""
    published = around.standing.published
    now = published.as_of if published else None
    rows = _newest(reader, "conversations", "opened_at", person_id)
    for row in rows:
        is_ticket = row["conversation_kind"] == "ticket"
        ended = row["solved_at"] or row["first_reply_at"] if is_ticket else row["first_reply_at"]
        row["ended_at"] = None if row["is_open"] else ended or row["opened_at"]
        row["seen_until"] = row["ended_at"] or now or row["opened_at"]
    return rows


def _marks(
    touches: Sequence[dict[str, Any]], spans: Iterable[dict[str, Any]], zone: str
) -> Iterator[StoryMark]:
    """Mark the touches, and the conversations of their days or, without touches, all."""
    first = min((touch["touched_at"] for touch in touches), default=None)
    for span in spans:
        began, until = _local(span["opened_at"], zone), _local(span["seen_until"], zone)
        if first is None or span["seen_until"] >= first:
            yield StoryMark("open", began, until)
    for touch in touches:
        yield StoryMark(_who(touch), _local(touch["touched_at"], zone))


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _who(touch: dict[str, Any]) -> str:
    if touch["kind"] in _ORDERS:
        return "Orders"
    return str(touch["department"] or "customer").capitalize()


def _line(
    touch: dict[str, Any], spans: Iterable[dict[str, Any]], zone: str, around: Frame
) -> StoryLine:
    at = touch["touched_at"]
    is_open = (span for span in spans if span["opened_at"] < at < span["seen_until"])
    return StoryLine(
        at=formatting.clock(at, zone),
        who=_who(touch),
        what=f"{touch['kind'].replace('_', ' ')}{', public' if touch['is_public'] else ''}",
        channel=touch["channel"] or "",
        about="; ".join(_about(touch, around.standing.company.currency)),
        open_then=", ".join(_name(span) for span in is_open),
    )


def _about(touch: dict[str, Any], currency: str) -> Iterator[str]:
    if touch["amount"] is not None:
        yield formatting.joined((formatting.number(touch["amount"], 2), currency))
    if touch["campaign"] != "none":
        yield f"campaign {touch['campaign']}"
    if touch["ticket_key"]:
        yield f"ticket {touch['ticket_key']}"
    if touch["text"]:
        yield f"\u201c{without_addresses(touch['text'])}\u201d"


def _name(span: dict[str, Any]) -> str:
    return str(span["conversation_key"]).replace(":", " ", 1)


def _conversation(span: dict[str, Any], zone: str) -> ConversationLine:
    replied, ended = span["first_reply_at"], span["ended_at"]
    return ConversationLine(
        name=_name(span) + (", complaint" if span["is_complaint"] else ""),
        channel=span["channel"],
        topic=span["topic"],
        opened=formatting.clock(span["opened_at"], zone),
        first_reply=formatting.clock(replied, zone) if replied else "none",
        ended=formatting.clock(ended, zone) if ended else "open",
    )
