"""Risk: what a file says and what the warehouse holds differ, and nobody is informed."""

import gzip
import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion import loading
from ingestion.errors import SourceAnswerBroken, SourceUnreachable
from ingestion.sources import build
from tests.fixtures.loading_shop import HEADER, ORDERS, Shop

pytestmark = pytest.mark.postgres


def test_bad_rows_go_to_quarantine_with_line_field_reason_and_original(shop: Shop):
    shop.write(
        "orders.csv",
        HEADER
        + '1,"a\nb",2024-01-01 10:00:00,1.50\n'
        + "2,b,2024-02-30,1\n3,b,2024-01-01,abc\n4,b,2024-01-01\n5,b,2024-01-01,1,2\n"
        + ",b,2024-01-01,1\n\n7,,2024-07-01T10:00:00Z,7\n",
    )
    report = shop.load()
    assert shop.orders("order_id, customer_id, ordered_at::text") == [
        ("1", "a\nb", "2024-01-01 09:00:00+00"),
        ("7", None, "2024-07-01 10:00:00+00"),
    ]
    assert shop.rejects() == [
        (4, "ordered_at", "is not a time in the expected format", "2,b,2024-02-30,1"),
        (5, "gross_amount", "is not a number", "3,b,2024-01-01,abc"),
        (6, "", "has too few fields", "4,b,2024-01-01"),
        (7, "", "has too many fields", "5,b,2024-01-01,1,2"),
        (8, "order_id", "is required and empty", ",b,2024-01-01,1"),
    ]
    assert (report.total("received"), report.total("loaded"), report.total("quarantined")) == (
        7,
        2,
        5,
    )
    assert report.is_balanced


def test_a_rerun_reads_nothing_and_changes_nothing(shop: Shop):
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,1\n")
    shop.load()
    before = shop.rows("select * from raw.orders")
    assert shop.load().parts == ()
    assert shop.rows("select * from raw.orders") == before


def test_of_rows_with_one_key_the_last_of_the_last_file_counts(shop: Shop):
    shop.write("orders_b.csv", HEADER + "1,a,2024-01-01,30\n")
    shop.write("orders_a.csv", HEADER + "1,a,2024-01-01,10\n1,a,2024-01-01,20\n2,a,2024-01-01,5\n")
    report = shop.load()
    assert shop.orders() == [("1", "30"), ("2", "5")]
    assert (report.total("received"), report.total("loaded"), report.total("folded")) == (4, 2, 2)
    shop.write("orders_a.csv", HEADER + "1,a,2024-01-01,99\n2,a,2024-01-01,6\n")
    shop.load()
    assert shop.orders() == [("1", "30"), ("2", "6")]


def test_a_changed_file_moves_only_changed_rows(shop: Shop):
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,1.0\n2,b,2024-01-01,2\n")
    shop.load()
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,1.00\n2,b,2024-01-01,22\n3,c,2024-01-01,3\n")
    (part,) = shop.load().parts
    assert (part.inserted, part.updated, part.unchanged) == (1, 1, 1)
    loads = shop.orders("loaded_at")
    assert loads[0] != loads[1] == loads[2]


def test_an_appended_file_is_read_from_its_old_end(shop: Shop):
    text = HEADER + "1,a,2024-01-01,1\n2,b,2024-01-01,bad\n"
    shop.write("orders.csv", text)
    shop.load()
    shop.write("orders.csv", text + "3,c,2024-01-01,worse\n4,d,2024-01-01,4\n")
    (part,) = shop.load().parts
    assert (part.received, part.inserted, part.quarantined) == (2, 1, 1)
    assert [line for line, *_ in shop.rejects()] == [3, 4]


def test_a_file_that_ended_within_a_line_is_read_again_whole(shop: Shop):
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,1")
    shop.load()
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,15\n")
    shop.load()
    assert shop.orders() == [("1", "15")]


def test_a_mended_file_leaves_quarantine(shop: Shop):
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,bad\n")
    shop.load()
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,1\n")
    shop.load()
    assert (shop.rejects(), shop.orders()) == ([], [("1", "1")])


def test_a_changed_mapping_reads_everything_again(shop: Shop):
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,1\n")
    shop.load()
    shop.load(ORDERS.replace("EUR", "CHF"))
    assert shop.orders("currency") == [("CHF",)]


