"""Risk: a Parquet file's own types reach the mapping as something else, or not at all."""

import tomllib
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from ingestion.errors import SourceAnswerBroken
from ingestion.sources import build
from ingestion.sources.files.readers.blocks import MEGABYTE
from tests.fixtures.read_files import Read, check_files, read_files

CUSTOMERS = """
kind = "files"
[[entities]]
entity = "customers"
path = "customers.parquet"
[entities.columns]
customer_id = "id"
created_at = { from = "at", optional = true, format = "iso" }
generation = { from = "body.plain", optional = true }
"""
MESSAGES = """
kind = "files"
[[entities]]
entity = "messages"
path = "threads.parquet"
rows = "msgs"
[entities.columns]
message_id = "msgs.id"
sent_at = "at"
direction = { value = "inbound" }
is_public = true
text = "msgs.body.plain"
"""
MOMENT = datetime(2024, 1, 2, 0, 0, tzinfo=UTC)


def customers(folder: Path, columns: dict[str, Any], section: str = CUSTOMERS) -> Read:
    pq.write_table(pa.table(columns), folder / "customers.parquet")
    return read_files(folder, section)


def threads(folder: Path, kind: pa.DataType) -> None:
    msgs = [[{"id": "7", "body": {"plain": "hi"}}], [{"id": "8", "body": {"plain": "yes"}}]]
    table = pa.table({"at": ["2024-01-01"] * 2, "msgs": pa.array(msgs, kind)})
    pq.write_table(table, folder / "threads.parquet")


MESSAGE = pa.struct([("id", pa.string()), ("body", pa.struct([("plain", pa.string())]))])


@pytest.mark.parametrize(
    "ids",
    [
        pa.array(["1", "", "3"], pa.large_string()),
        pa.array(["1", "", "3"], pa.string_view()),
        pa.array(["1", "", "3"]).dictionary_encode(),
        pa.array(["1", "", "3"], pa.large_string()).dictionary_encode(),
        pa.array([b"1", b"", b"3"]),
        pa.array([b"1", b"", b"3"], pa.large_binary()),
    ],
    ids=lambda ids: str(ids.type),
)
def test_empty_means_empty_in_every_type_of_text(tmp_path: Path, ids: pa.Array):
    read = customers(tmp_path, {"id": ids})
    assert read.values("customer_id") == ["1", "3"]
    assert read.reasons() == [(2, "is required and empty")]


def test_ids_as_floats_are_whole_numbers_without_an_exponent(tmp_path: Path):
    read = customers(tmp_path, {"id": [17850.0, 1e15, 12345678901234568.0]})
    assert read.values("customer_id") == ["17850", "1000000000000000", "12345678901234568"]


@pytest.mark.parametrize(
    ("form", "at"),
    [
        ("unix", pa.array([1704153600])),
        ("unix", pa.array([1704153600.0])),
        ("unix", pa.array([Decimal("1704153600.0")])),
        ("unix_ms", pa.array([1704153600000], pa.uint64())),
        ("%Y%m%d", pa.array([20240102], pa.int32())),
        ("iso", pa.array([date(2024, 1, 2)])),
        ("iso", pa.array([MOMENT])),
        ("iso", pa.array([b"2024-01-02"])),
    ],
    ids=str,
)
def test_times_are_read_out_of_numbers_and_bytes(tmp_path: Path, form: str, at: pa.Array):
    read = customers(tmp_path, {"id": ["1"], "at": at}, CUSTOMERS.replace('"iso"', f'"{form}"'))
    assert read.values("created_at") == [MOMENT]


@pytest.mark.parametrize("at", [pa.array([time(10)]), pa.array([True])], ids=str)
def test_what_is_no_point_in_time_is_told(tmp_path: Path, at: pa.Array):
    read = customers(tmp_path, {"id": ["1"], "at": at})
    (emptied,) = read.emptied
    assert (emptied.line, emptied.reason) == (1, "is not a time in the expected format")
    assert read.values("customer_id", "created_at") == [("1", None)]


