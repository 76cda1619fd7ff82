"""How large Parquet's rows are: before they are unpacked, and in batches that take little memory.

A file of a few bytes may hold gigabytes, in one field or by a long text that all rows share. What
becomes of the rows is for the reader.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BATCH_ROWS = 50_000
BATCH_BYTES = 64 * 1024 * 1024
LISTS = (
    pa.types.is_list,
    pa.types.is_large_list,
    pa.types.is_fixed_size_list,
    pa.types.is_list_view,
    pa.types.is_large_list_view,
)
TEXTS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_binary_view,
)
VIEWS = (pa.types.is_string_view, pa.types.is_binary_view)


def mean_row(metadata: pq.FileMetaData) -> float:
    """Return the bytes of an unpacked row as the file has it, by the group with the largest rows.

    No column's own sizes: asking a damaged file for them ends the process.
    """
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    means = (group.total_byte_size / max(group.num_rows, 1) for group in groups)
    columns = map(metadata.schema.column, range(metadata.num_columns))
    # what has a fixed length takes it where it is empty, too
    return max(means, default=0) + sum(column.length or 0 for column in columns)


def batch_rows(row_bytes: float) -> int:
    """Return how many rows of this size may be unpacked at once."""
    return max(1, min(BATCH_ROWS, int(BATCH_BYTES / max(row_bytes, 1))))


def texts(metadata: pq.FileMetaData) -> list[str]:
    """Return the paths of columns with values of any length."""
    columns = map(metadata.schema.column, range(metadata.num_columns))
    return [each.path for each in columns if each.physical_type == "BYTE_ARRAY"]


def pieces(batch: pa.RecordBatch, most: int) -> Iterator[pa.RecordBatch]:
    """Cut a batch until none takes more than `most` when unpacked; a single row may."""
    if batch.num_rows <= 1 or batch_size(batch) <= most:
        yield batch
        return
    half = batch.num_rows // 2
    yield from pieces(batch.slice(0, half), most)
    yield from pieces(batch.slice(half), most)


def batch_size(batch: pa.RecordBatch) -> int:
    """Return the bytes of a batch in which each row has its own values."""
    return sum(map(_size, batch.columns))


def _size(values: pa.Array) -> int:
    kind = values.type
    if pa.types.is_map(kind):
        return _size(pc.cast(values, pa.list_(pa.struct([kind.key_field, kind.item_field]))))
    if any(is_list(kind) for is_list in LISTS):
        return _size(pc.list_flatten(values))
    if pa.types.is_struct(kind):
        return sum(map(_size, values.flatten()))
    if pa.types.is_dictionary(kind) and any(is_text(kind.value_type) for is_text in TEXTS):
        lengths = pc.binary_length(pc.cast(values.dictionary, pa.large_binary()))
        return pc.sum(lengths.take(values.indices)).as_py() or 0
    if any(is_view(kind) for is_view in VIEWS):
        return pc.cast(values, pa.large_binary()).nbytes
    return values.nbytes
