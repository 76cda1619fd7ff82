"""HTTP on loopback for the company's systems: requests in, JSON answers out.

Knows no system: an Api answers requests. The Date header gives the simulated day.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What was asked: parameters by name (the last of several), and the body where there is one."""

    base_url: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What is said: JSON, a status, and headers beside the usual ones."""

    content: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Api:
    """A system's API; `ROUTES` has its paths, as patterns, and the methods that answer them."""

    ROUTES: tuple[tuple[str, Callable[..., Answer]], ...] = ()
    MISSING = Answer({"error": "Record not found"}, 404)

    def answer(self, request: Request) -> Answer:
        """Answer a request; the pattern's groups are arguments of the method."""
        for pattern, respond in self.ROUTES:
            if found := re.fullmatch(pattern, request.path):
                return respond(self, request, *found.groups())
        return self.MISSING


class ApiServer(ThreadingHTTPServer):
    """An HTTP server that knows an API and the simulated time."""

    daemon_threads = True

    def __init__(self, port: int, api: Api, now: datetime) -> None:
        # http.server looks a method up by the name of the request's verb
        verbs = {"do_GET": ApiHandler.answer, "do_POST": ApiHandler.answer}
        super().__init__(("127.0.0.1", port), type("VerbHandler", (ApiHandler,), verbs))
        self.api = api
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
        """Answer a request with JSON."""
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Request(self.server.base_url, url.path, query, dict(self.headers.items()), body)
        answer = self.server.api.answer(asked)
        content = json.dumps(answer.content, ensure_ascii=False).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the simulated time for the Date header."""
        return format_datetime(self.server.now, usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: nobody reads this server's log."""


@contextmanager
def serving(api: Api, now: datetime, port: int) -> Iterator[str]:
    """Serve an API while the context lasts; give its base URL.

    A port that another has is replaced by any free one.
    """
    try:
        server = ApiServer(port, api, now)
    except OSError:
        server = ApiServer(0, api, now)
    thread = Thread(target=server.serve_forever, name="demo API", daemon=True)
    thread.start()
    try:
        yield server.base_url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
