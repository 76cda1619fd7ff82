"""Somebody at the fake's API: asks, and makes what a test needs."""

from typing import Any, NamedTuple

import requests

from tests.fixtures.metabase_server import FakeMetabase

Json = dict[str, Any]


class Reply(NamedTuple):
    """The status and the body of an answer."""

    status: int
    body: Any


class Hands:
    """Who asks: `hands.post("card", ...)` and so on, below `/api/`."""

    def __init__(self, fake: FakeMetabase, key: str | None = None, **headers: str) -> None:
        self.fake = fake
        self.headers = headers | ({"X-API-Key": key} if key else {})

    def get(self, path: str, **query: Any) -> Reply:
        return self.ask("GET", path, None, **query)

    def post(self, path: str, body: Any = None, **query: Any) -> Reply:
        return self.ask("POST", path, body, **query)

    def put(self, path: str, body: Any = None, **query: Any) -> Reply:
        return self.ask("PUT", path, body, **query)

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Reply:
        url = f"{self.fake.url}/api/{path}"
        answer = requests.request(
            method, url, json=body, params=query, headers=self.headers, timeout=20
        )
        is_json = "json" in answer.headers["content-type"] and answer.content
        return Reply(answer.status_code, answer.json() if is_json else answer.text)

    def made(self, path: str, body: Json) -> Json:
        """Create what must be possible to create."""
        reply = self.post(path, body)
        assert reply.status == 200, reply
        return reply.body

    def database(self, **details: Any) -> int:
        body = {"name": "Warehouse", "engine": "postgres", "details": details}
        return self.made("database", body)["id"]

    def card(self, database_id: int, text: str = "select 1 as n", **changed: Any) -> int:
        """Create a card; `tags` takes the types of its template tags by name."""
        tags = {name: tag(name, kind) for name, kind in changed.pop("tags", {}).items()}
        query = {"type": "native", "database": database_id, "native": native(text, tags)}
        body = {"name": "A card", "display": "table", "visualization_settings": {}}
        return self.made("card", {**body, "dataset_query": query, **changed})["id"]

    def dashboard(self, name: str = "A dashboard", **changed: Any) -> int:
        return self.made("dashboard", {"name": name, **changed})["id"]


def native(text: str, tags: Json) -> Json:
    return {"query": text, "template-tags": tags}


def tag(name: str, kind: str = "text", **changed: Any) -> Json:
    shown = {"id": f"id-of-{name}", "name": name, "display-name": name.title(), "type": kind}
    return shown | changed
