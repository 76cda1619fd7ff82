"""Checks of the values in a files source's section; each writes down the fault that it finds."""

import codecs
import re
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.errors import Fault
from ingestion.faults import is_within
from ingestion.sources.files import times
from ingestion.sources.files.csv_reader import CsvReader
from ingestion.sources.files.mapping import FileFormat
from ingestion.sources.files.paths import MAGIC, matching
from ingestion.sources.files.patterns import captures
from ingestion.sources.files.readers import open_reader
from ingestion.sources.files.sections import EntitySection, listed


class Checks:
    """Collects the faults of one source's section, beside those of its shape."""

    def __init__(self, base_dir: Path, shape_faults: Sequence[Fault]) -> None:
        self.base_dir = base_dir
        self.faults = list(shape_faults)
        self._misshapen = tuple(fault.key for fault in shape_faults)

    def fault(self, key: str, problem: str, remedy: str, *because_of: str) -> None:
        """Write a fault down, unless it only follows from a fault of shape.

        It does at or below a faulty key, and where `because_of`, the keys that it was concluded
        from, have faults themselves: what they were meant to say is not known.
        """
        for wrong in self._misshapen:
            if is_within(key, wrong):
                return
            if any(is_within(each, wrong) or is_within(wrong, each) for each in because_of):
                return
        fault = Fault(key, problem, remedy)
        if fault not in self.faults:
            self.faults.append(fault)

    def paths(self, key: str, paths: tuple[str, ...]) -> None:
        if not any(paths):
            self.fault(key, "names no file", 'Give one, or a pattern such as "exports/*.csv"', key)
            return
        for path in paths:
            if not self._files(path):
                problem = f"no file matches {path}"
                self.fault(key, problem, f"Paths start at {self.base_dir}; correct the path")

    def one_path(self, key: str, path: str) -> None:
        """Check a path that can't be a pattern."""
        if MAGIC & set(path) and self._files(path) != [self.base_dir.absolute() / path]:
            self.fault(key, f"{path} is a pattern, and one file is needed", "Name the file")
        else:
            self.paths(key, (path,))

    def rows(self, key: str, section: EntitySection) -> None:
        """Refuse lists within the rows of a CSV file: there are none."""
        form = FileFormat(section.format)
        files = [file for path in listed(section.path) for file in self._files(path)]
        tables = [file for file in files if isinstance(open_reader("", file, form, {}), CsvReader)]
        if section.rows is not None and tables:
            self.fault(
                f"{key}.rows",
                f"{tables[0].name} is read as CSV, and has no lists",
                'Remove it, or set format to "jsonl" or "parquet"',
                f"{key}.format",
            )

    def encoding(self, key: str, encoding: str) -> None:
        try:
            # Python also has codecs that are none of text: rot13, base64, undefined
            "a".encode(encoding)
            codecs.getincrementaldecoder(encoding)
        except (LookupError, ValueError):
            problem = f"there is no encoding of text {encoding!r}"
            self.fault(key, problem, 'Such as "utf-8" or "latin-1"')

    def delimiter(self, key: str, delimiter: str) -> None:
        if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
            problem = f"{delimiter!r} can't stand between fields"
            self.fault(key, problem, 'Give one ASCII character, such as ";", and no quote')

    def zone(self, key: str, zone: str) -> None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fault(key, f"there is no time zone {zone!r}", 'Such as "Europe/Berlin"')

    def formats(self, key: str, formats: tuple[str, ...]) -> None:
        for form in formats:
            if found := format_fault(form):
                problem, remedy = found
                self.fault(key, f"{form!r} {problem}", remedy)

    def pattern(self, key: str, pattern: str | None, groups: int = 0) -> None:
        if pattern is None:
            return
        try:
            pc.match_substring_regex(pa.array([""]), pattern)
        except pa.ArrowInvalid as error:
            problem = str(error).removeprefix("Invalid regular expression: ")
            self.fault(key, f"is not a regular expression that RE2 knows: {problem}", "Correct it")
            return
        if groups and len(captures(pattern)) != groups:
            remedy = "Put what is wanted in ( ), and other brackets in (?: )"
            self.fault(key, "needs one group in brackets", remedy)

    def _files(self, path: str) -> list[Path]:
        try:
            return matching(self.base_dir, path)
        except (ValueError, OSError):  # ** within a name, a name that is too long
            return []


def format_fault(form: str) -> tuple[str, str] | None:
    """Return what is wrong with a time format, and what to do; None if nothing is."""
    if form == times.ISO or form in times.UNIX:
        return None
    used = set(re.findall("%(.)", form))
    if not used or times.unknown_directives(form):
        known = ", ".join(f"%{name}" for name in times.DIRECTIVES)
        return "is not a time format", f'"iso", "unix", "unix_ms", or made of {known}'
    if not used & {"Y", "y"}:
        return "has no year", "Add %Y or %y: without it a time can't be told"
    if "I" in used and "p" not in used:
        return "has hours from 1 to 12, and no %p", "Use %H, or add %p for AM and PM"
    return None
