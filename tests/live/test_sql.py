"""Risk: what dlt or Fivetran landed in a database, and the warehouse, grow apart by edits.

dlt itself lands into PostgreSQL here: nested tables, and a load's time in a table of its own.
Fivetran can't be run; an SQLite file has tables as it lands them, with rows that are only marked
as deleted (https://fivetran.com/docs/core-concepts/system-columns-and-tables, November 2026).
"""

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingestion.sources import build
from ingestion.sources.sql.source import SqlSource
from tests.fixtures.databases import open_database

pytestmark = [pytest.mark.live, pytest.mark.postgres]

Row = dict[str, Any]
# A process of its own: dlt reads the environment once, and would call home without this one.
_LANDING = """
import json, sys
import dlt

database = dlt.destinations.postgres(sys.argv[1])
pipeline = dlt.pipeline("shop", destination=database, dataset_name="shop")
orders = json.load(sys.stdin)
pipeline.run(orders, table_name="orders", write_disposition="merge", primary_key="id")
"""
DLT = """
kind = "sql"
url = "{url}"
[[entities]]
entity = "orders"
query = '''
select o.*, l.inserted_at
from shop.orders as o join shop._dlt_loads as l on l.load_id = o._dlt_load_id
'''
since = {{ column = "inserted_at" }}
where = [{{ column = "deleted", is = false }}]
[entities.columns]
order_id = "id"
ordered_at = "placed"
gross_amount = "total"
currency = "address__currency"
[[entities]]
entity = "order_lines"
query = '''
select o.id as order_id, l.sku, l.quantity
from shop.orders as o join shop.orders__lines as l on l._dlt_parent_id = o._dlt_id
'''
complete = true
columns = {{ order_id = "order_id", line_id = "sku", quantity = "quantity" }}
"""
FIVETRAN = """
kind = "sql"
url = "sqlite:///lake.db"
[[entities]]
entity = "tickets"
table = "ticket"
since = { column = "_fivetran_synced" }
where = [{ column = "_fivetran_deleted", is = false }]
columns = { ticket_id = "id", created_at = "created_at", status = "status" }
"""
_TICKETS = """
create table ticket (
    id integer primary key, created_at timestamp, status text,
    _fivetran_synced timestamp, _fivetran_deleted boolean
);
insert into ticket values
(1, '2026-05-01 08:00:00', 'open', '2026-05-01 09:00:00', false),
(2, '2026-05-01 08:30:00', 'open', '2026-05-01 09:00:00', false),
(3, '2026-05-01 08:45:00', 'solved', '2026-05-01 09:00:00', true);
"""
_NEXT_SYNC = """
update ticket set status = 'solved', _fivetran_synced = '2026-05-02 09:00:00' where id = 1;
update ticket set _fivetran_deleted = true, _fivetran_synced = '2026-05-02 09:00:00' where id = 2;
update ticket set _fivetran_deleted = false, _fivetran_synced = '2026-05-02 09:00:00' where id = 3;
"""


@pytest.fixture
def lake(server_url: str) -> Iterator[str]:
    with open_database(server_url) as url:
        yield url


@pytest.fixture
def land(lake: str, tmp_path: Path) -> Callable[[list[Row]], object]:
    """Give a function with which dlt lands orders: new ones, and others of known ids."""
    own = {"RUNTIME__DLTHUB_TELEMETRY": "false", "DLT_DATA_DIR": str(tmp_path / "dlt")}
    return lambda orders: subprocess.run(
        [sys.executable, "-c", _LANDING, lake],
        input=json.dumps(orders).encode(),
        env={**os.environ, **own},
        check=True,
    )


def order(number: int, total: float, *skus: str, deleted: bool = False) -> Row:
    return {
        "id": number,
        "placed": "2026-05-01T08:00:00Z",
        "total": total,
        "deleted": deleted,
        "address": {"currency": "EUR"},
        "lines": [{"sku": sku, "quantity": 2} for sku in skus],
    }


def source_of(section: str, folder: Path) -> SqlSource:
    return build("lake", tomllib.loads(section), folder)


def test_the_warehouse_follows_what_dlt_lands(lake: str, land, tmp_path: Path, warehouse):
    url = lake.replace("postgresql:", "postgresql+psycopg:", 1)
    source = source_of(DLT.format(url=url), tmp_path)
    orders = "select order_id, gross_amount::float, currency from raw.orders order by order_id"
    lines = "select order_id, line_id, quantity::int from raw.order_lines order by 1, 2"
    land([order(1, 12.5, "a", "b"), order(2, 20, "a")])
    warehouse.load(source)
    assert warehouse.rows(orders) == [("1", 12.5, "EUR"), ("2", 20, "EUR")]
    assert warehouse.rows(lines) == [("1", "a", 2), ("1", "b", 2), ("2", "a", 2)]

    land([order(1, 10, "b"), order(2, 20, "a", deleted=True), order(3, 5, "c")])
    warehouse.load(source)
    assert warehouse.rows(orders) == [("1", 10, "EUR"), ("3", 5, "EUR")]
    assert warehouse.rows(lines) == [("1", "b", 2), ("2", "a", 2), ("3", "c", 2)]
    report = warehouse.load(source)
    assert (report.total("inserted"), report.total("updated")) == (0, 0)


def test_rows_that_fivetran_marks_as_deleted_leave_and_come_back(tmp_path: Path, warehouse):
    source = source_of(FIVETRAN, tmp_path)
    tickets = "select ticket_id, status from raw.tickets order by ticket_id"
    with sqlite3.connect(tmp_path / "lake.db") as landed:
        landed.executescript(_TICKETS)
        warehouse.load(source)
        assert warehouse.rows(tickets) == [("1", "open"), ("2", "open")]
        landed.executescript(_NEXT_SYNC)
    warehouse.load(source)
    assert warehouse.rows(tickets) == [("1", "solved"), ("3", "solved")]
