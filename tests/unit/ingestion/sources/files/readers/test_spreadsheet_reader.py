"""Risk: a cell's date, number or place changes on its way, or a spreadsheet ends the process."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.errors import SourceAnswerBroken
from tests.fixtures.read_files import check_files, read_files
from tests.fixtures.spreadsheets import DAY, MOMENT, number, row, text, write_ods, write_xlsx

ORDERS = """
kind = "files"
[[entities]]
entity = "orders"
path = "orders.xlsx"
[entities.columns]
order_id = "Nr"
ordered_at = { from = "Day", format = "%d.%m.%Y" }
gross_amount = "Total"
brand = { from = "Brand", optional = true }
"""
HEADINGS = row(1, text("A1", "Nr"), text("B1", "Day"), text("C1", "Total"))
FIRST_OF_MARCH_2025 = 45717


def order(line: int, nr: float, day: float = FIRST_OF_MARCH_2025, total: float = 1) -> str:
    return row(
        line,
        number(f"A{line}", nr),
        number(f"B{line}", day, DAY if day == int(day) else MOMENT),
        number(f"C{line}", total),
    )


def test_dates_are_dates_and_numbers_have_neither_notation_nor_an_exponent(tmp_path: Path):
    rows = order(2, 17850, total=0.1 + 0.2) + order(3, 1e15, FIRST_OF_MARCH_2025 + 0.75, 1e-7)
    write_xlsx(tmp_path / "orders.xlsx", Orders=HEADINGS + rows)
    section = ORDERS.replace("[[entities]]", 'decimal = ","\n[[entities]]', 1)
    read = read_files(tmp_path, section)
    assert read.rejects == []
    assert read.values("order_id", "ordered_at") == [
        ("17850", datetime(2025, 3, 1, tzinfo=UTC)),
        ("1000000000000000", datetime(2025, 3, 1, 18, tzinfo=UTC)),
    ]
    assert [float(each) for each in read.values("gross_amount")] == [0.3, 1e-7]


def test_a_sheet_is_taken_by_its_name_or_else_the_first(tmp_path: Path):
    sheets = {"Notes": row(1, text("A1", "x")), "Orders": HEADINGS + order(2, 7)}
    write_xlsx(tmp_path / "orders.xlsx", **sheets)
    named = ORDERS.replace("[entities.columns]", 'sheet = "Orders"\n[entities.columns]')
    assert read_files(tmp_path, named).values("order_id") == ["7"]
    with pytest.raises(
        SourceAnswerBroken, match="has no columns 'Nr', 'Day' and 'Total' among its 1"
    ):
        read_files(tmp_path, ORDERS)
    with pytest.raises(SourceAnswerBroken, match="no sheet 'Odrers'; its sheets are: Notes, Ord"):
        check_files(tmp_path, named.replace('"Orders"', '"Odrers"'))


def test_a_row_is_known_by_its_number_in_the_sheet(tmp_path: Path):
    title = row(1, text("A1", "Orders of the shop"))
    headings = row(4, text("A4", "Nr"), text("B4", "Day"), text("C4", "Total"))
    bad = row(8, number("A8", 2), text("B8", "soon"), number("C8", 1))
    wide = row(9, number("A9", 3), text("B9", "soon"), number("C9", 1), text("D9", "what?"))
    write_xlsx(tmp_path / "orders.xlsx", Orders=title + headings + order(6, 1) + bad + wide)
    section = ORDERS.replace("[entities.columns]", "skip_lines = 1\n[entities.columns]")
    read = read_files(tmp_path, section.replace('"%d.%m.%Y"', '["%d.%m.%Y", "iso"]'))
    assert read.values("order_id") == ["1"]
    assert sorted(read.reasons()) == [
        (8, "is not a time in the expected format"),
        (9, "has too many fields"),
    ]
    assert read.received == 3


def test_dates_among_texts_are_iso_texts(tmp_path: Path):
    mixed = row(3, number("A3", 2), text("B3", "02.03.2025"), number("C3", 1))
    write_xlsx(tmp_path / "orders.xlsx", Orders=HEADINGS + order(2, 1) + mixed)
    assert read_files(tmp_path, ORDERS).values("order_id") == ["2"]
    read = read_files(tmp_path, ORDERS.replace('"%d.%m.%Y"', '["%d.%m.%Y", "iso"]'))
    assert [each.day for each in read.values("ordered_at")] == [1, 2]


def test_a_sheet_of_open_document_is_read_alike(tmp_path: Path):
    def cell(kind: str, value: str, shown: str) -> str:
        name = {"float": "value", "date": "date-value"}.get(kind, "string-value")
        attributes = f'office:value-type="{kind}" office:{name}="{value}"'
        return f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"

    headings = "".join(cell("string", each, each) for each in ("Nr", "Day", "Total"))
    values = (
        cell("float", "17850", "17.850")
        + cell("date", "2025-03-01", "1.3.")
        + cell("float", "9.5", "9,50")
    )
    rest = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/>'
    write_ods(
        tmp_path / "orders.ods",
        f"<table:table-row>{headings}</table:table-row><table:table-row>{values}</table:table-row>"
        f"{rest}</table:table-row>",
    )
    read = read_files(tmp_path, ORDERS.replace(".xlsx", ".ods"))
    assert read.values("order_id", "ordered_at") == [("17850", datetime(2025, 3, 1, tzinfo=UTC))]
    assert float(read.values("gross_amount")[0]) == 9.5


@pytest.mark.parametrize(
    ("rows", "reported"),
    [
        # 17 billion cells, of which two hold something
        (HEADINGS + row(1048576, number("XFD1048576", 1)), "takes more than 512 MB, or ten min"),
        (row(4294967295, number("ZZZZZZ4294967295", 1)), "has a cell below row 16,777,216"),
        ('<row r="1"><c r="?"><v>1', "can't be read as a spreadsheet"),
        ("", "orders.xlsx is empty"),
    ],
    ids=["far apart", "beyond any sheet", "cut off", "empty"],
)
def test_a_spreadsheet_that_would_end_the_process_is_refused(
    tmp_path: Path, rows: str, reported: str
):
    write_xlsx(tmp_path / "orders.xlsx", Orders=rows)
    section = ORDERS.replace(
        "[[entities]]", "limits = { unpacked_megabytes = 512 }\n[[entities]]", 1
    )
    with pytest.raises(SourceAnswerBroken, match=reported):
        read_files(tmp_path, section)


def test_an_id_of_which_a_spreadsheet_loses_digits_is_no_other_id(tmp_path: Path):
    rows = order(2, 123456789012345678) + order(3, 123456789012345679) + order(4, 9007199254740992)
    write_xlsx(tmp_path / "orders.xlsx", Orders=HEADINGS + rows)
    read = read_files(tmp_path, ORDERS)
    assert read.values("order_id") == ["9007199254740992"]
    reason = "has a number in 'Nr' of which spreadsheets lose digits: make it a text"
    assert read.reasons() == [(2, reason), (3, reason)]
