"""Risk: a guess is written that doesn't load, loads nonsense, or doesn't say what it guessed."""

import csv
import gzip
import io
import json
import os
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contract import ENTITIES
from ingestion.sources import build
from ingestion.sources.files.drafting import synonyms, vocabularies
from ingestion.sources.files.drafting.document import written
from ingestion.sources.files.drafting.samples import named
from tests.fixtures.spreadsheets import DAY, number, row, text, write_xlsx

ORDERS = "number,customer,placed,total\n1001,C1,2026-08-03 10:15,49.90\n"


def sections(folder: Path) -> list[dict[str, Any]]:
    """Return the entities of all sources in the guessed configuration."""
    sources = tomllib.loads(written(folder, folder).text).get("sources", {})
    return [entity for source in sources.values() for entity in source["entities"]]


def columns(folder: Path) -> dict[str, Any]:
    """Return the columns of the only section."""
    (section,) = sections(folder)
    return section["columns"]


def comment(folder: Path, key: str) -> str:
    """Return what the guessed configuration says beside a key."""
    lines = [line for line in written(folder, folder).text.splitlines() if line.startswith(key)]
    return lines[0].partition(" # guessed: ")[2]


def amounts(folder: Path) -> list[str]:
    """Return the amounts of the orders that the guessed configuration loads."""
    sources = tomllib.loads(written(folder, folder).text)["sources"]
    return [
        f"{row['gross_amount'].normalize():f}"
        for name, section in sources.items()
        for extract in build(name, section, folder).extract({})
        for row in extract.batch.to_pylist()
        if extract.table.name == "orders"
    ]


def test_synonyms_name_columns_and_values_of_the_contract():
    assert set(synonyms.FILES) == set(synonyms.COLUMNS) <= set(ENTITIES)
    for entity, known in synonyms.COLUMNS.items():
        assert set(known) <= set(ENTITIES[entity].column_names), entity
        for names in known.values():
            assert [named(name) for name in names] == list(names)
    for (entity, column), known in vocabularies.VALUES.items():
        allowed = ENTITIES[entity].column(column).values
        assert set(known.values()) <= set(allowed) or not allowed, (entity, column)


def test_a_value_that_cannot_be_read_leaves_its_column_out(tmp_path: Path):
    (tmp_path / "customers.csv").write_text(
        "id,email,born\nC1,a@x.example,1971\nC2,b@x.example,?\n"
    )
    assert columns(tmp_path) == {"customer_id": "id", "email": "email"}
    assert "#   born\n" in written(tmp_path, tmp_path).text


def test_an_address_that_stands_for_the_customer_is_one_however_it_is_typed(tmp_path: Path):
    """Shops write addresses as they were typed; those of all files are made alike."""
    (tmp_path / "customers.csv").write_text("id,email\nC1,ANN@x.example\nC2,bo@x.example\n")
    (tmp_path / "orders.csv").write_text(
        "number,email,placed,total\n1,Ann@x.example ,2026-08-03,5\n2,ann@x.example,2026-08-04,5\n"
    )
    text = written(tmp_path, tmp_path).text
    assert text.count('customer_id = { from = "email", strip = true, lower = true }') == 2


def test_a_value_that_the_contract_does_not_allow_leaves_its_column_out(tmp_path: Path):
    (tmp_path / "customers.csv").write_text("id,email,born\nC1,a@x.example,1893\n")
    assert "birth_year" not in columns(tmp_path)


def test_a_word_that_nobody_knows_leaves_its_column_out(tmp_path: Path):
    export = "number,customer,placed,total,state\n1,C1,2026-08-03,5,paid\n2,C1,2026-08-03,5,blue\n"
    (tmp_path / "orders.csv").write_text(export)
    assert "status" not in columns(tmp_path)


def test_a_file_without_a_readable_column_that_rows_need_is_not_loaded(tmp_path: Path):
    (tmp_path / "orders.csv").write_text("number,customer,placed,total\n1,C1,in May,5\n")
    found = written(tmp_path, tmp_path)
    assert (found.loaded, list(found.others)) == ((), ["orders.csv"])


