"""Checks of the values in a files source's section; each writes down the fault that it finds."""

import codecs
import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from ingestion.errors import Fault
from ingestion.sources.files import times
from ingestion.sources.files.paths import matching
from ingestion.sources.files.patterns import captures

UNION_MEMBERS = ("bool", "int", "float", "datetime", "date", "str")


def shape_faults(prefix: str, error: ValidationError) -> list[Fault]:
    """Turn pydantic's errors into faults, one for each key."""
    faults: dict[str, Fault] = {}
    for each in error.errors(include_url=False, include_input=False):
        key = _key(prefix, each["loc"])
        if each["type"] == "extra_forbidden":
            fault = Fault(key, "there is no such key", "docs/sources.md lists the keys")
        elif each["type"] == "missing":
            fault = Fault(key, "is missing", "Add it; docs/sources.md shows how")
        else:
            fault = Fault(key, each["msg"].removeprefix("Value error, "), "Correct the value")
        faults.setdefault(key, fault)
    return list(faults.values())


def _key(prefix: str, location: tuple[int | str, ...]) -> str:
    """Write a place as concord.toml has it; pydantic's names of union members are left out."""
    key = prefix
    for part in location:
        if isinstance(part, int):
            key += f"[{part + 1}]"
        elif re.fullmatch(r"[a-z_0-9]+", part) and part not in UNION_MEMBERS:
            key += f".{part}"
    return key


class Checks:
    """Collects the faults of one source's section."""

    def __init__(self, base_dir: Path) -> None:
        self.base_dir = base_dir
        self.faults: list[Fault] = []

    def fault(self, key: str, problem: str, remedy: str) -> None:
        """Write a fault down."""
        self.faults.append(Fault(key, problem, remedy))

    def paths(self, key: str, paths: tuple[str, ...]) -> None:
        for path in paths:
            if not matching(self.base_dir, path):
                problem = f"no file matches {path}"
                self.fault(key, problem, f"Paths start at {self.base_dir}; correct the path")

    def encoding(self, key: str, encoding: str) -> None:
        try:
            codecs.lookup(encoding)
        except LookupError:
            self.fault(key, f"there is no encoding {encoding!r}", 'Such as "utf-8" or "latin-1"')

    def zone(self, key: str, zone: str) -> None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fault(key, f"there is no time zone {zone!r}", 'Such as "Europe/Berlin"')

    def formats(self, key: str, formats: tuple[str, ...]) -> None:
        for form in formats:
            if form == times.ISO or form in times.UNIX:
                continue
            unknown = times.unknown_directives(form)
            if unknown or "%" not in form:
                problem = f"{form!r} is not a time format"
                known = ", ".join(f"%{name}" for name in times.DIRECTIVES)
                self.fault(key, problem, f'"iso", "unix", "unix_ms", or made of {known}')

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
