"""Risk: what a PostgreSQL of the company has and what the warehouse holds differ."""

import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingestion import loading
from ingestion.loading import LoadReport
from ingestion.sources import build
from tests.fixtures.databases import Copied, open_database

pytestmark = pytest.mark.postgres

LAKE = """
kind = "sql"
url = "{url}"
[[entities]]
entity = "orders"
table = "shopify.Order"
since = {{ column = "syncedAt", lag_minutes = 10 }}
where = [{{ column = "deleted", is = false }}]
[entities.columns]
order_id = "id"
ordered_at = "placed"
gross_amount = "total"
currency = "address.currency"
brand = "address.tags[brand].value"
[[entities]]
entity = "order_lines"
table = "shopify.Order"
rows = "lines"
[entities.columns]
order_id = "id"
line_id = "lines.line"
product_id = "lines.sku"
quantity = "lines.quantity"
"""
_LOAD_IN_PIECES = """
import sys, time, tomllib
from pathlib import Path
from ingestion import loading
from ingestion.sources import build
from ingestion.sources.sql import database, progress
progress.PIECE_ROWS, database.BATCH_ROWS = 1_000, 200
built = build("lake", tomllib.loads(sys.argv[1]), Path())
loading.load(built, sys.argv[2], lambda progress: time.sleep(0.1))
"""
_TABLES = """
create schema shopify;
create table shopify."Order" (
    id uuid primary key default gen_random_uuid(),
    placed timestamptz, total numeric, deleted boolean,
    address jsonb default '{"currency": "EUR", "tags": [{"name": "brand", "value": "Acme"}]}',
    "syncedAt" timestamp, lines jsonb
);
insert into shopify."Order" (placed, total, deleted, "syncedAt", lines)
select
    timestamptz '2024-05-01 08:00+02', 0.100000001 + number, false,
    timestamp '2024-05-02' + make_interval(hours => number),
    jsonb_build_array(jsonb_build_object('line', number, 'sku', 'a', 'quantity', 2))
from generate_series(1, 12000) as number;
"""


@pytest.fixture
def lake(server_url: str) -> Iterator[str]:
    with open_database(server_url) as url:
        change(url, _TABLES)
        yield url


@pytest.fixture
def url(copied: Copied) -> str:
    return copied(loading.prepare)


def change(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def load(lake: str, url: str) -> LoadReport:
    address = lake.replace("postgresql:", "postgresql+psycopg:", 1)
    report = loading.load(build("lake", tomllib.loads(LAKE.format(url=address)), Path()), url)
    assert report.is_balanced
    return report


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def test_the_warehouse_has_the_rows_of_the_lake_after_each_load(lake: str, url: str):
    same = 'select id::text, total::numeric(20, 9), placed from shopify."Order" where not deleted'
    ours = "select order_id, gross_amount::numeric(20, 9), ordered_at from raw.orders"
    load(lake, url)
    assert sorted(rows(url, ours)) == sorted(rows(lake, same))
    assert rows(url, "select distinct currency, brand from raw.orders") == [("EUR", "Acme")]
    assert rows(url, "select count(*), sum(quantity)::int from raw.order_lines") == [(12000, 24000)]

    at = '(select max("syncedAt") from shopify."Order") + interval \'1 hour\''
    some = 'where id in (select id from shopify."Order" order by placed, id limit 50)'
    change(lake, f'update shopify."Order" set total = 1, "syncedAt" = {at} {some}')
    change(lake, f'update shopify."Order" set deleted = true, "syncedAt" = {at} where total < 2')
    report = load(lake, url)
    assert sorted(rows(url, ours)) == sorted(rows(lake, same))
    (orders,) = [part for part in report.parts if part.entity == "orders"]
    assert orders.received < 100


def test_a_first_load_that_is_killed_between_two_pieces_goes_on_and_loads_no_row_twice(
    lake: str, url: str
):
    change(lake, """update shopify."Order" set "syncedAt" = date_trunc('month', "syncedAt")""")
    section = LAKE.format(url=lake.replace("postgresql:", "postgresql+psycopg:", 1))
    for killed in range(1, 4):
        process = subprocess.Popen([sys.executable, "-c", _LOAD_IN_PIECES, section, url])
        pieces = "select count(*) from concord.loads where entity = 'orders'"
        while rows(url, pieces) < [(killed,)] and process.poll() is None:
            time.sleep(0.01)
        assert process.poll() is None
        process.kill()
        process.wait()
    subprocess.run([sys.executable, "-c", _LOAD_IN_PIECES, section, url], check=True)
    same = 'select id::text from shopify."Order"'
    assert sorted(rows(url, "select order_id from raw.orders")) == sorted(rows(lake, same))
    loaded = "select sum(received), sum(inserted), sum(updated) from concord.loads where entity = "
    assert rows(url, f"{loaded} 'orders'") == [(12000, 12000, 0)]
    assert rows(url, f"{loaded} 'order_lines'") == [(12000, 12000, 0)]


def test_nothing_can_be_written_through_a_query(lake: str, url: str):
    section = tomllib.loads(LAKE.format(url=lake.replace("postgresql:", "postgresql+psycopg:", 1)))
    section["entities"] = [
        {
            "entity": "agents",
            "query": "select * from pg_catalog.set_config('a.b', lo_create(0)::text, false) as id",
            "columns": {"agent_id": "id"},
        }
    ]
    with pytest.raises(Exception, match="read-only transaction"):
        loading.load(build("lake", section, Path()), url)
