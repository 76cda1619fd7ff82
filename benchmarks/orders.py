"""A shop's orders in one CSV file, as long as wanted, always the same."""

from pathlib import Path
from typing import Any

from pyarrow import csv

from benchmarks.exports import shop
from benchmarks.exports.batch import Batch, Volume

# The columns, and what PostgreSQL would call their types.
COLUMNS = {
    "order_id": "text",
    "customer_id": "text",
    "ordered_at": "timestamptz",
    "gross_amount": "numeric",
    "refunded_amount": "numeric",
    "margin_amount": "numeric",
    "channel": "text",
    "brand": "text",
    "campaign_id": "text",
}
_ORDERS_A_PERSON = 5


def section(path: Path) -> dict[str, Any]:
    """Return the section of concord.toml that would map the file."""
    columns = {name: name for name in COLUMNS}
    entity = {"entity": "orders", "path": str(path), "columns": columns}
    return {"kind": "files", "entities": [entity]}


def write(path: Path, rows: int) -> None:
    """Write `rows` orders."""
    volume = Volume(persons=rows // _ORDERS_A_PERSON, orders=rows, sends=0, tickets=0, messages=0)
    csv.write_csv(shop.orders(Batch(0, volume)), path)