def test_latin_1_semicolons_commas_and_bom(shop: Shop):
    section = """
    kind = "files"
    decimal = ","
    [[entities]]
    entity = "orders"
    path = "orders.csv"
    encoding = "latin-1"
    delimiter = ";"
    columns = { order_id = "Straße", ordered_at = "at", gross_amount = "amount", brand = "brand" }
    """
    shop.write("orders.csv", "Straße;at;amount;brand\nä1;2024-01-01;1,5;Café\n", "latin-1")
    shop.load(section)
    assert shop.orders("order_id, gross_amount::text, brand") == [("ä1", "1.5", "Café")]
    shop.write("orders.csv", "\ufeffStraße;at;amount;brand\nä2;2024-01-01;1;x\n")
    shop.load(section.replace("latin-1", "utf-8"))
    assert [row[0] for row in shop.orders("order_id")] == ["ä1", "ä2"]


MESSAGES = """
kind = "files"
[[entities]]
entity = "messages"
path = "threads.jsonl.gz"
rows = "messages"
[entities.columns]
message_id = "messages.id"
conversation_id = "thread.id"
sent_at = "messages.at"
direction = { from = "messages.who", map = { us = "outbound" }, default = "inbound" }
author_handle = { from = "messages.handle", strip = "@", lower = true, optional = true }
is_public = true
text = "messages.text"
"""


def test_json_lines_with_nested_fields_lists_and_broken_lines(shop: Shop):
    def message(number: int, **more: Any) -> dict[str, Any]:
        return {"id": number, "at": f"2024-01-01T10:00:0{number}Z", "text": 'a "b"', **more}

    lines = [
        json.dumps({"thread": {"id": "t1"}, "messages": [message(1, who="us"), message(2)]}),
        "{broken",
        json.dumps({"thread": {"id": "t2"}, "messages": [message(3, handle="@Ann")]}),
        json.dumps({"thread": {"id": "t3"}, "messages": []}),
    ]
    path = shop.folder / "threads.jsonl.gz"
    for kept in (lines, [lines[0], *lines[2:]]):  # line by line, and by Arrow as a whole
        path.write_bytes(gzip.compress("\n".join(kept).encode()))
        shop.load(MESSAGES)
        got = shop.rows(
            "select message_id, conversation_id, direction, author_handle, sent_at::text"
            " from raw.messages order by message_id"
        )
        assert got == [
            ("1", "t1", "outbound", None, "2024-01-01 10:00:01+00"),
            ("2", "t1", "inbound", None, "2024-01-01 10:00:02+00"),
            ("3", "t2", "inbound", "ann", "2024-01-01 10:00:03+00"),
        ]
    assert shop.rejects() == []


def test_parquet_keeps_its_types(shop: Shop):
    table = pa.table(
        {
            "id": pa.array([1, 2]),
            "who": pa.array(["a", None]).dictionary_encode(),
            "at": pa.array([1_704_103_200_000, None], pa.timestamp("ms")),
            "amount": [1.25, 2.0],
        }
    )
    pq.write_table(table, shop.folder / "orders.parquet")
    shop.load()
    assert shop.orders("order_id, customer_id, ordered_at::text, gross_amount::text") == [
        ("1", "a", "2024-01-01 09:00:00+00", "1.25")
    ]
    ((line, field, _, original),) = shop.rejects()
    assert (line, field, json.loads(original)["id"]) == (2, "ordered_at", 2)


GROUPED = """
kind = "files"
[[entities]]
entity = "orders"
path = "lines*.csv"
where = [{ column = "kind", is = "sale" }, { column = "pieces", above = 0 }]
group = true
[entities.columns]
order_id = "basket"
ordered_at = { from = "at", aggregate = "min" }
gross_amount = { multiply = ["pieces", "price"], aggregate = "sum" }
campaign_id = { from = "code", lookup = { path = "codes.csv", key = "code", value = "campaign" } }
"""


def test_lines_become_orders_over_all_files(shop: Shop):
    header = "basket,kind,at,pieces,price,code\n"
    shop.write("codes.csv", "code,campaign\nX1,spring\n")
    shop.write(
        "lines1.csv",
        header + "1,sale,2024-01-02,2,1.5,\n1,sale,2024-01-01,1,1,X1\n2,fee,2024-01-01,1,9,\n"
        "2,sale,2024-01-01,-1,9,\n4,sale,2024-01-01,one,1,\n",
    )
    shop.write("lines2.csv", header + "1,sale,2024-01-03,1,0.25,\n3,sale,2024-01-03,1,7,X9\n")
    report = shop.load(GROUPED)
    assert shop.orders("order_id, gross_amount::text, campaign_id") == [
        ("1", "4.25", "spring"),
        ("3", "7", None),
    ]
    assert report.total("inserted") == 2
    assert report.is_balanced
    shop.write("lines2.csv", header + "1,sale,2024-01-03,1,0.5,\n3,sale,2024-01-03,1,7,X9\n")
    shop.load(GROUPED)
    assert shop.orders() == [("1", "4.5"), ("3", "7")]