@pytest.mark.parametrize(
    ("times", "amounts", "told"),
    [
        (
            ("2024-03-01", "in May"),
            ("5", "6"),
            "ordered_at of its orders can't be read from placed: 'in May'",
        ),
        (
            ("2024-03-01", "2024-03-02"),
            ("5", "12-"),
            "gross_amount of its orders can't be read from total: '12-'",
        ),
        (
            ("2024-03-01", "2024-03-02"),
            ("5 €", "$6"),
            "gross_amount of its orders can't be read from total: '$6'",
        ),
    ],
)
def test_a_value_that_keeps_a_file_from_being_loaded_is_named(
    tmp_path: Path, times: tuple[str, str], amounts: tuple[str, str], told: str
):
    rows = (f"{number},C1,{times[number]},{amounts[number]}\n" for number in range(len(times)))
    (tmp_path / "orders.csv").write_text("number,customer,placed,total\n" + "".join(rows))
    assert written(tmp_path, tmp_path).others["orders.csv"] == (
        f"the {told} is none, or is written otherwise than others"
    )


def test_a_row_of_totals_below_an_export_goes_to_quarantine_alone(tmp_path: Path):
    rows = "".join(f"{n},C1,2024-03-01,5\n" for n in range(30))
    (tmp_path / "orders.csv").write_text(f"number,customer,placed,total\n{rows}Total,,,150\n")
    assert columns(tmp_path)["gross_amount"] == "total"
    assert amounts(tmp_path) == ["5"] * 30


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        ("31.12.2024 18:05", "%d.%m.%Y %H:%M", "the format"),
        ("12/31/2024", "%m/%d/%Y", "the format"),
        ("1711963800", "unix", "the format"),
        ("1711963800000", "unix_ms", "the format"),
        ("Mar 1, 2024 9:30 PM", "%b %d, %Y %I:%M %p", "the format"),
        ("Tue Oct 31 22:10:47 +0000 2017", "%a %b %d %H:%M:%S %z %Y", "the format"),
        (
            "03/04/2024",
            "%d/%m/%Y",
            "the order of day and month; %m/%d/%Y reads them all, too",
        ),
    ],
)
def test_a_time_is_read_in_its_format(tmp_path: Path, value: str, form: str, words: str):
    (tmp_path / "orders.csv").write_text(f'number,placed,total\n1,"{value}",5\n')
    assert columns(tmp_path)["ordered_at"] == {"from": "placed", "format": form}
    assert comment(tmp_path, "ordered_at") == words


@pytest.mark.parametrize(
    ("value", "keys", "words", "amount"),
    [
        ("1.249,50", {"decimal": ",", "thousands": "."}, "the signs", "1249.5"),
        ("1,249.50", {"thousands": ","}, "the signs", "1249.5"),
        ("12,5", {"decimal": ",", "thousands": "."}, "the signs", "12.5"),
        ("1,249", {"thousands": ","}, 'the signs; decimal = "," reads them all, too', "1249"),
        ("1.249", {}, 'the signs; decimal = "," reads them all, too', "1.249"),
        ("(33.52)", {}, "", "-33.52"),
        (
            "1.249,50\u00a0€",
            {"strip": "€\u00a0", "decimal": ",", "thousands": "."},
            "the signs",
            "1249.5",
        ),
        ("$1,249.50", {"strip": "$", "thousands": ","}, "the signs", "1249.5"),
    ],
)
def test_a_number_is_read_by_its_signs(
    tmp_path: Path, value: str, keys: dict[str, str], words: str, amount: str
):
    (tmp_path / "orders.csv").write_text(f'number,placed,total\n1,2024-03-01,"{value}"\n')
    expected = {"from": "total", **keys} if keys else "total"
    assert columns(tmp_path)["gross_amount"] == expected
    assert comment(tmp_path, "gross_amount") == words
    assert amounts(tmp_path) == [amount]


def test_the_delimiter_and_the_encoding_are_found(tmp_path: Path):
    text = "number;customer;placed;total\r\n1;Jürgen;2024-03-01;5,25\r\n"
    (tmp_path / "orders.csv").write_bytes(text.encode("cp1252"))
    (section,) = sections(tmp_path)
    assert (section["delimiter"], section["encoding"]) == (";", "cp1252")
    assert amounts(tmp_path) == ["5.25"]


