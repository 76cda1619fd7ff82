"""A files source in concord.toml: its keys beside those of the mapping, and what they become."""

import codecs
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationInfo, field_validator

from ingestion.contract import Entity
from ingestion.faults import key_of, read_section
from ingestion.mapping.settings.columns import ColumnSection
from ingestion.mapping.settings.entities import EntitySection
from ingestion.mapping.settings.parts import LookupSection
from ingestion.mapping.settings.sources import MappedSourceSection
from ingestion.sections import OneOrMore, Section, outer, wrong
from ingestion.sources.files.archives import is_archive
from ingestion.sources.files.exports import Exports
from ingestion.sources.files.lookups import FileLookup
from ingestion.sources.files.paths import MAGIC, is_below, matching, named_folder
from ingestion.sources.files.readers import READERS, format_of
from ingestion.sources.files.readers.base import FileFormat, Limits, Reader
from ingestion.sources.mapped import DeclaredEntity

DOCS = "docs/sources.md"
# Raise it when the same configuration and file begin to give other rows.
MAPPING_VERSION = 8
# Which kinds of files a key is for, and what the others don't have.
HAVING = {
    "rows": (("json", "jsonl", "parquet"), "lists"),
    "records": (("json", "jsonl"), "list of records"),
    "sheet": (("xlsx", "ods"), "sheets"),
    "members": (("zip",), "members"),
}


@dataclass(frozen=True, kw_only=True)
class FilesEntity(DeclaredEntity):
    """Which files fill one entity; one that `overrides` may have keys of the sections before it."""

    paths: tuple[str, ...]
    file_format: FileFormat
    overrides: bool = False

    @property
    def is_together(self) -> bool:
        """Whether all files are read at once: groups fold lines of all, sets have rows in all."""
        return self.mapping.folds or bool(self.table.set_key)


@dataclass(frozen=True)
class FilesMapping:
    """Everything about one files source; `fingerprint` changes with its section."""

    name: str
    base_dir: Path
    fingerprint: str
    entities: tuple[FilesEntity, ...]
    folders: tuple[Path, ...] = ()

    def sections_of(self, table: Entity) -> list[FilesEntity]:
        """Return the sections that fill an entity."""
        return [each for each in self.entities if each.table.name == table.name]

    def exports(self, entity: FilesEntity) -> Exports:
        """Return where the files of an entity are."""
        return Exports(self.name, self.base_dir, self.folders, entity.paths, entity.file_format)

    def reader(self, entity: FilesEntity, path: Path) -> Reader:
        """Return the reader of one of an entity's files."""
        mapping, form = entity.mapping, entity.file_format
        reader = READERS[format_of(path, form.format)]
        return reader(self.name, path, form, mapping.needed, mapping.moments)


def read_mapping(name: str, section: Mapping[str, Any], base_dir: Path) -> FilesMapping:
    """Make the mapping of a files source; ConfigurationFaults names every fault."""
    key = key_of("sources", name)
    read = read_section(FilesSection, section, key, DOCS, base_dir=base_dir)
    text = json.dumps([MAPPING_VERSION, section], sort_keys=True, default=str)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    folders = tuple(base_dir / each for each in read.folders)
    return FilesMapping(name, base_dir, fingerprint, tuple(read.files_entities()), folders)


def _encoding(encoding: str) -> str:
    try:
        # Python also has codecs that are not of text: rot13, base64, undefined
        "a".encode(encoding)
        codecs.getincrementaldecoder(encoding)
    except (LookupError, ValueError):
        problem = f"there is no encoding of text {encoding!r}"
        raise wrong(problem, 'Such as "utf-8" or "latin-1"') from None
    return encoding


def _delimiter(delimiter: str) -> str:
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        problem = f"{delimiter!r} can't stand between fields"
        raise wrong(problem, 'Give one ASCII character, such as ";", and no quote')
    return delimiter