def test_an_order_that_lacks_a_line_waits_in_quarantine_until_the_line_is_corrected(shop: Shop):
    header = "basket,kind,at,pieces,price,code\n"
    shop.write("codes.csv", "code,campaign\n")
    shop.write("lines1.csv", header + "1,sale,2024-01-02,2,1.5,\n3,sale,2024-01-03,1,7,\n")
    lines = header + "1,sale,2024-01-03,{},1,\n1,sale,2024-01-04,1,1,\n"
    shop.write("lines2.csv", lines.format("one"))
    report = shop.load(GROUPED)
    assert (shop.orders(), report.is_balanced) == ([("3", "7")], True)
    assert [report.total(name) for name in ("folded", "quarantined")] == [1, 2]
    assert [(line, field) for line, field, *_ in shop.rejects()] == [
        (None, "order_id"),
        (2, "pieces"),
    ]
    shop.write("lines2.csv", lines.format("10"))
    shop.load(GROUPED)
    assert (shop.orders(), shop.rejects()) == ([("1", "14"), ("3", "7")], [])


def _cut_off(path: Path) -> None:
    whole = gzip.compress((HEADER + "1,a,2024-01-01,1\n" * 5000).encode(), mtime=0)
    path.with_suffix(".csv.gz").write_bytes(whole[:-20])
    path.unlink()


