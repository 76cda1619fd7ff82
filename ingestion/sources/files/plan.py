"""Which files of each section have to be read, and from where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.errors import MappingFault
from ingestion.sources.files.exports import ExportFile
from ingestion.sources.files.readers.base import Resume
from ingestion.sources.files.settings import FilesEntity, FilesMapping
from ingestion.sources.files.state import LoadedFile


@dataclass(frozen=True)
class PlannedFile:
    """A file to read from `resume` on, or to skip because it is still as `known`."""

    file: ExportFile
    resume: Resume | None = None
    known: LoadedFile | None = None

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def is_anew(self) -> bool:
        """Whether the file is read from its beginning."""
        return self.known is None and self.resume is None


Plan = list[PlannedFile]


def plans(mapping: FilesMapping, known: Mapping[str, Any]) -> list[Plan]:
    """Plan each section's files; `known` are those of the last load, by number of the section.

    Sections of one entity are read together and whole: a row that one of them lost may be
    another one's.
    """
    planned = []
    for number, entity in enumerate(mapping.entities):
        states = known.get(str(number), {})
        loaded = {path: LoadedFile.from_state(state) for path, state in states.items()}
        planned.append(_plan(entity, mapping.exports(entity).files(), loaded))
    pairs = list(zip(mapping.entities, planned, strict=True))
    read = {entity.table.name for entity, plan in pairs if _is_read(plan)}
    return [
        _from_the_start(plan)
        if entity.table.name in read and len(mapping.sections_of(entity.table)) > 1
        else plan
        for entity, plan in pairs
    ]


def _plan(
    entity: FilesEntity, files: Mapping[str, ExportFile], loaded: Mapping[str, LoadedFile]
) -> Plan:
    """Decide for each file whether to read it, and from where.

    Of rows with one key, the last file's counts. So all files after one that is read are
    read too, and whole. Where files belong together, all are read when one has changed. So are
    those of a complete section when rows may have vanished.
    """
    plan: Plan = []
    is_reading = False
    for name, file in files.items():
        known = None if is_reading else loaded.get(name)
        if known and _holds(known.is_unchanged, file):
            plan.append(PlannedFile(file, known=known))
            continue
        is_reading = True
        resume = None
        can_resume = file.member is None and not entity.is_together
        if known and can_resume and _holds(known.is_appended, file):
            resume = Resume(known.size, known.line, known.header)
        plan.append(PlannedFile(file, resume))
    anew = {each.name for each in plan if each.is_anew}
    has_lost = loaded.keys() & anew or loaded.keys() - files.keys()
    if (entity.is_together and is_reading) or (entity.is_complete and has_lost):
        return _from_the_start(plan)
    return plan


def _holds(look: Callable[[Path], bool], file: ExportFile) -> bool:
    """Return what is found of a file; if it can't be read, its reading will say why."""
    try:
        return look(file.path)
    except OSError:
        return False


def _is_read(plan: Plan) -> bool:
    return any(each.known is None for each in plan)


def _from_the_start(plan: Plan) -> Plan:
    """Plan to read every file, and whole."""
    return [PlannedFile(each.file) for each in plan]


def require_own_keys(source: str, entity: FilesEntity, files: int) -> None:
    """Raise MappingFault where a key that is the number of a row is that of several rows."""
    mapping = entity.mapping
    is_numbered = any(
        each.origin == "row_number" and each.target.name in mapping.entity.key
        for each in mapping.columns
    )
    is_parted = bool(mapping.split or mapping.unpivot or entity.file_format.rows)
    if is_numbered and (is_parted or (files > 1 and not entity.overrides)):
        why = "each row makes several" if is_parted else f"each of {files:,} files begins anew"
        key = mapping.entity.key[-1]
        remedy = f'Tell the rows apart, as {key} = {{ join = [{{ row_number = true }}, "column"] }}'
        repeats = "" if is_parted else ", or set overrides = true if a file repeats those before it"
        raise MappingFault(
            source,
            f"{key} of {mapping.entity.name} is the number of the row, and {why}",
            remedy + repeats,
        )
