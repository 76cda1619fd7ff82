"""Reads one sheet of a spreadsheet in a process of its own, and writes it row by row as JSON.

Run as a program, it stands by itself: `sheet_worker.py FILE BYTES [SHEET]`. First comes an object
with the names of all sheets. A row that isn't empty is [number, cells], a cell [kind, text], or
null if it is empty; a problem is an object, and so is the end.
"""

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError

SECONDS = 600
MOST_ROWS = 16 * 1024 * 1024


def main(path: str, limit: int, sheet: str | None = None) -> None:
    """Write the sheet of this name, or the first one."""
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        for answer in _answers(path, sheet):
            sys.stdout.write(json.dumps(answer) + "\n")
    except PasswordError:
        sys.stdout.write(json.dumps({"problem": "is protected by a password"}) + "\n")
    except MemoryError:
        raise
    except BaseException:  # the library's words may quote the file, and its panics are no Exception
        sys.stdout.write(json.dumps({"problem": "can't be read as a spreadsheet"}) + "\n")


def _answers(path: str, sheet: str | None) -> Iterator[Any]:
    with Path(path).open("rb") as file:
        workbook = CalamineWorkbook.from_filelike(file)
        names = workbook.sheet_names
        yield {"sheets": names}
        if not names or (sheet is not None and sheet not in names):
            wanted = "no sheet" if sheet is None else f"no sheet {sheet!r}"
            yield {"problem": f"has {wanted}; its sheets are: {', '.join(names) or 'none'}"}
            return
        found = workbook.get_sheet_by_name(names[0] if sheet is None else sheet)
        if found.total_height > MOST_ROWS:
            yield {"problem": f"has a cell below row {MOST_ROWS:,}, where no sheet has any"}
            return
        for number, row in enumerate(found.iter_rows(), 1):
            cells = [_cell(value) for value in row]
            if any(cells):
                yield [number, cells]
    yield {}


def _cell(value: Any) -> list[str] | None:
    if value == "":
        return None
    if isinstance(value, bool):
        return ["text", str(value).lower()]
    if isinstance(value, int | float):
        # as spreadsheets show it: 0.1 + 0.2 is 0.3
        is_whole = float(value).is_integer()
        return ["number", str(int(value)) if is_whole else f"{value:.15g}"]
    if isinstance(value, dt.date):  # or a datetime, which is one
        return ["moment", value.isoformat()]
    return ["text", _duration(value) if isinstance(value, dt.timedelta) else str(value)]


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:4])
