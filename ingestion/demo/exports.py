"""Write the company's exports into a folder, as its tills and survey tools would.

Quirky but honest: local times, Latin-1 with semicolons, Parquet, gzip, doubled rows, and rows that
nobody can read. Each call adds only what became known since the last one; a killed call leaves the
folder as the last complete one described it.
"""

import csv
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.demo import tables
from ingestion.demo.company import Company, simulate
from ingestion.demo.manifest import Manifest, Written, read_manifest, write_manifest
from ingestion.demo.tables import Table


@dataclass(frozen=True)
class Breakage:
    """Which rows are followed by a broken copy: those whose number is `at` modulo `every`."""

    column: str
    value: object
    every: int
    at: int


@dataclass(frozen=True)
class Export:
    """One exported file: its table, its format, its flaws."""

    path: str
    table: Callable[[Company], Table]
    encode: Callable[[Table, bool], bytes]
    broken: tuple[Breakage, ...] = ()
    doubled: tuple[int, int] | None = None  # every, at


def _csv(table: Table, is_first: bool, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    if is_first:
        writer.writerow(table)
    writer.writerows(zip(*(column.tolist() for column in table.values()), strict=True))
    return buffer.getvalue().encode(encoding)


def _latin(table: Table, is_first: bool) -> bytes:
    return _csv(table, is_first, ";", "latin-1")


def _gzip(table: Table, is_first: bool) -> bytes:
    return gzip.compress(_csv(table, is_first), compresslevel=6, mtime=0)


def _parquet(table: Table, is_first: bool) -> bytes:
    buffer = io.BytesIO()
    columns: dict[str, object] = dict(table)
    columns["answered_at"] = pa.array(table["answered_at"].astype("datetime64[us]")).cast(
        pa.timestamp("us", "UTC")
    )
    pq.write_table(pa.table(columns), buffer, compression="snappy")
    return buffer.getvalue()


SURVEY_PARTS = "survey/nps-*.parquet"
EXPORTS = (
    Export("shop/identities.csv", tables.identities, _csv),
    Export(
        "shop/till_orders.csv",
        tables.till_orders,
        _latin,
        (
            Breakage("Zeit", "00.00.0000", 1_709, 11),
            Breakage("Summe", "k. A.", 2_203, 13),
            Breakage("Bon", "", 7_013, 17),
        ),
        (251, 5),
    ),
    Export("shop/refunds.csv", tables.refunds, _csv, (Breakage("amount", "back", 701, 7),)),
    Export("shop/exchange_rates.csv", tables.exchange_rates, _csv),
    Export("desk/ratings.csv", tables.ratings, _csv, (Breakage("stars", "seven", 3_001, 7),)),
    Export("desk/effort.csv", tables.efforts, _csv, (Breakage("ease", "easy", 1_501, 9),)),
    Export(
        "survey/nps.parquet",
        tables.responses,
        _parquet,
        (Breakage("score", 11, 1_501, 9),),
        (997, 4),
    ),
    Export("marketing/campaigns.csv", tables.campaigns, _csv),
    Export("marketing/costs.csv", tables.costs, _csv),
    Export("marketing/ad_days.csv", tables.ad_days, _csv),
    Export(
        "marketing/sends.csv.gz",
        tables.sends,
        _gzip,
        (Breakage("sent", "soon", 1_501, 3),),
        (503, 8),
    ),
)


def write_exports(company: Company, folder: Path) -> list[Path]:
    """Write or complete the exports of `company` in `folder`; return the files, existing ones too.

    If the folder holds the same company at an earlier time, rows are only added (a changed
    order or ticket is written again, further down).
    """
    new = Manifest.of(company)
    old = read_manifest(folder)
    if old is None or not old.leads_to(new, folder):
        old = None
    elif old.as_of == new.as_of:
        return [folder / path for path in old.files]
    _drop_unlisted_parts(folder, old)
    files = dict(old.files) if old else {}
    since = old.as_of_second if old else None
    for export in EXPORTS:
        path, written = _write(export, company, folder, since, files)
        if written is not None:
            files[path] = written
    write_manifest(folder, new.with_files(files))
    return [folder / path for path in files]


def ensure_exports(
    folder: Path, seed: int, persons: int, months: int, as_of: datetime
) -> list[Path]:
    """Bring the exports in `folder` up to `as_of`, continuing the company that is there.

    The first month stays that of the first call, so a later one only adds.
    """
    old = read_manifest(folder)
    first_month = None
    if old and (old.seed, old.persons, old.months) == (seed, persons, months):
        first_month = old.first_month if old.as_of <= as_of else None
    return write_exports(simulate(seed, persons, months, as_of, first_month), folder)


def _write(
    export: Export, company: Company, folder: Path, since: int | None, files: dict[str, Written]
) -> tuple[str, Written | None]:
    table, counts = _rows(export, company, since)
    is_part = export.encode is _parquet
    name = f"survey/nps-{_stamp(company)}.parquet" if is_part else export.path
    if since is not None and not len(next(iter(table.values()))):
        return name, files.get(name)
    old = None if is_part else files.get(name)
    kept = (folder / name).read_bytes()[: old.size] if old else b""
    content = kept + export.encode(table, old is None)
    _replace(folder / name, content)
    rows, broken, doubled = counts
    before = old or Written(0, 0, 0, 0)
    return name, Written(
        len(content), before.rows + rows, before.broken + broken, before.doubled + doubled
    )


def _stamp(company: Company) -> str:
    return datetime.fromtimestamp(company.clock.as_of, UTC).strftime("%Y%m%dT%H%M%S")


def _rows(
    export: Export, company: Company, since: int | None
) -> tuple[Table, tuple[int, int, int]]:
    """Return the new rows by time with their flaws, and how many rows, broken, doubled ones."""
    table = export.table(company)
    changed = table.pop("_changed")
    number = np.arange(len(changed))
    new = number if since is None else number[changed > since]
    new = new[np.argsort(changed[new], kind="stable")]
    every, at = export.doubled or (len(changed) + 2, len(changed) + 1)
    doubled = np.flatnonzero(new % every == at)
    broken = [np.flatnonzero(new % flaw.every == flaw.at) for flaw in export.broken]
    rows = np.concatenate([np.arange(len(new)), doubled, *broken]).astype(int)
    flaw = np.repeat(np.arange(len(broken) + 1), [len(new) + len(doubled), *map(len, broken)])
    order = np.argsort(rows, kind="stable")
    flawed = {name: column[new[rows[order]]] for name, column in table.items()}
    for index, breakage in enumerate(export.broken, start=1):
        flawed[breakage.column] = flawed[breakage.column].copy()
        flawed[breakage.column][flaw[order] == index] = breakage.value
    return flawed, (len(rows), int(sum(map(len, broken))), len(doubled))


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _drop_unlisted_parts(folder: Path, old: Manifest | None) -> None:
    listed = {folder / path for path in old.files} if old else set()
    for path in folder.glob(SURVEY_PARTS):
        if path not in listed:
            path.unlink()