def test_a_byte_far_down_decides_on_the_encoding(tmp_path: Path):
    lines = "1,C1,2024-03-01,5\n" * 300_000
    (tmp_path / "orders.csv").write_bytes(
        b"number,customer,placed,total\n" + lines.encode() + b"2,J\xfcrgen,2024-03-01,5\n"
    )
    assert sections(tmp_path)[0]["encoding"] == "cp1252"


@pytest.mark.parametrize(
    ("value", "asks"),
    [
        ("2024-03-01 09:15", True),
        ("2024-03-01", True),
        ("01.03.2024 09:15", True),
        ("2024-03-01T09:15:00Z", False),
        ("2024-03-01 09:15:00 +0100", False),
        ("2024-03-01T09:15:00.123-05:00", False),
        ("Tue Oct 31 22:10:47 +0000 2017", False),
        ("1711963800", False),
    ],
)
def test_a_zone_is_asked_for_where_times_need_one(tmp_path: Path, value: str, asks: bool):
    (tmp_path / "orders.csv").write_text(f"number,placed,total\n1,{value},5\n")
    said = [each for each in written(tmp_path, tmp_path).text.splitlines() if "clock" in each]
    assert [each.endswith("such as placed") for each in said] == [True] * asks


def test_words_that_mean_no_value_are_named(tmp_path: Path):
    export = "number,placed,total,margin\n1,2024-03-01,5,n/a\n2,2024-03-01,5,2\n"
    (tmp_path / "orders.csv").write_text(export)
    assert columns(tmp_path)["margin_amount"] == {"from": "margin", "null_values": ["n/a"]}


def test_an_answer_that_comes_later_is_not_left_out(tmp_path: Path):
    """Of Good alone in the first rows, every answer would have been good."""
    (tmp_path / "tickets.csv").write_text(
        "id,status,created_at,updated_at,satisfaction_score\n1,Open,2024-03-01,2024-03-01,Good\n"
    )
    (rating,) = (each for each in sections(tmp_path) if each["entity"] == "satisfaction_ratings")
    assert rating["where"] == [{"column": "satisfaction_score", "is": ["Good", "Bad", "Offered"]}]


def test_a_column_is_told_by_its_values_where_its_name_says_nothing(tmp_path: Path):
    (tmp_path / "orders.csv").write_text("number,placed,total,where\n1,2024-03-01,5,web\n")
    assert columns(tmp_path)["channel"] == "where"


def test_lines_of_an_order_are_added_up_and_repeated_totals_are_not(tmp_path: Path):
    heading = "order_id,line,placed,total\n"
    (tmp_path / "orders.csv").write_text(
        heading + "1,a,2024-03-01,5\n1,b,2024-03-01,7\n2,a,2024-03-02,1\n"
    )
    assert sections(tmp_path)[0]["group"] is True
    assert sorted(amounts(tmp_path)) == ["1", "12"]
    (tmp_path / "orders.csv").write_text(
        heading + "1,a,2024-03-01,12\n1,b,2024-03-01,12\n2,a,2024-03-02,1\n"
    )
    assert "group" not in sections(tmp_path)[0]


def test_an_order_that_was_corrected_is_not_added_up(tmp_path: Path):
    lines = "".join(f"{n},2024-03-01,5\n" for n in range(20))
    (tmp_path / "orders.csv").write_text(f"order_id,placed,total\n{lines}7,2024-03-01,6\n")
    assert "group" not in sections(tmp_path)[0]


def test_sends_without_ids_are_taken_together_before_any_was_opened(tmp_path: Path):
    """A click that comes later is left out, and must not take its send with it."""
    (tmp_path / "member_activity.csv").write_text(
        "campaign_id,email_address,action,timestamp\nc1,a@x.example,sent,2024-03-01T09:30:00Z\n"
    )
    (section,) = sections(tmp_path)
    assert (section["group"], section["where"][0]["is"]) == (True, ["sent", "bounce"])


