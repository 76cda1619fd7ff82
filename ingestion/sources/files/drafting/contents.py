"""What the columns of samples hold."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping.records import Records
from ingestion.sources.files.drafting.samples import Sample

OFFSET = r"\d:\d\d.*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"


def values_of(files: Sequence[Sample], column: str) -> pa.Array:
    """Return a column of several files of one shape."""
    parts = [each.records.column(column) for each in files if each.records.size]
    if len({part.type for part in parts}) > 1:
        parts = [pc.cast(part, pa.string()) for part in parts]
    return pa.concat_arrays(parts) if parts else pa.nulls(0, pa.string())


def filled(records: Records, column: str) -> pa.Array:
    """Return the texts of a column without the empty ones."""
    texts = pc.cast(records.column(column), pa.string())
    return texts.filter(pc.not_equal(texts, ""))


def has_gaps(records: Records, column: str) -> bool:
    """Return whether a column lacks values."""
    return len(filled(records, column)) < records.size


def match(records: Records, column: str, pattern: str) -> bool:
    """Return whether all values of a column match a pattern, and there are such."""
    texts = filled(records, column)
    return len(texts) > 0 and bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())


def lacks_offset(records: Records, column: str) -> bool:
    """Return whether there are times in a column that don't say in which zone they are."""
    values = records.column(column)
    if pa.types.is_timestamp(values.type):
        return values.type.tz is None
    texts = filled(records, column)
    return not pc.all(pc.match_substring_regex(texts, OFFSET)).as_py()


def count(records: Records, columns: Sequence[str]) -> int:
    """Count the different rows that some columns have."""
    return records.columns.select(columns).group_by(list(columns)).aggregate([]).num_rows


def repeat(records: Records, columns: Sequence[str]) -> bool:
    """Return whether several rows are alike in some columns."""
    return count(records, columns) < records.size