@pytest.mark.parametrize(
    ("spoil", "reported"),
    [
        (lambda path: path.write_text(""), "orders.csv is empty"),
        (
            lambda path: path.write_text("id;who\n1;2\n"),
            "has no columns 'id', 'who', 'at' and 'amount' among its 1",
        ),
        (
            lambda path: path.write_bytes(HEADER.encode() + b"1,\xe9,2024-01-01,1\n"),
            "line 2 has the byte 0xe9",
        ),
        (_cut_off, "cut off or damaged"),
        (lambda path: path.rename(path.with_name("orders.parquet")), "can't be read as Parquet"),
        (
            lambda path: path.rename(path.with_name("orders.jsonl")),
            "orders.jsonl has no JSON object on line 1",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_leaves_the_warehouse_alone(
    shop: Shop, spoil: Callable[[Path], None], reported: str
):
    path = shop.write("orders.csv", HEADER + "1,a,2024-01-01,1\n")
    shop.load()
    spoil(path)
    with pytest.raises(SourceAnswerBroken, match=reported):
        shop.load()
    assert shop.orders() == [("1", "1")]
    assert shop.rows("select count(*) from concord.loads") == [(1,)]


def test_a_file_that_turns_out_to_be_broken_is_taken_back_and_stops_no_other(shop: Shop):
    good = HEADER + "".join(f"{n},a,2024-01-01,{n}\n" for n in range(100_000, 300_000))
    shop.write("orders_a.csv", HEADER + "1,a,2024-01-01,1\n")
    broken = shop.write("orders_b.csv", good + "2,\xe9,2024-01-01,2\n", "latin-1")
    shop.write("orders_c.csv", HEADER + "3,a,2024-01-01,3\n3,a,2024-01-01,x\n")
    report = shop.load()
    assert report.is_balanced
    assert shop.orders() == [("1", "1"), ("3", "3")]
    refused = "select file, line, is_file from quarantine.rejected_rows order by file"
    assert shop.rows(refused) == [("orders_b.csv", None, True), ("orders_c.csv", 3, False)]
    (file,) = shop.refused()
    assert str(file).startswith("shop: orders_b.csv is not utf-8: line 200002 has the byte 0xe9.")
    assert loading.status(shop.url).refused_of(["desk"]) == ()
    assert shop.load().parts == ()
    assert shop.refused() == (file,)
    shop.write(broken.name, HEADER + "2,a,2024-01-01,2\n")
    shop.load()
    assert [order for order, _ in shop.orders()] == ["1", "2", "3"]
    assert shop.refused() == ()


def test_what_was_loaded_of_a_file_stays_when_it_breaks(shop: Shop):
    shop.write("orders_a.csv", HEADER + "1,a,2024-01-01,1\n")
    shop.write("orders_b.csv", HEADER + "2,a,2024-01-01,2\n")
    shop.load()
    shop.write("orders_b.csv", HEADER + "2,a,2024-01-01,99\n3,\xe9,2024-01-01,2\n", "latin-1")
    shop.load()
    assert shop.orders() == [("1", "1"), ("2", "2")]
    (shop.folder / "orders_b.csv").unlink()
    shop.load()
    assert shop.refused() == ()


def test_the_ledger_distinguishes_a_file_without_rows_from_one_that_gained_none(shop: Shop):
    text = HEADER + "1,a,2024-01-01,1\n"
    for content in (text, text + "\n", HEADER):
        shop.write("orders.csv", content)
        shop.load()
    read = "select received, is_append from concord.loads order by finished_at"
    assert shop.rows(read) == [(1, False), (0, True), (0, False)]
    assert shop.orders() == [("1", "1")]


def test_orders_of_never_and_of_for_ever_are_quarantined(shop: Shop):
    shop.write(
        "orders.csv",
        HEADER + "1,a,0001-01-01,1\n2,a,9999-12-31 23:59:59,1\n3,a,9999-12-31T23:00:00-05:00,1\n"
        "4,a,1997-01-01T00:00Z,1\n",
    )
    report = shop.load()
    assert shop.orders("order_id, ordered_at::text") == [("4", "1997-01-01 00:00:00+00")]
    assert [reject[1:3] for reject in shop.rejects()] == [
        ("ordered_at", "lies before 1900"),
        ("ordered_at", "lies more than a day ahead of its arrival"),
        ("ordered_at", "is not a time in the expected format"),
    ]
    assert report.is_balanced


def test_lines_whose_condition_cannot_be_judged_are_quarantined(shop: Shop):
    where = 'where = [{ column = "amount", above = 0 }]'
    section = ORDERS.replace("[entities.columns]", f"{where}\n[entities.columns]")
    shop.write("orders.csv", HEADER + "1,a,2024-01-01,1\n2,a,2024-01-01,0\n3,a,2024-01-01,$1\n")
    report = shop.load(section)
    assert shop.rejects() == [(4, "amount", "is not a number", "3,a,2024-01-01,$1")]
    assert (report.total("received"), report.total("loaded"), report.total("filtered")) == (3, 1, 1)
    assert report.is_balanced


def test_a_file_that_went_away_is_named(shop: Shop):
    path = shop.write("orders.csv", HEADER)
    source = build("shop", tomllib.loads(ORDERS), shop.folder)
    assert source.check() == "1 file can be read for orders"
    path.unlink()
    with pytest.raises(SourceUnreachable, match="no file matches orders"):
        source.check()


def test_the_rejects_of_files_that_are_gone_leave_quarantine(shop: Shop):
    for name in ("orders_a.csv", "orders_b.csv"):
        shop.write(name, HEADER + "1,a,2024-01-01,1\n2,a,2024-01-01,bad\n")
    shop.load()
    assert shop.rows("select file from quarantine.rejected_rows order by file") == [
        ("orders_a.csv",),
        ("orders_b.csv",),
    ]
    (shop.folder / "orders_a.csv").rename(shop.folder / "orders_c.csv")
    shop.load()
    (shop.folder / "orders_b.csv").unlink()
    shop.load()
    assert shop.rows("select file from quarantine.rejected_rows") == [("orders_c.csv",)]
    assert shop.orders() == [("1", "1")]
    (shop.folder / "orders_c.csv").unlink()
    shop.write("orders_d.csv", "id;who\n")
    with pytest.raises(SourceAnswerBroken):
        shop.load()
    assert shop.rows("select file from quarantine.rejected_rows") == [("orders_c.csv",)]


def test_nul_in_texts_is_replaced(shop: Shop):
    shop.write("orders.csv", HEADER + "1,a\0b,2024-01-01,1\n2\0,a,2024-01-01,1\n")
    shop.load()
    assert shop.orders("order_id, customer_id") == [("1", "a\ufffdb"), ("2\ufffd", "a")]
    lines = ['{"id": "3", "who": "c\\u0000", "at": "2024-01-01", "amount": "1"}']
    (shop.folder / "orders.csv").unlink()
    shop.write("orders.jsonl", "\n".join(lines))
    shop.load()
    assert shop.orders("customer_id")[-1] == ("c\ufffd",)


def test_a_file_whose_name_is_no_utf_8_is_loaded(shop: Shop):
    shop.write(os.fsdecode(b"orders caf\xe9.csv"), HEADER + "1,a,2024-01-01,1\n2,a,2024-01-01,x\n")
    shop.load()
    assert shop.rows("select file from quarantine.rejected_rows") == [(r"orders caf\xe9.csv",)]
    assert shop.load().parts == ()
