"""Risk: a file that nobody foresaw ends the process, or loses rows on the way."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.errors import SourceError
from ingestion.sources import build

WHERE = [{"column": "kind", "is_not": "other"}]
COLUMNS = {"order_id": "id", "ordered_at": "at", "gross_amount": "amount"}
ANYTHING = settings(
    deadline=None,
    max_examples=100,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# What decides where rows and fields end, more often than chance would have it.
CSV_PARTS = st.sampled_from(
    [
        "id,at,amount,kind\n",
        "1,2024-01-01,5,a\n",
        "2,x,y,other\r\n",
        '"',
        ",",
        "\n",
        "\r",
        '""',
        "é",
    ]
)
JSON_PARTS = st.sampled_from(
    [
        '{"id": 1, "at": "2024-01-01", "amount": 5, "kind": "a"}',
        '{"id": 2, "kind": "other"}',
        *'[]{},:"\\\n ',
        '{"id":',
        '"lines"',
        "1e400",
        "NaN",
        "\\ud83d",
        "[[[[",
    ]
)


def section(name: str, **more: object) -> dict[str, object]:
    entity = {"entity": "orders", "path": name, "where": WHERE, "columns": COLUMNS, **more}
    return {"kind": "files", "limits": {"row_depth": 5, "row_keys": 8}, "entities": [entity]}


def account(folder: Path, name: str, content: bytes, **more: object) -> None:
    """Read a file, and require that each record is loaded, quarantined or filtered."""
    (folder / name).write_bytes(content)
    source = build("shop", section(name, **more), folder)
    (entity,) = source.mapping.entities
    try:
        extracts = list(source.extract({}))
        records = list(source.mapping.reader(entity, folder / name).records())
    except SourceError as error:
        assert str(error).isprintable()
        return
    received = sum(each.received for each in extracts)
    loaded = sum(each.batch.num_rows for each in extracts)
    quarantined = sum(len(each.rejects) for each in extracts)
    assert received == loaded + quarantined + sum(each.filtered for each in extracts)
    assert received == sum(each.size + len(each.rejects) for each in records)


def texts(parts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    written = st.lists(parts, max_size=30).map(lambda found: "".join(found).encode())
    return st.one_of(written, st.binary(max_size=200))


@ANYTHING
@given(content=texts(CSV_PARTS))
def test_any_csv_file(tmp_path: Path, content: bytes):
    account(tmp_path, "orders.csv", content)
    account(tmp_path, "orders.csv", b"id,at,amount,kind\n" + content)
    account(tmp_path, "orders.csv", content, header=["id", "at", "amount", "kind"], skip_lines=1)


@ANYTHING
@given(content=st.lists(CSV_PARTS, max_size=30).map("".join))
def test_no_line_of_a_csv_file_is_lost(tmp_path: Path, content: str):
    (tmp_path / "orders.csv").write_text("id,at,amount,kind\n" + content, newline="")
    try:
        source = build("shop", section("orders.csv"), tmp_path)
        (entity,) = source.mapping.entities
        records = list(source.mapping.reader(entity, tmp_path / "orders.csv").records())
    except SourceError:
        return
    kept = [each.original(row) for each in records for row in range(each.size)]
    rejected = [reject.original for each in records for reject in each.rejects]
    found = sorted(line for text in (*kept, *rejected) for line in text.splitlines() if line)
    assert found == sorted(line for line in content.splitlines() if line)


@ANYTHING
@given(content=texts(JSON_PARTS))
def test_any_json_file(tmp_path: Path, content: bytes):
    account(tmp_path, "orders.json", content)
    account(tmp_path, "orders.json", content, rows="lines")
    account(tmp_path, "orders.json", b"[" + content + b"]")
    account(tmp_path, "orders.json", b'{"lines":[' + content + b"]}", records="lines")


@ANYTHING
@given(content=st.binary(max_size=300), at=st.integers(0, 150), name=st.sampled_from("xyz"))
def test_any_archive_or_spreadsheet_or_parquet_file(
    tmp_path: Path, content: bytes, at: int, name: str
):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{name}.csv", b"id,at,amount,kind\n" + content)
    whole = packed.getvalue()
    for damaged in (whole, whole[:at] + content + whole[at:], content):
        account(tmp_path, "orders.zip", damaged)
    account(tmp_path, "orders.parquet", b"PAR1" + content + b"PAR1")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\0" * 5_000])
def test_any_spreadsheet(tmp_path: Path, content: bytes):
    account(tmp_path, "orders.xlsx", content)


def test_rows_of_one_file_are_those_of_another_format(tmp_path: Path):
    rows = [{"id": str(n), "at": "2024-01-01", "amount": n, "kind": "a"} for n in range(3)]
    lines = "\n".join(json.dumps(each) for each in rows)
    read = []
    for text in (lines, json.dumps(rows), json.dumps(rows, indent=2)):
        (tmp_path / "orders.json").write_text(text)
        entity = {"entity": "orders", "path": "orders.json", "columns": COLUMNS}
        source = build("shop", {"kind": "files", "entities": [entity]}, tmp_path)
        read.append([row for each in source.extract({}) for row in each.batch.to_pylist()])
    assert read[0] == read[1] == read[2]
    assert len(read[0]) == 3