def test_lists_and_structs_are_json_in_texts_and_conditions(tmp_path: Path):
    where = 'where = [{ column = "tags", matches = "vip" }]\n[entities.columns]'
    section = CUSTOMERS.replace("[entities.columns]", where).replace("body.plain", "body")
    columns = {
        "id": ["1", "2", "3"],
        "tags": [["vip", "new"], ["new"], None],
        "body": [{"plain": "x", "n": 1}] * 3,
    }
    read = customers(tmp_path, columns, section)
    assert read.values("customer_id", "generation") == [("1", '{"plain": "x", "n": 1}')]


@pytest.mark.parametrize(
    ("values", "reported"),
    [
        (pa.array([b"\xff\xfe"]), "the column 'id' holds bytes that are no text in UTF-8"),
        (pa.array([timedelta(1)]), r"the column 'id' has the type duration\[us\]"),
        (pa.array([b"x" * 16], pa.uuid()), "the column 'id' has the type .*uuid"),
    ],
    ids=str,
)
def test_a_type_that_cannot_be_read_is_named_with_its_column(
    tmp_path: Path, values: pa.Array, reported: str
):
    with pytest.raises(SourceAnswerBroken, match=reported):
        customers(tmp_path, {"id": values})


@pytest.mark.parametrize(
    "kind", [pa.list_(MESSAGE), pa.large_list(MESSAGE), pa.list_(MESSAGE, 1)], ids=str
)
def test_rows_come_out_of_every_kind_of_list(tmp_path: Path, kind: pa.DataType):
    threads(tmp_path, kind)
    assert read_files(tmp_path, MESSAGES).values("message_id", "text") == [
        ("7", "hi"),
        ("8", "yes"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ('"msgs.body.plain"', '"msgs.body.plan"', "no column 'msgs.body.plan'"),
        ('rows = "msgs"', 'rows = "mgs"', "no list 'mgs'"),
        ('rows = "msgs"', 'rows = "at"', "no list 'at'"),
    ],
)
@pytest.mark.parametrize("read", [read_files, check_files])
def test_a_slip_in_a_path_is_reported_with_the_paths_that_there_are(
    tmp_path: Path, read, old: str, new: str, reported: str
):
    threads(tmp_path, pa.list_(MESSAGE))
    reported += "; its columns are: at, msgs.id, msgs.body.plain"
    with pytest.raises(SourceAnswerBroken, match=reported):
        read(tmp_path, MESSAGES.replace(old, new))


def test_an_optional_path_may_lead_nowhere(tmp_path: Path):
    read = customers(tmp_path, {"id": ["1"], "body": [{"html": "x"}]})
    assert read.values("customer_id", "generation") == [("1", None)]


def test_a_damaged_file_is_loaded_or_refused_in_words(tmp_path: Path):
    table = pa.table(
        {
            "id": [f"k{n}" for n in range(200)],
            "at": [datetime(2024, 1, 2)] * 200,
            "body": [{"plain": "für"}] * 200,
            "größe": [Decimal("1.5")] * 200,
        }
    )
    whole = []
    for options in ({}, {"compression": "none", "use_dictionary": False}):
        pq.write_table(table, tmp_path / "customers.parquet", **options)
        whole.append((tmp_path / "customers.parquet").read_bytes())
    chance, outcomes = Random(11), Counter[str]()
    for _ in range(500):
        damaged = bytearray(chance.choice(whole))
        for _ in range(chance.choice((1, 2, 5, 20))):
            # half of them near the end, where the file says what it holds
            near_end = len(damaged) - min(len(damaged), 2_000)
            place = chance.randrange(chance.choice((0, near_end)), len(damaged))
            damaged[place] = chance.randrange(256)
        (tmp_path / "customers.parquet").write_bytes(damaged)
        try:
            read = read_files(tmp_path, CUSTOMERS)
        except SourceAnswerBroken as error:
            assert str(error).isprintable()
            outcomes["refused"] += 1
        else:
            assert read.received == len(read.rows) + len(read.rejects)
            outcomes["loaded"] += 1
    assert min(outcomes["refused"], outcomes["loaded"]) > 20


