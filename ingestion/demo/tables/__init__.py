"""The company's exports as tables of text, in the shop's and the desk's own words.

One function a table: it returns the columns, and `_changed`, the second at which each row
became what it is. Files, duplicates and broken rows belong to `exports.py`.
"""

from ingestion.demo.tables.cells import Table, campaign_ids
from ingestion.demo.tables.desk import (
    agents,
    efforts,
    events,
    messages,
    ratings,
    responses,
    tickets,
)
from ingestion.demo.tables.marketing import ad_days, campaigns, costs, sends
from ingestion.demo.tables.shop import customers, exchange_rates, identities, orders, refunds

__all__ = [
    "Table",
    "ad_days",
    "agents",
    "campaign_ids",
    "campaigns",
    "costs",
    "customers",
    "efforts",
    "events",
    "exchange_rates",
    "identities",
    "messages",
    "orders",
    "ratings",
    "refunds",
    "responses",
    "sends",
    "tickets",
]
