"""The published scorecard written to a file: json, csv, html, png or pdf; or its restatements.

The same values as the page's; nothing is computed here. docs/export.md is the contract of
json, csv and restatements.
"""

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from dashboards.scorecard import contract, definition, image
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.drilldown import metric_page
from dashboards.scorecard.page import Filters, metrics_page, scorecard_page
from dashboards.scorecard.queries import Reader, open_reader
from dashboards.scorecard.records import Restatement
from dashboards.scorecard.rendering import render_file

ROWS_IN_FILE = 100
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(url: str, format: str, output: Path, layout: ScorecardDefinition | None = None) -> None:
    """Write the published scorecard to `output`.

    Raises ValueError for an unknown format, IsADirectoryError for a folder. A file appears
    complete or not at all; a link stays one, and a device or a pipe is written to.
    """
    target = output.resolve()
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder: name a file in it")
    written = content(url, format, layout)
    if target.exists() and not target.is_file():
        target.write_bytes(written)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_bytes(written)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def content(url: str, format: str, layout: ScorecardDefinition | None = None) -> bytes:
    """Return the published scorecard as a file's content; ValueError for an unknown format."""
    write = WRITERS.get(format)
    if write is None:
        raise ValueError(f"format {format!r} is none of {', '.join(WRITERS)}")
    with open_reader(url) as reader:
        return write(reader, layout or definition.load())


def _json(reader: Reader, layout: ScorecardDefinition) -> bytes:
    return contract.to_json(map(contract.as_object, reader.everything())).encode("utf-8")


def _csv(reader: Reader, layout: ScorecardDefinition) -> bytes:
    return _table(contract.KEYS, map(contract.as_object, reader.everything()))


def _restatements(reader: Reader, layout: ScorecardDefinition) -> bytes:
    entries = (asdict(entry) for entry in reader.all_restatements())
    rows = ({key: contract.plain(value) for key, value in entry.items()} for entry in entries)
    return _table([item.name for item in fields(Restatement)], rows)


def _table(keys: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, keys, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return text.getvalue().encode("utf-8")


def _cell(value: object) -> object:
    """Write truth as JSON does, and an apostrophe before what reads like a formula."""
    if isinstance(value, str):
        # Python doesn't quote a carriage return, which readers take for the end of the line.
        marked = f"'{value}" if value.startswith(_FORMULA) else value
        return marked.replace("\r", " ")
    return str(value).lower() if isinstance(value, bool) else value


def _html(reader: Reader, layout: ScorecardDefinition) -> bytes:
    filters = Filters()
    pages = (
        metric_page(reader, metric_id, filters, layout, (0, ROWS_IN_FILE))
        for metric_id in reader.definitions()
    )
    text = render_file(
        "file.html.j2",
        scorecard_page(reader, filters, layout),
        metrics=metrics_page(reader, filters, layout),
        metric_pages=[page for page in pages if page is not None],
    )
    return text.encode("utf-8")


def _png(reader: Reader, layout: ScorecardDefinition) -> bytes:
    return image.png(scorecard_page(reader, Filters(), layout))


def _pdf(reader: Reader, layout: ScorecardDefinition) -> bytes:
    return image.pdf(scorecard_page(reader, Filters(), layout))


WRITERS: dict[str, Callable[[Reader, ScorecardDefinition], bytes]] = {
    "json": _json,
    "csv": _csv,
    "html": _html,
    "png": _png,
    "pdf": _pdf,
    "restatements": _restatements,
}