def _files(paths: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    base_dir = outer(info)["base_dir"]
    if not any(paths):
        raise wrong("names no file", 'Give one, or a pattern such as "exports/*.csv"')
    unmatched = [path for path in paths if not _matching(base_dir, path)]
    if unmatched:
        problem = f"no file matches {', '.join(unmatched)}"
        raise wrong(problem, f"Paths start at {base_dir}; correct the path")
    return paths


def _one_file(path: str, info: ValidationInfo) -> str:
    base_dir = outer(info)["base_dir"]
    if MAGIC & set(path) and _matching(base_dir, path) != [base_dir.absolute() / path]:
        raise wrong(f"{path} is a pattern, and one file is needed", "Name the file")
    _files((path,), info)
    folders = [
        named_folder(base_dir, path),
        *(base_dir / each for each in outer(info).get("folders", ())),
    ]
    if not is_below(base_dir / path, folders):
        problem = f"{path} leads out of the folder that it names, by a link or by `..`"
        raise wrong(problem, "Put the file itself there, or allow its folder: `folders`")
    return str(base_dir / path)


def _matching(base_dir: Path, path: str) -> list[Path]:
    try:
        return matching(base_dir, path)
    except (ValueError, OSError):  # ** within a name, a name that is too long
        return []


Encoding = Annotated[str, AfterValidator(_encoding)]
Delimiter = Annotated[str, AfterValidator(_delimiter)]


class FileLookupSection(LookupSection):
    """`lookup = {...}` of a column: a value of a second file."""

    path: Annotated[str, AfterValidator(_one_file)]
    format: Literal["csv"] | None = None
    encoding: Encoding = "utf-8"
    delimiter: Delimiter = ","

    def mapping(self) -> FileLookup:
        """Return the lookup with its file."""
        file_format = FileFormat("csv", self.encoding, self.delimiter)
        return FileLookup(self.key, self.value, self.separator, Path(self.path), file_format)


class FileColumnSection(ColumnSection):
    """One column of an entity that files fill."""

    lookup: FileLookupSection | None = None


class FileEntitySection(EntitySection):
    """One `[[sources.<name>.entities]]`."""

    column_section: ClassVar[type[ColumnSection]] = FileColumnSection

    path: Annotated[tuple[str, ...], OneOrMore, AfterValidator(_files)]
    format: Literal["csv", "json", "jsonl", "parquet", "xlsx", "ods"] | None = None
    encoding: Encoding = "utf-8"
    delimiter: Delimiter = ","
    header: list[str] | None = Field(default=None, min_length=1)
    skip_lines: int = Field(default=0, ge=0)
    rows: str | None = None
    records: str | None = None
    sheet: str | None = None
    members: str | None = None
    complete: bool = False
    overrides: bool = False

    @field_validator("rows", "records", "sheet", "members")
    @classmethod
    def _suits_the_files(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Refuse what the files can't have: lists in CSV, sheets in JSON."""
        if not {"path", "format"} <= info.data.keys():
            return value
        base_dir, form = outer(info)["base_dir"], info.data["format"]
        key, (kinds, what) = str(info.field_name), HAVING[str(info.field_name)]
        for file in (file for path in info.data["path"] for file in _matching(base_dir, path)):
            kind = format_of(file, form)
            # what an archive without a format holds, its members' names will say
            is_open = is_archive(file) and (key == "members" or not form)
            if not is_open and kind not in kinds:
                problem = f"{file.name} is read as {kind}, and has no {what}"
                raise wrong(problem, f"Remove it; it is for {' and '.join(kinds)}")
        return value

    @property
    def file_format(self) -> FileFormat:
        """How the bytes of the files are to be read."""
        header = tuple(self.header or ())
        return FileFormat(
            self.format,
            self.encoding,
            self.delimiter,
            header,
            self.skip_lines,
            self.rows,
            self.records,
            self.sheet,
            self.members,
        )


class LimitsSection(Section):
    """`[sources.<name>.limits]`: how much a file may hold before it is refused."""

    row_megabytes: int = Field(default=Limits.row_megabytes, ge=1)
    row_keys: int = Field(default=Limits.row_keys, ge=1)
    row_depth: int = Field(default=Limits.row_depth, ge=1, le=1_000)
    unpacked_megabytes: int = Field(default=Limits.unpacked_megabytes, ge=1)

    def limits(self) -> Limits:
        """Return the limits as readers take them."""
        return Limits(**self.model_dump())


class FilesSection(MappedSourceSection):
    """One `[sources.<name>]` of kind "files"."""

    kind: Literal["files"]
    folders: list[str] = Field(default_factory=list)
    limits: LimitsSection = LimitsSection()
    entities: list[Any] = Field(
        min_length=1, description="[[sources.<name>.entities]]; docs/sources.md shows how"
    )

    @field_validator("entities")
    @classmethod
    def _read_entities(cls, given: list[Any], info: ValidationInfo) -> list[FileEntitySection]:
        entities = TypeAdapter(list[FileEntitySection])
        return entities.validate_python(given, context={**outer(info), **info.data})

    def files_entities(self) -> list[FilesEntity]:
        """Return the entities with their files and mappings."""
        limits = self.limits.limits()
        return [
            FilesEntity(
                section=section,
                mapping=each.mapping(self.notation, self.null_values),
                is_complete=each.complete,
                paths=each.path,
                file_format=replace(each.file_format, limits=limits),
                overrides=each.overrides,
            )
            for section, each in zip(self._sections(), self.entities, strict=True)
        ]

    def _sections(self) -> Iterator[str]:
        """Name each section by its first path; of several for one entity, by a number too."""
        named: Counter[tuple[str, str]] = Counter()
        for each in self.entities:
            named[each.entity, each.path[0]] += 1
            number = named[each.entity, each.path[0]]
            yield f"{each.path[0]} ({number})" if number > 1 else each.path[0]
