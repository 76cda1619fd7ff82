"""Risk: a preview shows other rows than a load makes, hides what is lost, or reads whole files."""

import json
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

from ingestion.mapping.preview import Cell, Finding, Preview, Row, SectionPreview
from ingestion.sources import files
from ingestion.sources.files import preview
from tests.fixtures.read_files import read_files

ORDERS = """
kind = "files"
time_zone = "Europe/Berlin"
decimal = ","
thousands = "."
[[entities]]
entity = "orders"
path = "orders-*.csv"
delimiter = ";"
where = [{ column = "State", is_not = "draft" }]
[entities.columns]
order_id = { join = ["Shop", "Nr"] }
ordered_at = { from = "Date", format = "%d.%m.%Y %H:%M" }
gross_amount = "Total"
margin_amount = "Margin"
currency = { value = "EUR" }
"""
HEADINGS = "Shop;Nr;Date;Total;Margin;State\n"
ROWS = (
    "DE;1;31.12.2024 18:05;1.249,50;100;paid\n"
    "DE;2;30.12.2024 10:00;5;-;draft\n"
    "DE;3;31.13.2024 10:00;5;4;paid\n"
    "DE;4\n"
    "DE;5;30.12.2024 10:00;7;n/a;paid\n"
)


def previewed(
    folder: Path, section: str, entity: str | None = None, rows: int = 5
) -> list[SectionPreview]:
    source = files.build("shop", tomllib.loads(dedent(section)), folder)
    return list(source.previews(entity, rows))


def shown(folder: Path, section: str, rows: int = 5) -> Preview:
    (one,) = previewed(folder, section, rows=rows)
    assert one.preview is not None, one.problem
    return one.preview


def mapped(found: Preview, column: str) -> list[str | None]:
    return [cell.mapped for row in found.rows for cell in row.cells if cell.column == column]


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    (tmp_path / "orders-1.csv").write_text(HEADINGS + ROWS)
    (tmp_path / "orders-2.csv").write_text(HEADINGS)
    return tmp_path


def test_a_row_is_shown_as_received_beside_what_it_becomes(orders: Path):
    assert shown(orders, ORDERS).rows[0] == Row(
        2,
        (
            Cell("order_id", "Shop, Nr", "DE, 1", "DE:1"),
            Cell("ordered_at", "Date", "31.12.2024 18:05", "2024-12-31 17:05:00"),
            Cell("gross_amount", "Total", "1.249,50", "1249.5"),
            Cell("margin_amount", "Margin", "100", "100"),
            Cell("currency", "a constant", None, "EUR"),
        ),
    )


def test_what_cannot_be_read_is_named_with_line_field_value_and_reason(orders: Path):
    found = shown(orders, ORDERS)
    no_time = "is not a time in the expected format"
    assert found.quarantined == (
        Finding(5, "", "DE;4", "has too few fields"),
        Finding(4, "ordered_at", "31.13.2024 10:00", no_time),
    )
    assert found.emptied == (Finding(6, "margin_amount", "n/a", "is not a number"),)
    assert mapped(found, "ordered_at")[1] == f"to quarantine: {no_time}"
    assert mapped(found, "margin_amount")[2] == "left empty: is not a number"


def test_of_several_rows_of_one_line_the_value_that_cannot_be_read_is_named(tmp_path: Path):
    (tmp_path / "spend.csv").write_text("day,search,social\n2024-04-01,120.50,abc\n")
    (tmp_path / "desk.json").write_text(
        json.dumps(
            {"made": "2024-04-01", "calls": [{"id": 1, "end": "2024-04-02"}, {"id": 2, "end": "x"}]}
        )
    )
    section = """
    kind = "files"
    [[entities]]
    entity = "campaign_costs"
    path = "spend.csv"
    unpivot = { columns = ["search", "social"], name = "where", value = "spent" }
    [entities.columns]
    campaign_id = "where"
    channel = "where"
    cost_kind = { value = "media" }
    cost_date = "day"
    amount = "spent"
    [[entities]]
    entity = "tickets"
    path = "desk.json"
    rows = "calls"
    columns = { ticket_id = "calls.id", created_at = "made", solved_at = "calls.end" }
    """
    costs, tickets = (each.preview for each in previewed(tmp_path, section))
    assert costs and tickets
    assert costs.quarantined == (Finding(2, "amount", "abc", "is not a number"),)
    no_time = "is not a time in the expected format"
    assert tickets.emptied == (Finding(1, "solved_at", "x", no_time),)


def test_rows_of_another_entity_are_counted_and_not_shown(orders: Path):
    found = shown(orders, ORDERS)
    assert [row.line for row in found.rows] == [2, 4, 6]
    assert (found.received, found.filtered) == (5, 1)


def test_a_preview_counts_what_a_load_counts(orders: Path):
    found, loaded = shown(orders, ORDERS), read_files(orders, ORDERS)
    assert found.received == loaded.received
    assert sorted((each.line, each.reason) for each in found.quarantined) == sorted(
        loaded.reasons()
    )
    assert [value for value in mapped(found, "order_id") if value] == loaded.values("order_id")


def test_only_as_many_rows_are_shown_as_are_asked_for_and_all_are_judged(orders: Path):
    found = shown(orders, ORDERS, rows=1)
    assert (len(found.rows), len(found.quarantined), len(found.emptied)) == (1, 2, 1)


def test_a_pattern_shows_its_first_file_and_says_how_many_there_are(orders: Path):
    (one,) = previewed(orders, ORDERS)
    assert (one.file, one.others, one.is_whole) == ("orders-1.csv", 1, True)


