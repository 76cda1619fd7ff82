"""The simulated network over real HTTP: the part of Mastodon's API that its source reads.

Answers what ingestion/sources/connectors/mastodon/README.md lists, with Link headers, on loopback
only. A brand account's token is `demo-<handle>`. The Date header gives the simulated day.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from ingestion.demo.company import Company
from ingestion.demo.manifest import read_manifest
from ingestion.demo.network import account_lines, status_lines
from ingestion.demo.timelines import Network, Timeline, build_network

LARGEST_PAGE = 80
KEY_PREFIX = "demo-"
UNKNOWN_BEARER = "The access token is invalid"


class ApiServer(ThreadingHTTPServer):
    """An HTTP server that knows the network and the simulated time."""

    daemon_threads = True

    def __init__(self, port: int, network: Network, now: datetime) -> None:
        # http.server looks a method up by the name of the request's verb
        handler = type("GetHandler", (ApiHandler,), {"do_GET": ApiHandler.answer})
        super().__init__(("127.0.0.1", port), handler)
        self.network = network
        self.now = now

    @property
    def base_url(self) -> str:
        """Address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class ApiHandler(BaseHTTPRequestHandler):
    """Answers one connection's requests."""

    server: ApiServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer
    disable_nagle_algorithm = True

    def answer(self) -> None:
        """Answer a request."""
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        for pattern, respond in ROUTES:
            if found := re.fullmatch(pattern, url.path):
                return respond(self, query, *found.groups())
        return self.refuse(404, "Record not found")

    def lookup(self, query: dict[str, str]) -> None:
        """Answer with the account of a name."""
        account = self.server.network.account(query.get("acct", ""))
        return self.say(account) if account else self.refuse(404, "Record not found")

    def account_statuses(self, query: dict[str, str], account_id: str) -> None:
        """Answer with a page of an account's statuses."""
        if account_id not in self.server.network.accounts:
            return self.refuse(404, "Record not found")
        return self.page(self.server.network.by_account[account_id], query)

    def tagged(self, query: dict[str, str], tag: str) -> None:
        """Answer with a page of a hashtag's statuses."""
        return self.page(self.server.network.by_tag[tag.lower()], query)

    def token_owner(self, query: dict[str, str]) -> None:
        """Answer with the account that the token belongs to."""
        account = self.authorised()
        return self.say(account) if account else self.refuse(401, UNKNOWN_BEARER)

    def notifications(self, query: dict[str, str]) -> None:
        """Answer with a page of mentions of the token's account."""
        if (account := self.authorised()) is None:
            return self.refuse(401, UNKNOWN_BEARER)
        return self.page(self.server.network.mentions[account["id"]], query, _notification)

    def authorised(self) -> dict[str, Any] | None:
        """Return the account whose token the request carries."""
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        known = token.startswith(KEY_PREFIX)
        return self.server.network.account(token.removeprefix(KEY_PREFIX)) if known else None

    def context(self, query: dict[str, str], status_id: str) -> None:
        """Answer with the thread around a status."""
        network = self.server.network
        if not (status := network.statuses.get(status_id)):
            return self.refuse(404, "Record not found")
        descendants = list(network.descendants(status))
        return self.say({"ancestors": network.ancestors(status), "descendants": descendants})

    def page(self, timeline: Timeline, query: dict[str, str], show: Any = None) -> None:
        """Answer with one page, and with the link to the next one where there are more."""
        limit = max(1, min(int(query.get("limit", "20")), LARGEST_PAGE))
        bounds = [int(query[name]) if name in query else None for name in ("max_id", "since_id")]
        items = timeline.page(limit, *bounds)
        links = []
        if items:
            path = f"{self.server.base_url}{urlsplit(self.path).path}"
            kept = {"types[]": query["types[]"]} if "types[]" in query else {}
            older = urlencode({**kept, "limit": limit, "max_id": items[-1]["id"]})
            newer = urlencode({**kept, "limit": limit, "min_id": items[0]["id"]})
            more = int(items[-1]["id"]) > timeline.ids[0]
            links = [f'<{path}?{older}>; rel="next"'] if more else []
            links.append(f'<{path}?{newer}>; rel="prev"')
        shown = [show(item) for item in items] if show else items
        self.say(shown, {"Link": ", ".join(links)} if links else {})

    def refuse(self, status: int, error: str) -> None:
        """Answer with an error as Mastodon words it."""
        self.say({"error": error}, {}, status)

    def say(self, content: Any, headers: dict[str, str] | None = None, status: int = 200) -> None:
        """Send a JSON answer."""
        body = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the simulated time for the Date header."""
        return format_datetime(self.server.now, usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: nobody reads this server's log."""


def _notification(status: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": status["id"],
        "type": "mention",
        "created_at": status["created_at"],
        "account": status["account"],
        "status": status,
    }


ROUTES = (
    (r"/api/v1/accounts/verify_credentials", ApiHandler.token_owner),
    (r"/api/v1/accounts/lookup", ApiHandler.lookup),
    (r"/api/v1/accounts/(\d+)/statuses", ApiHandler.account_statuses),
    (r"/api/v1/notifications", ApiHandler.notifications),
    (r"/api/v1/timelines/tag/([^/]+)", ApiHandler.tagged),
    (r"/api/v1/statuses/(\d+)/context", ApiHandler.context),
)


@contextmanager
def serve(shown: Company | Path, port: int = 0) -> Iterator[str]:
    """Serve a company's network, or that of a folder of exports; give the base URL.

    Port 0 takes any free one. The server stops when the context ends.
    """
    server = ApiServer(port, *(_of_folder(shown) if isinstance(shown, Path) else _of(shown)))
    thread = Thread(target=server.serve_forever, name="demo network", daemon=True)
    thread.start()
    try:
        yield server.base_url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _of(company: Company) -> tuple[Network, datetime]:
    lines = (show(company)["line"].tolist() for show in (account_lines, status_lines))
    return build_network(*lines), datetime.fromtimestamp(company.clock.as_of, UTC)


def _of_folder(folder: Path) -> tuple[Network, datetime]:
    manifest = read_manifest(folder)
    if manifest is None:
        raise FileNotFoundError(f"{folder} holds no exports of the demo company")
    lines = (
        (folder / "social" / name).read_bytes()[: manifest.files[f"social/{name}"].size].decode()
        for name in ("accounts.jsonl", "statuses.jsonl")
    )
    return build_network(*(text.splitlines() for text in lines)), manifest.as_of
