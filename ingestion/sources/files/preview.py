"""The beginning of a source's files, as received and as mapped; nothing is loaded."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ingestion.errors import SourceError
from ingestion.mapping.preview import SectionPreview, joined, preview
from ingestion.mapping.records import Records
from ingestion.sources.files.lookups import read_lookups
from ingestion.sources.files.readers.base import Reader
from ingestion.sources.files.settings import FilesEntity, FilesMapping

LOOKED_AT = 10_000


def previews(mapping: FilesMapping, entity: str | None, rows: int) -> Iterator[SectionPreview]:
    """Read the beginning of each section's first file, for one entity or for all."""
    for section in mapping.entities:
        if entity in (None, section.table.name):
            yield _preview(mapping, section, rows)


def _preview(source: FilesMapping, section: FilesEntity, rows: int) -> SectionPreview:
    mapping, exports = section.mapping, source.exports(section)
    name, file, others = section.table.name, "", 0
    try:
        files = exports.files()
        file, others = next(iter(files)), len(files) - 1
        lookups = read_lookups(source.name, mapping, section.file_format.limits)
        with exports.opened(files[file]) as path:
            blocks, is_whole = _beginning(source.reader(section, path))
            shown = joined([preview(mapping, each, lookups, rows) for each in blocks], rows)
    except SourceError as error:
        return SectionPreview(name, file, others, problem=error)
    except OSError as error:
        return SectionPreview(name, file, others, problem=exports.unreadable(files[file], error))
    return SectionPreview(name, file, others, is_whole, mapping.how_folded, shown)


def _beginning(reader: Reader) -> tuple[list[Records], bool]:
    """Return the first records, block by block, and whether there are no more."""
    blocks, found, left = reader.records(), [], LOOKED_AT
    for block in blocks:
        cut = _first(block, left)
        found.append(cut)
        left -= _lines(cut)
        if left <= 0 or _lines(cut) < _lines(block):
            return found, _lines(cut) == _lines(block) and next(blocks, None) is None
    return found or [Records(pa.table({}), np.array([], int), str)], True


def _lines(records: Records) -> int:
    return records.size + len(records.rejects)


def _first(records: Records, most: int) -> Records:
    """Keep no more than `most` lines, broken ones among them."""
    lines = sorted([*records.lines.tolist(), *(each.line or 0 for each in records.rejects)])
    last = lines[:most][-1] if lines else 0
    rejects = tuple(each for each in records.rejects if (each.line or 0) <= last)
    return replace(records.take(np.flatnonzero(records.lines <= last)), rejects=rejects)
