"""Checks of one column's section: its keys, each other, the entity's column and its type."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ingestion.faults import key_of
from ingestion.sources.files.checks import Checks, format_fault
from ingestion.sources.files.chunk import Chunk
from ingestion.sources.files.convert import convert
from ingestion.sources.files.expressions import evaluate
from ingestion.sources.files.mapping import ColumnMapping
from ingestion.sources.files.numbers import DIGITS, PLACES, is_kept
from ingestion.sources.files.sections import ColumnSection, LookupSection


class ColumnChecks:
    """Checks the columns of one source; `prefix` is the key of its section."""

    def __init__(self, checks: Checks, prefix: str) -> None:
        self.checks = checks
        self.prefix = prefix

    def keys(self, key: str, section: ColumnSection) -> None:
        """Check what the keys say, whichever column of an entity they are for."""
        self._origin(key, section)
        self._factors(key, section)
        self.checks.formats(f"{key}.format", section.formats)
        self.checks.pattern(f"{key}.pattern", section.pattern, groups=1)
        if section.time_zone:
            self.checks.zone(f"{key}.time_zone", section.time_zone)
        if section.lookup:
            self._lookup(f"{key}.lookup", section.lookup)
        if section.lower and section.upper:
            self.checks.fault(key, "lower and upper contradict each other", "Keep one of them")
        if "separator" in section.model_fields_set and section.join is None:
            problem = "is for the columns of join, and there is no join"
            self.checks.fault(f"{key}.separator", problem, "Remove it", f"{key}.join")

    def fit(self, key: str, section: ColumnSection, mapping: ColumnMapping) -> None:
        """Check keys and constants against the type of the entity's column."""
        target = mapping.target
        if section.format is not None and not target.is_moment:
            problem = f"is for times and dates, and {target.name} is {target.type.value}"
            self.checks.fault(f"{key}.format", problem, "Remove it")
        if section.aggregate == "sum" and not target.is_number:
            problem = f"{target.name} is {target.type.value}, which has no sum"
            self.checks.fault(f"{key}.aggregate", problem, "Use min, max, first or last")
        if target.is_number:
            self._signs(key, section, mapping)
        if not target.is_moment or not any(map(format_fault, mapping.formats)):
            self._constants(key, section, mapping)

    def _origin(self, key: str, section: ColumnSection) -> None:
        remedy = "Give one of: from, value, join, multiply, row_number"
        if not section.origins:
            self.checks.fault(key, "says nothing of where it comes from", remedy, key)
        elif len(section.origins) > 1:
            self.checks.fault(key, f"has {' and '.join(section.origins)} at once", remedy)

    def _factors(self, key: str, section: ColumnSection) -> None:
        if section.multiply and len(section.factors) == len(section.multiply):
            problem, remedy = "names no column", "Name one, or give the product as value"
            self.checks.fault(f"{key}.multiply", problem, remedy)
        for factor in section.factors:
            if not is_kept(factor):
                problem = (
                    f"has the number {factor}; {DIGITS} digits before the decimal sign are read"
                )
                problem += f" and {PLACES} after it"
                self.checks.fault(f"{key}.multiply", problem, "Multiply by one that has no more")

    def _lookup(self, key: str, section: LookupSection) -> None:
        self.checks.one_path(f"{key}.path", section.path)
        self.checks.encoding(f"{key}.encoding", section.encoding)
        self.checks.delimiter(f"{key}.delimiter", section.delimiter)

    def _signs(self, key: str, section: ColumnSection, mapping: ColumnMapping) -> None:
        """Refuse a decimal sign that would be taken out of numbers as one between thousands."""
        if not mapping.thousands or mapping.decimal not in mapping.thousands:
            return
        where, name = self.prefix, "thousands"
        if section.decimal or section.thousands:
            where, name = key, "thousands" if section.thousands else "decimal"
        self.checks.fault(
            f"{where}.{name}",
            f"{mapping.decimal!r} is the decimal sign and stands between thousands at once",
            "Set decimal and thousands to different signs",
            *self._read_by(key, mapping),
        )

    def _constants(self, key: str, section: ColumnSection, mapping: ColumnMapping) -> None:
        """Refuse a constant that would send every row with it to quarantine."""
        remedy = f"Correct it; docs/sources.md says what {mapping.target.name} may be"
        because_of = self._read_by(key, mapping)
        for place, text, values in _constants(key, section, mapping):
            _, failures = convert(values, mapping)
            for _, reason in failures[:1]:
                self.checks.fault(place, f"{text!r} {reason}", remedy, *because_of)

    def _read_by(self, key: str, mapping: ColumnMapping) -> list[str]:
        """Return the keys that say how a value of the column's type is written."""
        if mapping.target.is_moment:
            return [f"{key}.format"]
        if mapping.target.is_number:
            signs = ("decimal", "thousands")
            return [f"{at}.{sign}" for at in (key, self.prefix) for sign in signs]
        return []


def _constants(
    key: str, section: ColumnSection, mapping: ColumnMapping
) -> Iterator[tuple[str, str, pa.Array]]:
    """Give the constants that rows may get: the key, the text, and what becomes of it."""
    is_looked_for = section.pattern is not None or section.lookup is not None
    if mapping.origin == "value" and mapping.value is not None and not is_looked_for:
        row = Chunk(pa.table({"": [None]}), np.array([1]), str)
        yield f"{key}.value", mapping.value, evaluate(mapping, row, {})
    if mapping.default is not None:
        yield f"{key}.default", mapping.default, pa.array([mapping.default])
    for name, text in (mapping.map or {}).items():
        yield key_of(f"{key}.map", name), text, pa.array([text])
