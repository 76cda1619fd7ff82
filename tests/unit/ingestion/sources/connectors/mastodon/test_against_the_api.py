"""Our requests against Mastodon's OpenAPI document, our rows against recorded answers."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from ingestion.retries import RetryPolicy
from ingestion.sources.connectors.mastodon import MastodonSource
from ingestion.sources.connectors.mastodon.config import read_config
from tests.fixtures.mastodon_server import FakeMastodon, account, mention, served, status

ROOT = Path(__file__).parents[6]
SHARED = ROOT.parent / "shared"
OPENAPI = SHARED / "specs" / "mastodon.openapi.json"
RECORDED = SHARED / "fixtures" / "mastodon_recorded_responses.jsonl.gz"
README = ROOT / "ingestion" / "sources" / "connectors" / "mastodon" / "README.md"


def needs(path: Path):
    return pytest.mark.skipif(not path.exists(), reason=f"needs ../shared: {path.name} is absent")


def read(fake: FakeMastodon, **account_keys):
    section = {
        "base_url": fake.url,
        "access_token": "token",
        "accounts": [{"brand": "Acme", **account_keys}],
        "page_size": 2,
    }
    source = MastodonSource("social", read_config("social", section), RetryPolicy())
    return list(source.extract({}))


@pytest.fixture(scope="module")
def requests_made():
    """Return every kind of request that the source makes."""
    acme = account(1, "acme")
    with served(FakeMastodon()) as fake:
        fake.accounts = [acme]
        fake.tokens = {"token": "acme"}
        fake.statuses = [
            status(n, acme, f"2025-06-0{n}T10:00:00Z", "x", tags=["acme"], replies_count=1)
            for n in range(1, 6)
        ]
        fake.notifications = [mention(n, fake.statuses[n]) for n in range(1, 5)]
        read(fake, handle="acme", hashtags=["acme"])
    return fake.asked


@pytest.mark.shared
@needs(OPENAPI)
def test_every_request_has_a_documented_path_and_documented_query_names(requests_made):
    paths = json.loads(OPENAPI.read_text())["paths"]
    for asked in requests_made:
        documented = next(p for p in _specific_first(paths) if _matches(p, asked.path))
        parameters = paths[documented]["get"].get("parameters", [])
        names = {p["name"]: p["schema"]["type"] for p in parameters if p["in"] == "query"}
        for sent in asked.query:
            # Rails reads a list from `name[]`, which the document writes as an array `name`.
            assert names[sent.removesuffix("[]")] == "array" or "[]" not in sent
    assert len({next(p for p in _specific_first(paths) if _matches(p, a.path))
                for a in requests_made}) == 6  # fmt: skip


def test_the_readme_lists_every_endpoint_that_is_asked(requests_made):
    listed = re.findall(r"^\| `(/api/[^`]+)`", README.read_text(), re.M)
    for asked in requests_made:
        assert any(_matches(path, asked.path) for path in listed), asked.path
    for path in listed:
        assert any(_matches(path, asked.path) for asked in requests_made), path


@pytest.mark.shared
@needs(RECORDED)
def test_recorded_statuses_become_rows_without_loss():
    recorded = {said["id"]: said for said in _recorded_statuses()}
    authors = Counter(said["account"]["id"] for said in recorded.values())
    brand_id = authors.most_common(1)[0][0]
    brand = next(s["account"] for s in recorded.values() if s["account"]["id"] == brand_id)
    with served(FakeMastodon()) as fake:
        fake.accounts, fake.statuses = [brand], list(recorded.values())
        fake.tokens = {"token": brand["acct"]}
        fake.notifications = _recorded_mentions()
        extracts = read(fake, handle=brand["acct"])
    rows = {r["message_id"]: r for e in extracts if e.table.name == "messages"
            for r in e.batch.to_pylist()}  # fmt: skip
    assert not [reject for extract in extracts for reject in extract.rejects]
    assert authors[brand_id] == sum(row["direction"] == "outbound" for row in rows.values())
    assert {n["status"]["id"] for n in fake.notifications} <= set(rows)
    for number, row in rows.items():
        _assert_same(row, recorded[number])


def _assert_same(row, said) -> None:
    assert row["is_public"] == (said["visibility"] in ("public", "unlisted"))
    assert row["in_reply_to_id"] == said["in_reply_to_id"]
    assert row["replies"] == said["replies_count"]
    assert row["author_handle"] == said["account"]["acct"].lower()
    assert f"{row['sent_at']:%Y-%m-%dT%H:%M:%S}" == said["created_at"][:19]
    assert "<" not in row["text"]
    bare = re.sub(r"<[^>]*>|\s", "", said["spoiler_text"] + said["content"])
    if "&" not in bare:
        assert re.sub(r"\s", "", row["text"]) == bare


def _recorded_statuses():
    for line in gzip.decompress(RECORDED.read_bytes()).splitlines():
        yield from _statuses_in(json.loads(line)["body"])


def _statuses_in(value):
    if isinstance(value, dict):
        if {"content", "visibility", "account", "created_at"} <= set(value):
            yield value
        for inner in value.values():
            yield from _statuses_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _statuses_in(inner)


def _recorded_mentions():
    found = {}
    for line in gzip.decompress(RECORDED.read_bytes()).splitlines():
        answer = json.loads(line)
        if answer["path"].startswith("/api/v1/notifications") and isinstance(answer["body"], list):
            for item in answer["body"]:
                if item.get("type") == "mention":
                    found[item["id"]] = item
    return list(found.values())


def _specific_first(paths):
    return sorted(paths, key=lambda path: path.count("{"))


def _matches(documented: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", documented), path) is not None