def test_a_page_that_differs_from_its_checksum_is_refused(tmp_path: Path):
    path = tmp_path / "customers.parquet"
    table = pa.table({"id": ["somebody"] * 3})
    pq.write_table(
        table, path, compression="none", write_statistics=False, write_page_checksum=True
    )
    path.write_bytes(path.read_bytes().replace(b"somebody", b"somebodu", 1))
    with pytest.raises(SourceAnswerBroken, match="can't be read as Parquet"):
        read_files(tmp_path, CUSTOMERS)


LIMITED = CUSTOMERS.replace("[[entities]]", "limits = { row_megabytes = 1 }\n[[entities]]")
LONG = "x" * (MEGABYTE + 1)


@pytest.mark.parametrize(
    "long",
    [
        pa.array([LONG]),
        pa.array([LONG], pa.string_view()),
        pa.array([LONG.encode()], pa.large_binary()),
        pa.array([LONG.encode()], pa.binary(len(LONG))),
        pa.array([LONG]).dictionary_encode(),
        pa.array([{"plain": LONG}]),
        pa.array([[("plain", LONG)]], pa.map_(pa.string(), pa.string())),
        pa.array([[LONG[:1000]] * 1050]),
    ],
    ids=lambda long: str(long.type)[:20],
)
@pytest.mark.parametrize("before", [0, 30])
def test_a_field_beyond_the_limit_is_refused_with_its_row(
    tmp_path: Path, before: int, long: pa.Array
):
    bodies = pa.chunked_array([pa.nulls(before, long.type), long])
    table = pa.table({"id": [f"k{n}" for n in range(before + 1)], "body": bodies})
    pq.write_table(table, tmp_path / "customers.parquet")
    with pytest.raises(
        SourceAnswerBroken,
        match=rf"has more than 1 MB in (a row|row {before + 1})\. If .* raise row_megabytes under",
    ):
        read_files(tmp_path, LIMITED.replace("body.plain", "body"))


def test_a_long_text_that_every_row_shares_never_fills_the_memory(tmp_path: Path):
    text = "x" * 300_000  # 1.5 GB in a file of some kB
    bodies = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000, pa.int32()), [text])
    table = pa.table({"id": [str(n) for n in range(5_000)], "body": bodies})
    pq.write_table(table, tmp_path / "customers.parquet", compression="zstd", store_schema=False)
    assert (tmp_path / "customers.parquet").stat().st_size < 100_000
    source = build("shop", tomllib.loads(LIMITED.replace("body.plain", "body")), tmp_path)
    (section,) = source.mapping.entities
    before, rows = pa.total_allocated_bytes(), 0
    for records in source.mapping.reader(section, tmp_path / "customers.parquet").records():
        rows += records.size
        assert pa.total_allocated_bytes() - before < 16 * MEGABYTE
    assert rows == 5_000


@pytest.mark.parametrize("rows", [10_000, 100_000])
def test_encodings_that_begin_within_a_file_lose_and_repeat_no_row(tmp_path: Path, rows: int):
    """DuckDB writes what repeats as a dictionary, and what doesn't by lengths."""
    shared = f"case when i < {rows // 2} then 'same' else 'own' || i end"
    duckdb.sql(
        f"copy (select 'k' || i % 3000 || {shared} id, {shared} as \"at\" from range({rows}) t(i))"
        f" to '{tmp_path / 'customers.parquet'}'"
        " (format parquet, parquet_version v2, row_group_size 4096)"
    )
    metadata = pq.read_metadata(tmp_path / "customers.parquet")
    encodings = [
        metadata.row_group(n).column(1).encodings for n in (0, -1 % metadata.num_row_groups)
    ]
    assert encodings == [("RLE_DICTIONARY",), ("DELTA_LENGTH_BYTE_ARRAY",)]
    read = read_files(tmp_path, CUSTOMERS.replace('"at"', '"at_"'))
    expected = pq.read_table(tmp_path / "customers.parquet")["id"].to_pylist()
    assert read.values("customer_id") == expected


