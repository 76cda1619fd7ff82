"""The places of everything on a dashboard: a grid of 24 columns, as the page has its rows.

Pure functions from the definition to dashcards; a dashcard's key never changes, so that Metabase's
own id of it, and with it the subscriptions that show it, stays.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from dashboards.metabase.facts import Facts
from dashboards.metabase.questions import (
    REFRESH,
    RESTATEMENTS,
    TRUST,
    card_stem,
    joint_stem,
)
from dashboards.metabase.spec import Box, Dashcard, Question
from dashboards.scorecard.definition import LINE, CardPlace

WIDTH = 24
_CARD, _VALUE, _HEAD_ROWS = 8, 3, 3
_VALUE_ROWS, _READING_ROWS, _STRIP_ROWS, _SECTION_ROWS = 4, 3, 4, 8
_CARD_ROWS = _VALUE_ROWS + _READING_ROWS


def dashcards(
    facts: Facts, known: Iterable[str], sections: Iterable[tuple[str, tuple[Question, ...]]]
) -> tuple[Dashcard, ...]:
    """Return a whole dashboard: the cards, the department's sections, staff and trust beneath.

    `known` are the keys of all questions: a card without readable rows opens nothing.
    """
    cursor = _Cursor()
    keys = set(known)
    top = chain(_head(facts, cursor), _cards(facts, keys, cursor), _joint(facts, keys, cursor))
    return (*top, *_sections(sections, cursor), *_foot(facts, cursor))


class _Cursor:
    """The first free row."""

    def __init__(self) -> None:
        self.row = 0

    def take(self, rows: int) -> int:
        """Return the first free row and go `rows` on."""
        taken, self.row = self.row, self.row + rows
        return taken


def _head(facts: Facts, cursor: _Cursor) -> Iterator[Dashcard]:
    row = cursor.take(_HEAD_ROWS)
    demo = f". {facts.definition.demo}" if facts.company.is_demo else ""
    title = f"{facts.company.name}: {facts.definition.title}{demo}"
    yield _heading("head", title, Box(0, row, 14, _HEAD_ROWS))
    yield Dashcard("refresh", Box(14, row, 10, _HEAD_ROWS), REFRESH)


def _cards(facts: Facts, known: set[str], cursor: _Cursor) -> Iterator[Dashcard]:
    star = facts.definition.north_star
    if star.metric_id in facts.metrics:
        box = Box(0, cursor.take(_CARD_ROWS), WIDTH, _CARD_ROWS)
        yield from _card(star, card_stem(star), known, box)
    for row in facts.definition.rows:
        cards = [card for card in row.cards if card.metric_id in facts.metrics]
        title = f"{row.title}. {row.question}" if row.question else row.title
        yield _heading(f"row/{row.title}", title, _line(cursor))
        yield from _lines([(card, card_stem(card)) for card in cards], known, cursor)


def _joint(facts: Facts, known: set[str], cursor: _Cursor) -> Iterator[Dashcard]:
    """Return what the departments owe each other, beneath the cards as on the page."""
    if facts.joint:
        yield _heading("joint", facts.definition.joint.title, _line(cursor))
        yield from _lines([(card, joint_stem(card)) for card in facts.joint], known, cursor)


def _lines(
    cards: Sequence[tuple[CardPlace, str]], known: set[str], cursor: _Cursor
) -> Iterator[Dashcard]:
    for first in range(0, len(cards), LINE):
        top = cursor.take(_CARD_ROWS)
        for position, (card, stem) in enumerate(cards[first : first + LINE]):
            yield from _card(card, stem, known, Box(position * _CARD, top, _CARD, _CARD_ROWS))


def _card(card: CardPlace, stem: str, known: set[str], box: Box) -> Iterator[Dashcard]:
    """Return value, trend and reading of a card; each opens the rows behind it."""
    rows = f"{stem}/rows"
    opens = rows if rows in known else None
    split = _VALUE * box.width // _CARD
    value = Box(box.col, box.row, split, _VALUE_ROWS)
    trend = Box(box.col + split, box.row, box.width - split, _VALUE_ROWS)
    reading = Box(box.col, box.row + _VALUE_ROWS, box.width, _READING_ROWS)
    parts = (("value", value, None), ("trend", trend, None), ("reading", reading, "Reading"))
    for part, where, column in parts:
        question = f"{stem}/{part}"
        yield Dashcard(question, where, question, title=card.title, opens=opens, opens_from=column)


def _sections(
    sections: Iterable[tuple[str, tuple[Question, ...]]], cursor: _Cursor
) -> Iterator[Dashcard]:
    for title, questions in sections:
        yield _heading(f"section/{title}", title, _line(cursor))
        row, width = cursor.take(_SECTION_ROWS), WIDTH // max(len(questions), 1)
        for position, question in enumerate(questions):
            box = Box(position * width, row, width, _SECTION_ROWS)
            yield Dashcard(question.key, box, question.key)


def _foot(facts: Facts, cursor: _Cursor) -> Iterator[Dashcard]:
    definition = facts.definition
    yield _heading("staff", definition.staff_title, _line(cursor))
    staff = Box(0, cursor.take(1), WIDTH, 1)
    yield Dashcard("staff/strip", staff, text=definition.staff_absence)
    yield _heading("trust", definition.trust_title, _line(cursor))
    row, half = cursor.take(_STRIP_ROWS), WIDTH // 2
    yield Dashcard("trust/strip", Box(0, row, half, _STRIP_ROWS), TRUST)
    yield Dashcard("trust/restatements", Box(half, row, half, _STRIP_ROWS), RESTATEMENTS)


def _heading(key_of_text: str, text: str, box: Box) -> Dashcard:
    return Dashcard(key_of_text, box, text=text, display="heading")


def _line(cursor: _Cursor) -> Box:
    return Box(0, cursor.take(1), WIDTH, 1)
