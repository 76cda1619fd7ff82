"""The simulated network: the part of Mastodon's API that its source reads.

Answers what ingestion/sources/connectors/mastodon/README.md lists, with Link headers. A brand
account's token is `demo-<handle>`.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from ingestion.demo.company import Company
from ingestion.demo.network import accounts, statuses
from ingestion.demo.servers.http import Answer, Api, Request
from ingestion.demo.servers.timelines import Status, Timeline, build_network

LARGEST_PAGE = 80
KEY_PREFIX = "demo-"
UNKNOWN_BEARER = Answer({"error": "The access token is invalid"}, 401)


class Mastodon(Api):
    """The network's API."""

    def __init__(self, company: Company) -> None:
        self.network = build_network(accounts(company), statuses(company))

    def lookup(self, request: Request) -> Answer:
        """Answer with the account of a name."""
        account = self.network.account(request.query.get("acct", ""))
        return Answer(account) if account else self.MISSING

    def account_statuses(self, request: Request, account_id: str) -> Answer:
        """Answer with a page of an account's statuses."""
        if account_id not in self.network.accounts:
            return self.MISSING
        return _page(self.network.by_account[account_id], request)

    def tagged(self, request: Request, tag: str) -> Answer:
        """Answer with a page of a hashtag's statuses."""
        return _page(self.network.by_tag[tag.lower()], request)

    def token_owner(self, request: Request) -> Answer:
        """Answer with the account that the token belongs to."""
        account = self._authorised(request)
        return Answer(account) if account else UNKNOWN_BEARER

    def notifications(self, request: Request) -> Answer:
        """Answer with a page of mentions of the token's account."""
        if (account := self._authorised(request)) is None:
            return UNKNOWN_BEARER
        return _page(self.network.mentions[account["id"]], request, _notification)

    def context(self, request: Request, status_id: str) -> Answer:
        """Answer with the thread around a status."""
        if not (status := self.network.statuses.get(status_id)):
            return self.MISSING
        descendants = list(self.network.descendants(status))
        return Answer({"ancestors": self.network.ancestors(status), "descendants": descendants})

    def _authorised(self, request: Request) -> dict[str, Any] | None:
        """Return the account whose token the request carries."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        known = token.startswith(KEY_PREFIX)
        return self.network.account(token.removeprefix(KEY_PREFIX)) if known else None

    ROUTES = (
        (r"/api/v1/accounts/verify_credentials", token_owner),
        (r"/api/v1/accounts/lookup", lookup),
        (r"/api/v1/accounts/(\d+)/statuses", account_statuses),
        (r"/api/v1/notifications", notifications),
        (r"/api/v1/timelines/tag/([^/]+)", tagged),
        (r"/api/v1/statuses/(\d+)/context", context),
    )


def _page(
    timeline: Timeline, request: Request, show: Callable[[Status], Status] = lambda each: each
) -> Answer:
    """Answer with one page, and with the link to the next one where there are more."""
    query = request.query
    limit = max(1, min(int(query.get("limit", "20")), LARGEST_PAGE))
    bounds = [int(query[name]) if name in query else None for name in ("max_id", "since_id")]
    items = timeline.page(limit, *bounds)
    if not items:
        return Answer([])
    path = f"{request.base_url}{request.path}"
    kept = {"types[]": query["types[]"]} if "types[]" in query else {}
    older = urlencode({**kept, "limit": limit, "max_id": items[-1]["id"]})
    newer = urlencode({**kept, "limit": limit, "min_id": items[0]["id"]})
    links = [f'<{path}?{older}>; rel="next"'] if int(items[-1]["id"]) > timeline.ids[0] else []
    links.append(f'<{path}?{newer}>; rel="prev"')
    return Answer([show(item) for item in items], headers={"Link": ", ".join(links)})


def _notification(status: Status) -> Status:
    return {
        "id": status["id"],
        "type": "mention",
        "created_at": status["created_at"],
        "account": status["account"],
        "status": status,
    }
