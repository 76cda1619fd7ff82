"""Risk: an archive's file is missed, written somewhere else, or fills the disk."""

import gzip
import zipfile
from pathlib import Path

import pytest

from ingestion.errors import MappingFault, SourceAnswerBroken
from tests.fixtures.read_files import check_files, read_files

ORDERS = """
kind = "files"
[[entities]]
entity = "orders"
path = "backup.zip"
columns = { order_id = "id", ordered_at = "at", gross_amount = "amount" }
"""
HEADER = "id,at,amount\n"


def pack(folder: Path, **files: bytes | str) -> Path:
    path = folder / "backup.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def members(pattern: str) -> str:
    return ORDERS.replace("columns =", f'members = "{pattern}"\ncolumns =')


def test_the_only_file_needs_no_name_and_what_macos_adds_is_no_file(tmp_path: Path):
    hidden = {"__MACOSX/._orders.csv": "x", ".DS_Store": "y", "folder/": ""}
    pack(tmp_path, **{"folder/orders.csv": HEADER + "1,2024-01-01,5\n"}, **hidden)
    assert read_files(tmp_path, ORDERS).values("order_id") == ["1"]
    assert check_files(tmp_path, ORDERS) == "1 file can be read for orders"


def test_of_several_files_those_that_match_are_read_each_in_its_format(tmp_path: Path):
    pack(
        tmp_path,
        **{
            "o/1.csv": HEADER + "1,2024-01-01,5\n",
            "o/2.csv": gzip.compress((HEADER + "2,2024-01-01,x\n").encode()),
            "o/3.json": '[{"id": 3, "at": "2024-01-01", "amount": 7}]',
            "customers.csv": "nr\n",
        },
    )
    with pytest.raises(SourceAnswerBroken, match=r"holds 4 files\. Set `members`"):
        read_files(tmp_path, ORDERS)
    read = read_files(tmp_path, members("o/*"))
    assert read.values("order_id") == ["1", "3"]
    assert read.rejected() == [(2, "gross_amount", "is not a number")]
    assert list(read.state["files"]["0"]) == [
        f"backup.zip/o/{n}" for n in ("1.csv", "2.csv", "3.json")
    ]
    assert read_files(tmp_path, members("o/*"), read.state).received == 0
    with pytest.raises(SourceAnswerBroken, match=r"no file that matches p/\*"):
        read_files(tmp_path, members("p/*"))


def test_a_member_is_written_nowhere_but_into_a_folder_of_ours(tmp_path: Path):
    folder = tmp_path / "exports"
    folder.mkdir()
    pack(folder, **{"../../orders.csv": HEADER + "1,2024-01-01,5\n"})
    assert read_files(folder, ORDERS).values("order_id") == ["1"]
    assert [each.name for each in tmp_path.rglob("*.csv")] == []


def test_no_more_is_unpacked_than_allowed_whatever_the_archive_says(tmp_path: Path):
    path = pack(tmp_path, **{"orders.csv": HEADER + "\n" * 3_000_000})
    small = ORDERS.replace("[[entities]]", "limits = { unpacked_megabytes = 1 }\n[[entities]]")
    with pytest.raises(SourceAnswerBroken, match=r"larger than 1 MB .*unpacked_meg"):
        read_files(tmp_path, small)
    raw = path.read_bytes().replace((3_000_013).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    path.write_bytes(raw)
    with pytest.raises(SourceAnswerBroken, match="can't be unpacked"):
        read_files(tmp_path, small)


def test_an_archive_that_is_damaged_is_refused(tmp_path: Path):
    path = pack(tmp_path, **{"orders.csv": HEADER + "1,2024-01-01,5\n"})
    whole = path.read_bytes()
    for damaged in (whole[:40], whole.replace(b"PK\x01\x02", b"PK\x01\x09"), b"", whole[10:]):
        path.write_bytes(damaged)
        with pytest.raises(SourceAnswerBroken, match=r"backup\.zip can't be unpacked"):
            read_files(tmp_path, ORDERS)


def test_a_fault_of_a_member_names_its_archive(tmp_path: Path):
    pack(tmp_path, **{"orders.csv": "id,at,sum\n1,2024-01-01,5\n"})
    words = r"backup\.zip: orders\.csv has no column 'amount' among its 3"
    with pytest.raises(MappingFault, match=words):
        read_files(tmp_path, ORDERS)
    with pytest.raises(MappingFault, match=words):
        check_files(tmp_path, ORDERS)
    pack(tmp_path, **{"orders.csv": (HEADER + "1,2024-01-01,\xe9\n").encode("latin-1")})
    with pytest.raises(SourceAnswerBroken, match=r"backup\.zip: orders\.csv is not utf-8"):
        read_files(tmp_path, ORDERS)