def test_a_date_of_zeros_is_no_value(tmp_path: Path):
    export = "id,email,created\nC1,a@x.example,01.02.2024\nC2,b@x.example,00.00.0000\n"
    (tmp_path / "customers.csv").write_text(export)
    assert columns(tmp_path)["created_at"] == {
        "from": "created",
        "format": "%d.%m.%Y",
        "null_values": ["00.00.0000"],
    }


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_second_0_of_1970_is_no_value(tmp_path: Path, ending: str):
    rows = [{"id": 1, "created_at": 1704067200, "closed_at": 1704070800}]
    rows.append({"id": 2, "created_at": 1704067200, "closed_at": 0})
    lines = ["id,created_at,closed_at", *(",".join(map(str, each.values())) for each in rows)]
    text = json.dumps(rows) if ending == "json" else "\n".join(lines) + "\n"
    (tmp_path / f"tickets.{ending}").write_text(text)
    assert columns(tmp_path)["solved_at"] == {
        "from": "closed_at",
        "format": "unix",
        "null_values": ["0"],
    }
    (section,) = tomllib.loads(written(tmp_path, tmp_path).text)["sources"].values()
    extracts = build("desk", section, tmp_path).extract({})
    solved = [row["solved_at"] for extract in extracts for row in extract.batch.to_pylist()]
    assert [each and f"{each:%d %H:%M}" for each in solved] == ["01 01:00", None]


def test_files_of_one_shape_are_one_section_and_each_decides(tmp_path: Path):
    (tmp_path / "orders-1.csv").write_text("number,placed,total\n1,03/04/2024,5\n")
    (tmp_path / "orders-2.csv").write_text("number,placed,total\n2,03/24/2024,5\n")
    (section,) = sections(tmp_path)
    assert section["path"] == ["orders-1.csv", "orders-2.csv"]
    assert section["columns"]["ordered_at"]["format"] == "%m/%d/%Y"


def test_each_folder_is_a_source_of_its_own(tmp_path: Path):
    for name in ("Web Shop", "till"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "orders.csv").write_text(ORDERS)
    assert set(tomllib.loads(written(tmp_path, tmp_path).text)["sources"]) == {"web_shop", "till"}


def test_parquet_and_gzip_are_read_too(tmp_path: Path):
    with gzip.open(tmp_path / "orders.csv.gz", "wt") as file:
        file.write(ORDERS)
    table = pa.table({"id": [7], "email": ["a@x.example"], "address": [{"city": "Kiel"}]})
    pq.write_table(table, tmp_path / "customers.parquet")
    assert {each["path"] for each in sections(tmp_path)} == {"orders.csv.gz", "customers.parquet"}


def test_json_lists_and_documents_around_a_list_are_read(tmp_path: Path):
    orders = [{"id": 1, "created_at": "2024-03-01", "total_price": "5", "line_items": [{"id": 1}]}]
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "orders.json").write_text(json.dumps({"count": 1, "orders": orders}))
    (tmp_path / "till").mkdir()
    (tmp_path / "till" / "orders.json").write_text(json.dumps(orders, indent=2))
    found = {each["path"]: each.get("records") for each in sections(tmp_path)}
    assert found == {"shop/orders.json": "orders", "till/orders.json": None}
    assert amounts(tmp_path) == ["5", "5"]


