"""Risk: what people say on a server that is none of ours is missed, or stays as it was first read.

mastodon-mock keeps accounts, statuses and notifications as Mastodon does. It differs in one thing:
the link to the next page of mentions asks for notifications of every kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingestion.sources import build
from tests.fixtures.connectors import load
from tests.fixtures.live_servers import PYTHON, Client, free_port, require, running

pytestmark = pytest.mark.live

ACCOUNTS = """
[[seed.accounts]]
username = "acme"
access_token = "token-of-acme"
[[seed.accounts]]
username = "ann"
access_token = "token-of-ann"
"""


@dataclass(frozen=True)
class Person:
    """Somebody with an account, who says, changes and deletes."""

    client: Client

    def say(self, words: str, answering: str | None = None, **given: str) -> str:
        said = {"status": words, "in_reply_to_id": answering, **given}
        return self.client.call("POST", "/statuses", json=said)["id"]

    def change(self, status: str, words: str) -> None:
        self.client.call("PUT", f"/statuses/{status}", json={"status": words})

    def like(self, status: str) -> None:
        self.client.call("POST", f"/statuses/{status}/favourite")

    def delete(self, status: str) -> None:
        self.client.call("DELETE", f"/statuses/{status}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    require(PYTHON, "make test-live installs it")
    config, port = tmp_path / "accounts.toml", free_port()
    config.write_text(ACCOUNTS)
    options = ["--config", config, "--in-memory", "--host", "127.0.0.1", "--port", port]
    with running([PYTHON, "-m", "mastodon_mock", "serve", *options], port, tmp_path) as url:
        yield url


@pytest.fixture
def acme(server: str) -> Person:
    return Person(Client(f"{server}/api/v1", {"Authorization": "Bearer token-of-acme"}))


@pytest.fixture
def ann(server: str) -> Person:
    return Person(Client(f"{server}/api/v1", {"Authorization": "Bearer token-of-ann"}))


@pytest.fixture
def source(server: str):
    section = {
        "kind": "mastodon",
        "base_url": server,
        "access_token": "token-of-acme",
        "page_size": 2,
        "campaign_hashtags": {"summer": "summer-2026"},
        "accounts": [{"handle": "acme", "brand": "Acme", "hashtags": ["acmefail"]}],
    }
    return build("social", section, Path())


def test_messages_follow_what_is_said_changed_and_deleted(acme, ann, source):
    broke = ann.say("@acme it broke", language="en")
    sorry = acme.say("@ann sorry!", broke)
    never = ann.say("never again", sorry)
    whisper = ann.say("@acme my number", visibility="direct")
    tagged = ann.say("so much for #acmefail")
    summer = acme.say("New for #summer")
    ann.like(summer)

    first = load(source)
    said = first.of("messages", "message_id", "direction", "in_reply_to_id", "is_public", "text")
    assert set(said) == {
        (broke, "inbound", None, True, "@acme it broke"),
        (sorry, "outbound", broke, True, "@ann sorry!"),
        (never, "inbound", sorry, True, "never again"),
        (whisper, "inbound", None, False, "@acme my number"),
        (tagged, "inbound", None, True, "so much for #acmefail"),
        (summer, "outbound", None, True, "New for #summer"),
    }
    counts = {row["message_id"]: row for row in first.of("messages")}
    assert counts[summer]["likes"] == 1
    assert counts[summer]["campaign_id"] == "summer-2026"
    assert counts[sorry]["replies"] == 1
    assert counts[broke]["language"] == "en"
    accounts = first.of("social_accounts", "handle", "is_brand", "followers")
    assert set(accounts) == {("acme", True, 0), ("ann", False, 0)}

    ann.change(broke, "@acme it broke twice")
    ann.like(sorry)
    acme.delete(summer)
    later = ann.say("@acme hello?")
    second = load(source, first.state)
    texts = dict(second.of("messages", "message_id", "text"))
    assert texts[broke] == "@acme it broke twice"
    assert texts[later] == "@acme hello?"
    assert dict(second.of("messages", "message_id", "likes"))[sorry] == 1
    assert [row["message_id"] for row in second.left["messages"]] == [summer]


def test_pages_are_read_to_their_end(acme, ann, source):
    asked = [ann.say(f"@acme question {number}") for number in range(7)]
    answers = [acme.say(f"@ann answer {number}", each) for number, each in enumerate(asked)]
    read = load(source).of("messages", "message_id")
    assert sorted(read) == sorted([*asked, *answers])
