"""The one door to the warehouse for page and exports: reads the schema `published`, no other.

A `Reader` is one read-only transaction, so that everything on one page is of the same
publication. What is shown of the rows is decided elsewhere; the rows that a card counts are read
by `card_rows`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from typing import Any, TypeVar

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.rows import class_row, dict_row
from psycopg.types.numeric import FloatLoader

from dashboards.scorecard.records import (
    Absence,
    Company,
    Crisis,
    GateOutcome,
    MetricDefinition,
    Owners,
    Publication,
    Restatement,
    ScorecardRow,
    Standing,
    TrustFigure,
)

SCHEMA = "published"
Record = TypeVar("Record")
Statement = sql.SQL | sql.Composed
Wanted = tuple[str, str, str]
"""A series to read: metric id, segment name, segment value."""


def _triples(wanted: Iterable[Wanted]) -> dict[str, list[str]]:
    """Return series as the lists that a query joins: metrics, names and choices of segments."""
    triples = sorted(set(wanted))
    columns = enumerate(("metrics", "names", "choices"))
    return {column: [triple[position] for triple in triples] for position, column in columns}


def _columns(record: type) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier("s", item.name) for item in fields(record))


class Reader:
    """One consistent view of what is published; every method tolerates an empty warehouse."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def has(self, table: str) -> bool:
        """Say whether the schema `published` holds a table or view of this name."""
        found = self.connection.execute("select to_regclass(%s)", (f"{SCHEMA}.{table}",)).fetchone()
        return found is not None and found[0] is not None

    def dicts(self, query: Statement, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run a query and give its rows as dictionaries."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, values).fetchall()

    def standing(self) -> Standing:
        """Return the last published state and, if a gate blocked since then, the hold."""
        if not self.has("publication_state"):
            return Standing(None, None)
        rows = self.dicts(
            sql.SQL(
                "select * from published.publication_state s where publication_id in (select"
                " max(publication_id) from published.publication_state group by state)"
            ),
            {},
        )
        found = {row["state"]: _publication(row) for row in rows}
        published, held = found.get("published"), found.get("held")
        is_older = published and held and held.publication_id < published.publication_id
        return Standing(published, None if is_older else held)

    def published_before(self) -> datetime | None:
        """Return when the figures before the present ones were published."""
        if not self.has("publication_state"):
            return None
        query = sql.SQL(
            "select happened_at from published.publication_state where state = 'published'"
            " order by publication_id desc offset 1 limit 1"
        )
        return next((row["happened_at"] for row in self.dicts(query, {})), None)

    def definitions(self) -> dict[str, MetricDefinition]:
        """Return the definition of every metric, by id."""
        if not self.has("metric_definitions"):
            return {}
        rows = self.dicts(sql.SQL("select * from published.metric_definitions order by 1"), {})
        return {row["metric_id"]: _definition(row) for row in rows}

    def series(self, wanted: Iterable[Wanted], until: date | None = None) -> list[ScorecardRow]:
        """Return the rows of the wanted series in time order, up to the period `until`."""
        query = sql.SQL(
            "select {} from published.scorecard s join unnest(%(metrics)s::text[],"
            " %(names)s::text[], %(choices)s::text[]) w (metric_id, segment_name, segment_value)"
            " using (metric_id, segment_name, segment_value)"
            " where %(until)s::date is null or s.period_start <= %(until)s"
            " order by s.metric_id, s.segment_name, s.segment_value, s.period_start"
        ).format(_columns(ScorecardRow))
        return self._rows(query, {**_triples(wanted), "until": until})

    def segments(self, metric_id: str, start: date) -> list[ScorecardRow]:
        """Return a metric's rows of one period for all of its segments."""
        query = sql.SQL(
            "select {} from published.scorecard s where metric_id = %(metric_id)s"
            " and period_start = %(start)s and segment_name <> 'company'"
            " order by segment_name, n desc nulls last, segment_value"
        ).format(_columns(ScorecardRow))
        return self._rows(query, {"metric_id": metric_id, "start": start})

    def all_segments(self, metric_id: str, until: date | None) -> list[ScorecardRow]:
        """Return the rows of all of a metric's segments in time order, up to the period `until`."""
        query = sql.SQL(
            "select {} from published.scorecard s where metric_id = %(metric_id)s"
            " and (%(until)s::date is null or period_start <= %(until)s) order by period_start"
        ).format(_columns(ScorecardRow))
        return self._rows(query, {"metric_id": metric_id, "until": until})

    def restatements(self, wanted: Wanted, limit: int) -> list[Restatement]:
        """Return the newest entries of the restatement log for one series."""
        if not self.has("restatements"):
            return []
        query = sql.SQL(
            "select {} from published.restatements s where metric_id = %(metric_id)s"
            " and segment_name = %(name)s and segment_value = %(choice)s"
            " order by restated_at desc, period_start desc limit %(limit)s"
        ).format(_columns(Restatement))
        metric_id, name, choice = wanted
        values = {"metric_id": metric_id, "name": name, "choice": choice, "limit": limit}
        return self._fetched(Restatement, query, values)

    def all_restatements(self) -> Iterator[Restatement]:
        """Yield the whole restatement log, oldest first."""
        if not self.has("restatements"):
            return
        query = sql.SQL(
            "select {} from published.restatements s order by restated_at, metric_id,"
            " segment_name, segment_value, period_start"
        ).format(_columns(Restatement))
        with self.connection.cursor("restated", row_factory=class_row(Restatement)) as cursor:
            yield from cursor.execute(query)

    def without_total(self) -> dict[str, list[str]]:
        """Return by which segments those metrics exist that have no value of the whole company."""
        if not self.has("scorecard"):
            return {}
        query = sql.SQL(
            "select metric_id, array_agg(distinct segment_name order by segment_name) as names"
            " from published.scorecard group by 1 having not bool_or(segment_name = 'company')"
        )
        return {row["metric_id"]: row["names"] for row in self.dicts(query, {})}

    def measured(self, places: Iterable[Wanted]) -> set[Wanted]:
        """Return those of the series that have a figure, or a reason to withhold it."""
        if not self.has("scorecard"):
            return set()
        query = sql.SQL(
            "select distinct metric_id, segment_name, segment_value from published.scorecard join"
            " unnest(%(metrics)s::text[], %(names)s::text[], %(choices)s::text[])"
            " w (metric_id, segment_name, segment_value)"
            " using (metric_id, segment_name, segment_value)"
        )
        rows = self.dicts(query, _triples(places))
        return {(row["metric_id"], row["segment_name"], row["segment_value"]) for row in rows}

    def absences(self) -> dict[str, Absence]:
        """Return why metrics have no figure at all, by id."""
        found = self._records("metric_absences", Absence)
        return {absence.metric_id: absence for absence in found}

    def everything(self) -> Iterator[ScorecardRow]:
        """Yield the whole published scorecard, in a stable order."""
        if not self.has("scorecard"):
            return
        query = sql.SQL(
            "select {} from published.scorecard s order by metric_id, segment_name,"
            " segment_value, period_start"
        ).format(_columns(ScorecardRow))
        with self.connection.cursor("everything", row_factory=class_row(ScorecardRow)) as cursor:
            yield from cursor.execute(query)

    def periods(self) -> list[tuple[date, str, bool]]:
        """Return the periods of the scorecard, newest first, and whether each is partial."""
        rows = self.dicts(
            sql.SQL(
                "select period_start, period_grain, bool_or(is_partial) as is_partial"
                " from published.scorecard where segment_name = 'company'"
                " group by 1, 2 order by 1 desc"
            ),
            {},
        )
        return [(row["period_start"], row["period_grain"], row["is_partial"]) for row in rows]

    def choices(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return the values that exist for each of the named segments."""
        query = sql.SQL(
            "select segment_name, array_agg(distinct segment_value order by segment_value) as found"
            " from published.scorecard where segment_name = any(%(names)s) group by 1"
        )
        rows = self.dicts(query, {"names": list(names)})
        return {row["segment_name"]: row["found"] for row in rows}

    def owners(self) -> list[Owners]:
        """Return the targets that are in force, with both owners."""
        return self._records("scorecard_owners", Owners)

    def trust(self) -> list[TrustFigure]:
        """Return the figures of the trust strip."""
        return self._records("scorecard_trust", TrustFigure)

    def crises(self, until: date | None = None) -> list[Crisis]:
        """Return all crises up to those of the month `until`, newest first."""
        found = self._records("crises", Crisis)
        shown = (each for each in found if until is None or each.period_start <= until)
        return sorted(shown, key=lambda each: (each.began_at, each.brand), reverse=True)

    def texts(self, message_keys: Sequence[str]) -> dict[str, str]:
        """Return what public mentions say, by their keys."""
        if not (message_keys and self.has("mentions")):
            return {}
        query = sql.SQL(
            "select message_key, text from published.mentions where message_key = any(%(keys)s)"
        )
        rows = self.dicts(query, {"keys": list(message_keys)})
        return {row["message_key"]: row["text"] for row in rows if row["text"]}

    def _records(self, table: str, record: type[Record]) -> list[Record]:
        if not self.has(table):
            return []
        query = sql.SQL("select {} from {} s").format(
            _columns(record), sql.Identifier(SCHEMA, table)
        )
        return self._fetched(record, query, {})

    def _rows(self, query: Statement, values: Mapping[str, Any]) -> list[ScorecardRow]:
        if not self.has("scorecard"):
            return []
        return self._fetched(ScorecardRow, query, values)

    def _fetched(
        self, record: type[Record], query: Statement, values: Mapping[str, Any]
    ) -> list[Record]:
        with self.connection.cursor(row_factory=class_row(record)) as cursor:
            return cursor.execute(query, values).fetchall()


@contextmanager
def open_reader(url: str) -> Iterator[Reader]:
    """Open one read-only transaction on the warehouse; psycopg.OperationalError if it is down."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        connection.read_only = True
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.adapters.register_loader("numeric", FloatLoader)
        yield Reader(connection)


def _definition(row: Mapping[str, Any]) -> MetricDefinition:
    names = (item.name for item in fields(MetricDefinition))
    values: dict[str, Any] = {name: row.get(name) or None for name in names}
    needs = tuple(part.strip() for part in (row["needs"] or "").split(",") if part.strip())
    values |= {"needs": needs, "version": str(row["version"])}
    values |= {"decimals": row["decimals"] or 0, "direction": row["direction"] or "none"}
    return MetricDefinition(**values)


def _publication(row: Mapping[str, Any]) -> Publication:
    return Publication(
        publication_id=row["publication_id"],
        happened_at=row["happened_at"],
        state=row["state"],
        as_of=row["as_of"],
        company=Company(row["company_name"], row["is_demo"], row["currency"], row["time_zone"]),
        rows=row["rows"],
        gates=tuple(
            GateOutcome(
                gate["gate"],
                gate["is_passed"],
                gate["checks"],
                tuple(gate["failures"]),
                tuple(gate.get("accepted", ())),
            )
            for gate in row["gates"]
        ),
        reasons=tuple(row["reasons"]),
        definition_versions=row["definition_versions"],
    )
