"""The web shop: the part of Shopify's GraphQL Admin API that its source reads.

A query is not parsed: it names the list, and how much of it at once unless a variable does; others
say from where on, and since which change. Signing in is by client credentials. What the lists hold
belongs to `storefront.py`.
"""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.servers.http import Answer, Api, Request
from ingestion.demo.servers.storefront import CustomerList, Listing, OrderList

LARGEST_PAGE = 250
LARGEST_LIST = 25_000
CLIENT = {"client_id": ["demo-app"], "client_secret": ["demo-secret"]}
GRANT = {"grant_type": ["client_credentials"]}
TOKEN = "demo-token"  # noqa: S105 - opens the demo company alone
UNKNOWN_CLIENT = Answer({"error": "invalid_client"}, 400)
UNKNOWN_TOKEN = Answer({"errors": "[API] Invalid API key or access token"}, 401)
ASKED = re.compile(
    r"(\w+)\(first: (\d+|\$first), after: \$after, query: \$query, sortKey: UPDATED_AT\)"
)
SINCE = re.compile(r"updated_at:>='([^']+)'")


class Shopify(Api):
    """The shop's API."""

    MISSING = Answer({"errors": "Not Found"}, 404)

    def __init__(self, company: Company) -> None:
        self.lists: dict[str, Listing] = {
            "orders": OrderList(company),
            "customers": CustomerList(company),
        }

    def token(self, request: Request) -> Answer:
        """Answer with an access token, for the app of the demo company."""
        if parse_qs(request.body.decode()) != CLIENT | GRANT:
            return UNKNOWN_CLIENT
        scope = "read_orders,read_all_orders,read_customers"
        return Answer({"access_token": TOKEN, "scope": scope, "expires_in": 86_399})

    def graphql(self, request: Request) -> Answer:
        """Answer with a page of a list."""
        if request.headers.get("X-Shopify-Access-Token") != TOKEN:
            return UNKNOWN_TOKEN
        posted = json.loads(request.body)
        asked = ASKED.search(posted["query"])
        if asked is None or asked[1] not in self.lists:
            return _refusal("The query asks for no list that there is")
        variables = posted.get("variables") or {}
        first = int(variables["first"] if asked[2] == "$first" else asked[2])
        if not 1 <= first <= LARGEST_PAGE:
            return _refusal(f"first cannot exceed {LARGEST_PAGE}")
        page = _page(self.lists[asked[1]], first, variables)
        return Answer({"data": {asked[1]: page}}) if page else _refusal("Invalid search")

    ROUTES = (
        (r"/admin/oauth/access_token", token),
        (r"/admin/api/\d{4}-\d{2}/graphql\.json", graphql),
    )


def _page(listing: Listing, first: int, variables: dict[str, Any]) -> dict[str, Any] | None:
    """Return a page of what changed since the time of a search; nothing if that is no such search.

    A cursor is the place behind the page.
    """
    start = 0
    if query := variables.get("query"):
        if (since := SINCE.fullmatch(query)) is None:
            return None
        changed_at = datetime.fromisoformat(since[1]).timestamp()
        start = int(np.searchsorted(listing.changed, changed_at))
    last = min(start + LARGEST_LIST, len(listing.changed))
    begin = int(variables.get("after") or start)
    end = min(begin + first, last)
    info = {"hasNextPage": end < last, "endCursor": str(end)}
    return {"nodes": listing.nodes(begin, end), "pageInfo": info}


def _refusal(problem: str) -> Answer:
    """Refuse as GraphQL does, with the status of success."""
    return Answer({"errors": [{"message": problem}]})