def test_each_file_of_an_archive_is_looked_at(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("a/orders.csv", ORDERS)
        archive.writestr("customers [all].csv", "id;email\nC1;a@x.example\n")
        archive.writestr("readme.md", "hello")
    with zipfile.ZipFile(tmp_path / "orders.zip", "w") as archive:
        archive.writestr("orders.csv", ORDERS.replace("1001", "1002"))
    (tmp_path / "broken.zip").write_bytes(b"PK")
    found = written(tmp_path, tmp_path)
    assert found.loaded == (
        "export.zip/a/orders.csv",
        "export.zip/customers [all].csv",
        "orders.zip/orders.csv",
    )
    assert list(found.others) == ["broken.zip"]
    assert amounts(tmp_path) == ["49.9", "49.9"]
    assert [each.get("members") for each in sections(tmp_path)] == [
        "customers [[]all].csv",
        "a/orders.csv",
        None,
    ]


def test_the_first_sheet_of_a_spreadsheet_is_read(tmp_path: Path):
    names = ("number", "placed", "total")
    headings = row(1, *(text(f"{'ABC'[n]}1", name) for n, name in enumerate(names)))
    line = row(2, text("A2", "1001"), number("B2", 45352, DAY), number("C2", 49.9))
    write_xlsx(tmp_path / "orders.xlsx", Orders=headings + line)
    assert columns(tmp_path) == {
        "order_id": "number",
        "ordered_at": "placed",
        "gross_amount": "total",
    }
    assert amounts(tmp_path) == ["49.9"]


@pytest.mark.parametrize("is_zipped", [False, True])
def test_every_sheet_of_a_spreadsheet_is_looked_at(tmp_path: Path, is_zipped: bool):
    orders = row(1, text("A1", "number"), text("B1", "placed"), text("C1", "total"))
    orders += row(2, text("A2", "1001"), number("B2", 45352, DAY), number("C2", 49.9))
    customers = row(1, text("A1", "customer"), text("B1", "e-mail"))
    customers += row(2, text("A2", "C1"), text("B2", "ada@example.com"))
    notes = row(1, text("A1", "who wrote this"))
    book = write_xlsx(tmp_path / "orders.xlsx", Sheet1=orders, Customers=customers, Notes=notes)
    if is_zipped:
        with zipfile.ZipFile(tmp_path / "backup.zip", "w") as archive:
            archive.write(book, book.name)
        book.unlink()
    found = written(tmp_path, tmp_path)
    assert [(each["entity"], each["sheet"]) for each in sections(tmp_path)] == [
        ("customers", "Customers"),
        ("orders", "Sheet1"),
    ]
    assert amounts(tmp_path) == ["49.9"]
    assert [name.rpartition("/")[2] for name in found.others] == ["Notes"]


@pytest.mark.parametrize(("best", "scale"), [("1", 1), ("4", 5), ("6", 7), ("9", 10)])
def test_the_scale_of_a_rating_is_the_next_usual_one(tmp_path: Path, best: str, scale: int):
    (tmp_path / "csat.csv").write_text(f"id,rated_at,score\n1,2024-03-01,1\n2,2024-03-01,{best}\n")
    assert columns(tmp_path)["scale_max"] == {"value": scale}


def test_scores_on_no_usual_scale_are_not_loaded(tmp_path: Path):
    (tmp_path / "csat.csv").write_text("id,rated_at,score\n1,2024-03-01,87\n")
    assert sections(tmp_path) == []


def test_a_file_that_cannot_be_read_is_named_with_its_reason(tmp_path: Path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1\x15")
    (tmp_path / "broken.jsonl").write_text('{"a": \n')
    found = written(tmp_path, tmp_path)
    assert found.loaded == ("orders.csv",)
    assert set(found.others) == {"empty.csv", "broken.parquet", "broken.jsonl"}
    assert "# empty.csv: empty.csv is empty\n" in found.text


def test_a_file_that_lacks_what_its_name_promises_says_so(tmp_path: Path):
    (tmp_path / "orders.csv").write_text("number,what\n1,x\n")
    assert written(tmp_path, tmp_path).others == {
        "orders.csv": "it is called like orders, and no column could be ordered_at or gross_amount"
    }


def test_a_file_with_a_title_above_its_headings_says_so(tmp_path: Path):
    export = "Report of March;;\n\nnumber;placed;total\n1;2024-03-01;5\n"
    (tmp_path / "orders.csv").write_text(export)
    assert written(tmp_path, tmp_path).others == {
        "orders.csv": "it is called like orders, and its first row has one heading: where a title"
        " stands above them, say `skip_lines` in a section of your own"
    }


def test_a_file_of_something_else_says_so(tmp_path: Path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "tags.csv").write_text("id,name\n1,Lead\n")
    (tmp_path / "orders_once_more.csv").write_text(ORDERS.replace("total", "amount"))
    assert written(tmp_path, tmp_path).others == {
        "orders_once_more.csv": "it has orders that can't be read, or that another file has, too",
        "tags.csv": "its columns are of nothing that Concord loads",
    }


def test_what_is_no_export_is_left_alone(tmp_path: Path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / ".hidden.csv").write_text(ORDERS)
    (tmp_path / "picture.png").write_bytes(b"x")
    found = written(tmp_path, tmp_path)
    assert (found.loaded, found.others) == (("orders.csv",), {})


def test_a_file_that_may_not_be_named_in_a_configuration_is_left_out(tmp_path: Path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    Path(os.fsdecode(bytes(tmp_path) + b"/orders-\xff.csv")).write_text(ORDERS)
    found = written(tmp_path, tmp_path)
    assert found.loaded == ("orders.csv",)
    assert found.others == {"orders-\\xff.csv": "its name is not UTF-8"}


def test_names_of_columns_cannot_become_configuration(tmp_path: Path):
    names = ["number", "placed", "total", 'a"\n[company]\nname = "x', "b\x1b[2J", "\u2028c"]
    text = io.StringIO()
    csv.writer(text).writerows([names, ["1", "2024-03-01", "5", "", "", ""]])
    (tmp_path / "orders.csv").write_text(text.getvalue(), newline="")
    document = tomllib.loads(written(tmp_path, tmp_path).text)
    assert document["company"]["name"] == "My company"
    assert columns(tmp_path) == {
        "order_id": "number",
        "ordered_at": "placed",
        "gross_amount": "total",
    }


NAMES = sorted({name for known in synonyms.COLUMNS.values() for each in known.values()
                for name in each})  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(["", "-", "1", "2", "4.5", "1.249,50", "open", "paid", "Good", "a@x.example"]),
    st.sampled_from(["2024-03-01", "03/04/2024", "31.12.2024 10:00", "true", "x", "user"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    entity=st.sampled_from(sorted(synonyms.FILES)),
    names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=12, unique=True),
)
def test_whatever_is_written_loads_what_was_looked_at(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, entity: str, names: list[str]
):
    folder = tmp_path_factory.mktemp("exports")
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)),
                              max_size=6))  # fmt: skip
    with (folder / f"{synonyms.FILES[entity][0]}.csv").open("w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([names, *rows])
    for name, section in tomllib.loads(written(folder, folder).text).get("sources", {}).items():
        for extract in build(name, section, folder).extract({}):
            assert extract.emptied == ()
            assert extract.rejects == ()


TICKETS = (
    "ticket_id,created_at,status\n1,2026-08-03 10:15,open\n2,2026-08-03 10:15,solved\n"
    "3,2026-08-03 10:15,{}\n"
)


def test_tickets_that_are_deleted_take_no_status_with_them_and_do_not_count(tmp_path: Path):
    (tmp_path / "tickets.csv").write_text(TICKETS.format("Deleted"))
    (section,) = sections(tmp_path)
    assert section["where"] == [{"column": "status", "is_not": ["Deleted"]}]
    assert section["columns"]["status"] == "status"


def test_the_rating_in_the_row_of_a_deleted_ticket_does_not_count(tmp_path: Path):
    rows = ("1,2026-08-03 10:15,solved,Good", "2,2026-08-03 10:15,deleted,Bad")
    head = "ticket_id,created_at,status,Satisfaction Score"
    (tmp_path / "tickets.csv").write_text("\n".join([head, *rows, ""]))
    tickets, ratings = sections(tmp_path)
    assert ratings["entity"] == "satisfaction_ratings"
    gone = {"column": "status", "is_not": ["deleted"]}
    assert gone in tickets["where"]
    assert gone in ratings["where"]


@pytest.mark.parametrize(
    ("opened", "solved"),
    [("New (Support Pipeline)", "Closed (Support Pipeline)"), ("Offen", "Geschlossen")],
)
def test_a_status_that_names_its_pipeline_or_is_of_another_language_is_known(
    tmp_path: Path, opened: str, solved: str
):
    rows = f"ticket_id,created_at,status\n1,2026-08-03 10:15,{opened}\n2,2026-08-03,{solved}\n"
    (tmp_path / "tickets.csv").write_text(rows)
    assert columns(tmp_path)["status"]["map"] == {opened: "open", solved: "closed"}


def test_a_status_of_which_nobody_knows_a_word_is_named_with_all_of_them(tmp_path: Path):
    rows = "ticket_id,created_at,status\n1,2026-08-03 10:15,Nyitott\n2,2026-08-03 10:15,Lezárt\n"
    (tmp_path / "tickets.csv").write_text(rows)
    words = "it is the status; say in `map` what is meant by 'Lezárt', 'Nyitott'"
    assert comment(tmp_path, "#   status") == words


def test_a_status_with_a_word_of_the_desks_own_is_named_with_the_word(tmp_path: Path):
    (tmp_path / "tickets.csv").write_text(TICKETS.format("Escalated"))
    assert "status" not in columns(tmp_path)
    words = "it is the status; say in `map` what is meant by 'Escalated'"
    assert comment(tmp_path, "#   status") == words
