"""Exports must come out the same after a kill, only grow with time, and count their flaws."""

import csv
import gzip
import tomllib
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingestion.demo import exports
from ingestion.demo.exports import ensure_exports, write_exports
from ingestion.demo.manifest import read_manifest
from ingestion.sources import files

CONFIGURATION = Path(__file__).parents[4] / "concord.toml"
TILLS = "shop/till_orders.csv"


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def latest_rows(folder: Path, name: str, key: str) -> dict[str, dict[str, str]]:
    encoding, delimiter = ("latin-1", ";") if name == TILLS else ("utf-8", ",")
    with (folder / name).open(encoding=encoding, newline="") as file:
        return {row[key]: row for row in csv.DictReader(file, delimiter=delimiter)}


def test_the_same_company_gives_the_same_bytes(small, tmp_path):
    write_exports(small, tmp_path / "one")
    write_exports(small, tmp_path / "two")
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_a_second_call_writes_nothing(small, tmp_path):
    paths = write_exports(small, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in paths}
    assert write_exports(small, tmp_path) == paths
    assert {path: path.stat().st_mtime_ns for path in paths} == before


def test_a_later_day_only_adds_to_files(small, as_of, tmp_path):
    write_exports(small, tmp_path)
    before = content(tmp_path)
    ensure_exports(tmp_path, 7, 800, 3, as_of + timedelta(days=20))
    after = content(tmp_path)
    for name, old in before.items():
        assert name == "manifest.json" or after[name].startswith(old), name
    assert len(after[TILLS]) > len(before[TILLS])


def test_completed_exports_hold_what_fresh_ones_hold(small, as_of, tmp_path):
    write_exports(small, tmp_path / "grown")
    first_month = read_manifest(tmp_path / "grown").first_month
    for days in (1, 3, 20):
        ensure_exports(tmp_path / "grown", 7, 800, 3, as_of + timedelta(days=days))
    later = exports.simulate(7, 800, 3, as_of + timedelta(days=20), first_month)
    write_exports(later, tmp_path / "fresh")
    for name, key in ((TILLS, "Bon"), ("desk/ratings.csv", "rating_no")):
        grown, fresh = (latest_rows(tmp_path / f, name, key) for f in ("grown", "fresh"))
        rejected = {"", *(k for k, row in grown.items() if "seven" in row.values())}
        assert {k: v for k, v in grown.items() if k not in rejected} == {
            k: v for k, v in fresh.items() if k not in rejected
        }


def test_an_order_deleted_on_a_later_day_is_written_again(as_of, tmp_path):
    ensure_exports(tmp_path, 7, 5_000, 3, as_of)
    before = latest_rows(tmp_path, TILLS, "Bon")
    ensure_exports(tmp_path, 7, 5_000, 3, as_of + timedelta(days=40))
    after = latest_rows(tmp_path, TILLS, "Bon")
    known = [number for number in before if before[number]["Gelöscht"] == "nein"]
    assert [number for number in known if after[number]["Gelöscht"] == "ja"]


@pytest.mark.parametrize("survivors", [0, 3, 5])
def test_a_killed_call_is_made_good_by_the_next(small, as_of, tmp_path, monkeypatch, survivors):
    write_exports(small, tmp_path / "killed")
    write_exports(small, tmp_path / "whole")
    later = as_of + timedelta(days=9)
    replace, left = exports._replace, [survivors]

    def dies(path: Path, text: bytes) -> None:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        replace(path, text)

    monkeypatch.setattr(exports, "_replace", dies)
    with pytest.raises(KeyboardInterrupt):
        ensure_exports(tmp_path / "killed", 7, 800, 3, later)
    monkeypatch.undo()
    ensure_exports(tmp_path / "killed", 7, 800, 3, later)
    ensure_exports(tmp_path / "whole", 7, 800, 3, later)
    assert content(tmp_path / "killed") == content(tmp_path / "whole")


def test_damaged_files_are_written_anew(small, tmp_path):
    write_exports(small, tmp_path)
    good = content(tmp_path)
    (tmp_path / TILLS).write_bytes(b"short")
    write_exports(small, tmp_path)
    assert content(tmp_path) == good


def test_formats_are_what_the_tools_write(small, tmp_path):
    write_exports(small, tmp_path)
    text = (tmp_path / TILLS).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        text.decode("utf-8")
    assert text.decode("latin-1").startswith("Bon;Zeit;Kundennr;Summe;Rohertrag;Währung;")
    sends = gzip.decompress((tmp_path / "marketing/sends.csv.gz").read_bytes()).decode()
    assert sends.startswith("send,campaign,customer_no,sent,medium,result,left_list\n")
    survey = next((tmp_path / "survey").glob("nps-*.parquet"))
    assert pq.read_table(survey).column_names[:2] == ["response_id", "customer_no"]


def test_the_files_source_receives_and_rejects_exactly_what_was_planted(company, tmp_path):
    write_exports(company, tmp_path)
    text = CONFIGURATION.read_text(encoding="utf-8").replace("${CONCORD_WORKSPACE}/demo/", "")
    section = tomllib.loads(text)["sources"]["exports"]
    received: dict[str, int] = {}
    rejected: dict[str, int] = {}
    for extract in files.build("exports", section, tmp_path).extract({}):
        received[extract.file] = received.get(extract.file, 0) + extract.received
        rejected[extract.file] = rejected.get(extract.file, 0) + len(extract.rejects)
    manifest = read_manifest(tmp_path)
    mapped = {n: w for n, w in manifest.files.items() if not n.startswith("social/")}
    assert received == {name: written.rows for name, written in mapped.items()}
    assert rejected == {name: written.broken for name, written in mapped.items()}
    assert 50 <= manifest.broken <= 120