def test_no_more_than_the_beginning_of_a_file_is_looked_at(
    orders: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(preview, "LOOKED_AT", 3)
    (one,) = previewed(orders, ORDERS)
    assert one.preview is not None
    assert (one.is_whole, one.preview.received) == (False, 3)
    assert [each.line for each in one.preview.quarantined] == [4]


def test_rows_behind_a_line_end_that_is_read_with_care_are_looked_at(tmp_path: Path):
    lines = [f"DE;{n};31.12.2024 18:05;{n};1;paid" for n in range(1, 6)]
    lines[3] = "DE;4;31.12.2024 18:05;many;1;paid"
    (tmp_path / "orders-1.csv").write_bytes("\r".join([HEADINGS.strip(), *lines]).encode())
    (one,) = previewed(tmp_path, ORDERS)
    assert one.preview is not None
    assert (one.is_whole, one.preview.received) == (True, 5)
    assert [each.line for each in one.preview.quarantined + one.preview.emptied] == [5]


def test_a_file_that_is_cut_off_far_down_can_be_previewed(tmp_path: Path):
    """Only a load reads that far."""
    lines = "DE;1;31.12.2024 18:05;5;1;paid\n" * 200_000
    (tmp_path / "orders-1.csv").write_bytes((HEADINGS + lines).encode() + b"DE;\xff\n")
    assert shown(tmp_path, ORDERS).received == preview.LOOKED_AT


def test_a_file_that_cannot_be_read_hides_no_other(orders: Path):
    (orders / "customers.csv").write_text("id\nC1\n")
    section = ORDERS + (
        '[[entities]]\nentity = "customers"\npath = "customers.csv"\n'
        'columns = { customer_id = "number" }\n'
    )
    first, second = previewed(orders, section)
    assert first.preview is not None
    assert second.preview is None
    assert "customers.csv has no column 'number'" in str(second.problem)


def test_one_entity_of_several_can_be_asked_for(orders: Path):
    (orders / "customers.csv").write_text("id\nC1\n")
    section = ORDERS + (
        '[[entities]]\nentity = "customers"\npath = "customers.csv"\n'
        'columns = { customer_id = "id" }\n'
    )
    assert [each.entity for each in previewed(orders, section, "customers")] == ["customers"]


def test_each_element_of_a_list_is_shown_as_a_row(tmp_path: Path):
    (tmp_path / "members.csv").write_text("member,mails\nC1,a@x;b@x\n")
    section = """
    kind = "files"
    [[entities]]
    entity = "customer_identities"
    path = "members.csv"
    split = { column = "mails", separator = ";" }
    [entities.columns]
    customer_id = "member"
    identity_type = { value = "email" }
    identity_value = { from = "mails", strip = true }
    """
    assert mapped(shown(tmp_path, section), "identity_value") == ["a@x", "b@x"]


def test_each_of_several_columns_is_shown_as_a_row(tmp_path: Path):
    (tmp_path / "spend.csv").write_text("campaign,day,search,social\nspring,2024-04-01,1,\n")
    section = """
    kind = "files"
    [[entities]]
    entity = "campaign_costs"
    path = "spend.csv"
    unpivot = { columns = ["search", "social"], name = "where", value = "spent" }
    where = [{ column = "spent", is_set = true }]
    [entities.columns]
    campaign_id = "campaign"
    channel = "where"
    cost_kind = { value = "media" }
    cost_date = "day"
    amount = "spent"
    """
    found = shown(tmp_path, section)
    assert (mapped(found, "channel"), mapped(found, "amount")) == (["search"], ["1"])
    assert found.filtered == 1


def test_rows_that_fold_are_shown_before_they_do(tmp_path: Path):
    (tmp_path / "lines.csv").write_text("order,at,price\n1,2024-01-01,5\n1,2024-01-01,7\n")
    section = """
    kind = "files"
    [[entities]]
    entity = "orders"
    path = "lines.csv"
    group = true
    [entities.columns]
    order_id = "order"
    ordered_at = "at"
    gross_amount = { from = "price", aggregate = "sum" }
    """
    (one,) = previewed(tmp_path, section)
    assert one.folds == "group"
    assert one.preview is not None
    assert mapped(one.preview, "gross_amount") == ["5", "7"]


def test_the_time_of_the_latest_row_is_shown_too(tmp_path: Path):
    (tmp_path / "tickets.csv").write_text(
        "id,at,changed,state\n1,2024-01-01,2024-01-02,open\n2,2024-01-01,?,open\n"
        "3,2024-01-01,2024-01-03,deleted\n"
    )
    section = """
    kind = "files"
    [[entities]]
    entity = "tickets"
    path = "tickets.csv"
    latest_by = "changed"
    where = [{ column = "state", is_not = "deleted" }]
    [entities.columns]
    ticket_id = "id"
    created_at = "at"
    """
    found = shown(tmp_path, section)
    reason = "to quarantine: is not a time in the expected format"
    assert mapped(found, "latest_by") == ["2024-01-02 00:00:00", reason]
    assert [(each.field, each.value) for each in found.quarantined] == [("latest_by", "?")]


def test_json_lines_are_shown_too(tmp_path: Path):
    (tmp_path / "agents.jsonl").write_text(json.dumps({"id": 7, "group": {"name": "A"}}) + "\n")
    section = """
    kind = "files"
    [[entities]]
    entity = "agents"
    path = "agents.jsonl"
    columns = { agent_id = "id", team = "group.name" }
    """
    (row,) = shown(tmp_path, section).rows
    assert row.cells == (Cell("agent_id", "id", "7", "7"), Cell("team", "group.name", "A", "A"))


def test_a_file_with_headings_alone_has_nothing_to_show(tmp_path: Path):
    (tmp_path / "orders-1.csv").write_text(HEADINGS)
    found = shown(tmp_path, ORDERS)
    assert (found.rows, found.received, found.filtered) == ((), 0, 0)
