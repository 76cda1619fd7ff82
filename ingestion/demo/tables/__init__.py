"""The company's exports as tables of text, in the words of the tills and of the survey tools.

One function a table: it returns the columns, and `_changed`, the second at which each row
became what it is. Files, duplicates and broken rows belong to `exports.py`.
"""

from ingestion.demo.tables.cells import Table, campaign_ids
from ingestion.demo.tables.marketing import ad_days, campaigns, costs, sends
from ingestion.demo.tables.shop import exchange_rates, identities, refunds, till_orders
from ingestion.demo.tables.surveys import efforts, ratings, responses

__all__ = [
    "Table",
    "ad_days",
    "campaign_ids",
    "campaigns",
    "costs",
    "efforts",
    "exchange_rates",
    "identities",
    "ratings",
    "refunds",
    "responses",
    "sends",
    "till_orders",
]
