"""The language in which suites are written: evidence, and the rules that it must obey.

Evidence is one query whose every row is a place (a table, a column, a card's month) with
measures of it. A rule says what one measure may be, and has the words for a row that breaks
it. A measure that is null is not judged. How rules become expectations belongs to context.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from expectations.outcome import BLOCKING, Failure


@dataclass(frozen=True)
class Words:
    """Templates over a row's columns: where it is, what was seen, wanted, and what to do."""

    place: str
    observed: str
    expected: str
    remedy: str


@dataclass(frozen=True)
class Rule:
    """What one measure may be: within limits, one of some values, or nothing at all.

    With neither limits nor values, the measure must be null.
    """

    check: str
    measure: str
    words: Words
    severity: str = BLOCKING
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] | None = None

    def failure(self, row: Mapping[str, Any], unlisted: int) -> Failure:
        """Tell of a row that breaks the rule."""
        return Failure(
            check=self.check,
            column=self.words.place.format_map(row),
            severity=self.severity,
            expected=self.words.expected.format_map(row),
            observed=self.words.observed.format_map(row),
            remedy=self.words.remedy.format_map(row),
            unlisted=unlisted,
        )


@dataclass(frozen=True)
class Evidence:
    """A query and the rules for its rows; `labels` are the columns that the words need."""

    name: str
    query: sql.Composable
    labels: tuple[str, ...]
    rules: tuple[Rule, ...]


def literal(value: object) -> sql.Composable:
    """Write a value into a query that SQLAlchemy will read again as text.

    It would take a colon for a parameter and double a percent sign, so text brings neither.
    """
    if not isinstance(value, str) or not {":", "%"} & set(value):
        return sql.Literal(value)
    parts: list[sql.Composable] = []
    run = ""
    for sign in value:
        if sign in ":%":
            parts += [sql.Literal(run), sql.SQL(f"chr({ord(sign)})")]
            run = ""
        else:
            run += sign
    parts.append(sql.Literal(run))
    return sql.SQL("({})").format(sql.SQL(" || ").join(parts))


def union(parts: list[sql.Composable]) -> sql.Composable:
    """Put the rows of several queries under each other."""
    return sql.SQL("\nunion all\n").join(parts)
