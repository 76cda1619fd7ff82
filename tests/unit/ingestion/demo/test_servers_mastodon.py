"""The simulated network must page and refuse as Mastodon does, or the source learns nothing."""

import json
from email.utils import parsedate_to_datetime
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest

from ingestion.demo.exports import write_exports
from ingestion.demo.network import status_ids
from ingestion.demo.records import size
from ingestion.demo.servers import serve
from ingestion.demo.social import ANSWER, BOOST, FOLLOW_UP, MENTION, POST, REPLY
from ingestion.sources.connectors import mastodon


@pytest.fixture(scope="module")
def base_url(small):
    with serve(small, "mastodon") as url:
        yield url


def get(url: str, token: str | None = None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urlopen(Request(url, headers=headers)) as answer:
        return json.load(answer), answer.headers


def pages(url: str, token: str | None = None):
    while url:
        items, headers = get(url, token)
        yield items
        links = dict(reversed(part.strip().split("; rel=")) for part in headers["Link"].split(","))
        url = links.get('"next"', "").strip("<>")


def test_following_the_links_gives_every_status_once(small, base_url):
    found = []
    for handle, brand in (("alderhome", 0), ("wrenly", 1)):
        account, _ = get(f"{base_url}/api/v1/accounts/lookup?acct={handle}")
        url = f"{base_url}/api/v1/accounts/{account['id']}/statuses?limit=7"
        ids = [int(status["id"]) for page in pages(url) for status in page]
        assert ids == sorted(set(ids), reverse=True)
        own = np.isin(small.statuses.kind, (POST, REPLY, BOOST)) & (small.statuses.brand == brand)
        assert len(ids) == own.sum()
        found += ids
    assert len(found) == len(set(found))


def test_mentions_need_the_brands_token(small, base_url):
    url = f"{base_url}/api/v1/notifications?types[]=mention&limit=80"
    with pytest.raises(HTTPError, match="401"):
        get(url)
    with pytest.raises(HTTPError, match="401"):
        get(url, "demo-nobody")
    mentions = [item for page in pages(url, "demo-wrenly") for item in page]
    spoken = np.isin(small.statuses.kind, (MENTION, ANSWER, FOLLOW_UP))
    assert len(mentions) == (spoken & (small.statuses.brand == 1)).sum()
    assert {item["type"] for item in mentions} == {"mention"}


def test_unknown_things_are_not_found(base_url):
    for path in (
        "accounts/lookup?acct=nobody",
        "statuses/1/context",
        "accounts/999999999/statuses",
        "x",
    ):
        with pytest.raises(HTTPError, match="404"):
            get(f"{base_url}/api/v1/{path}")


def test_a_context_holds_the_whole_thread(small, base_url):
    said = small.statuses
    follow_up = int(np.flatnonzero(said.kind == FOLLOW_UP)[0])
    lines = {int(s) for s in (said.parent[follow_up], said.parent[said.parent[follow_up]])}
    ids = status_ids(said.at)
    root, reply = (str(ids[row]) for row in sorted(lines))
    thread, _ = get(f"{base_url}/api/v1/statuses/{reply}/context")
    assert [status["id"] for status in thread["ancestors"]] == [root]
    assert str(ids[follow_up]) in [status["id"] for status in thread["descendants"]]


def test_the_date_is_the_simulated_one(base_url, as_of):
    _, headers = get(f"{base_url}/api/v1/accounts/lookup?acct=wrenly")
    assert parsedate_to_datetime(headers["Date"]) == as_of


def test_the_mastodon_source_reads_every_status_from_a_folder(small, tmp_path):
    write_exports(small, tmp_path)
    accounts = [
        {"handle": handle, "brand": brand, "access_token": f"demo-{handle}"}
        for handle, brand in (("alderhome", "Alder Home"), ("wrenly", "Wrenly"))
    ]
    with serve(tmp_path, "mastodon") as url:
        section = {"kind": "mastodon", "base_url": url, "accounts": accounts}
        source = mastodon.build("social", section, tmp_path)
        extracts = [e for e in source.extract({}) if e.table.name == "messages"]
    assert sum(extract.batch.num_rows for extract in extracts) == size(small.statuses)
    assert not any(extract.rejects for extract in extracts)