@pytest.mark.parametrize("kind", ["ms", "us"])
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_a_time_that_no_calendar_has_is_told_and_never_another_one(
    tmp_path: Path, kind: str, zone: str | None
):
    at = pa.array([2**62, 2**62 + 1, -(2**61), 0], pa.timestamp(kind, zone))
    read = customers(tmp_path, {"id": ["1", "2", "3", "4"], "at": at})
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert read.values("created_at") == [None, None, None, epoch]
    reasons = [(each.reason, each.count, each.line) for each in read.emptied]
    assert reasons == [("is not a time in the expected format", 3, 1)]


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()])
def test_a_day_that_no_calendar_has_is_told_and_never_another_one(
    tmp_path: Path, kind: pa.DataType
):
    numbers = pa.array([2**31 - 1, 19_723], pa.int32())
    day = pc.cast(numbers, pa.date32())
    if kind == pa.date64():
        day = pc.cast(pa.array([2**61, 19_723 * 86_400_000], pa.int64()), kind)
    section = """
    kind = "files"
    [[entities]]
    entity = "campaigns"
    path = "customers.parquet"
    columns = { campaign_id = "id", ends_on = "at" }
    """
    read = customers(tmp_path, {"id": ["1", "2"], "at": day}, section)
    assert read.values("ends_on") == [None, date(2024, 1, 1)]
    assert [(each.field, each.count) for each in read.emptied] == [("ends_on", 1)]


def test_a_required_time_that_python_cannot_write_costs_its_own_row_only(tmp_path: Path):
    section = CUSTOMERS.replace("customers", "orders", 1).replace("customer_id", "order_id")
    section = section.replace("created_at", "ordered_at").split("generation")[0]
    section += "gross_amount = 1\n"
    at = pa.array([2**62, 0], pa.timestamp("us"))
    read = customers(tmp_path, {"id": ["1", "2"], "at": at}, section)
    assert read.values("order_id") == ["2"]
    assert [reject.value for reject in read.rejects] == ["a timestamp[us] that can't be written"]


def test_a_column_that_is_there_twice_is_named(tmp_path: Path):
    table = pa.table([pa.array(["1"]), pa.array(["2"])], names=["id", "id"])
    pq.write_table(table, tmp_path / "customers.parquet")
    with pytest.raises(SourceAnswerBroken, match=r"customers\.parquet has 'id' twice"):
        read_files(tmp_path, CUSTOMERS)


FIELDS = """
kind = "files"
[[entities]]
entity = "customers"
path = "customers.parquet"
[entities.columns]
customer_id = "id"
created_at = "dates[joined].at"
"""


def test_an_element_of_a_list_keeps_its_type_and_a_misspelt_one_is_named(tmp_path: Path):
    at = datetime(2024, 1, 2, tzinfo=UTC)
    dates = [[{"name": "left", "at": None}, {"name": "joined", "at": at}], [], None]
    columns = {"id": ["1", "2", "3"], "dates": dates}
    read = customers(tmp_path, columns, FIELDS)
    assert read.values("customer_id", "created_at") == [("1", at), ("2", None), ("3", None)]
    for attempt in (check_files, read_files):
        with pytest.raises(SourceAnswerBroken, match="no row of"):
            attempt(tmp_path, FIELDS.replace("joined", "joint"))


def test_lists_without_elements_are_no_fault(tmp_path: Path):
    columns = {"at": ["2024-01-01"], "msgs": pa.array([[]], pa.list_(MESSAGE))}
    pq.write_table(pa.table(columns), tmp_path / "threads.parquet")
    assert read_files(tmp_path, MESSAGES.replace("msgs.id", "msgs.ids[first]")).rows == []
