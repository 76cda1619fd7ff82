"""The simulated network's content, indexed as its API pages through it.

Statuses come from `network.py`; here they get their accounts, their counts, and their place
in timelines and threads. What is asked for and answered belongs to `mastodon.py`.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Status = dict[str, Any]


@dataclass
class Timeline:
    """Statuses in order of time; `page` gives them newest first."""

    ids: list[int] = field(default_factory=list)
    items: list[Status] = field(default_factory=list)

    def add(self, status: Status) -> None:
        """Append the next newer status."""
        self.ids.append(int(status["id"]))
        self.items.append(status)

    def page(self, limit: int, max_id: int | None, since_id: int | None) -> list[Status]:
        """Return up to `limit` statuses older than max_id and newer than since_id."""
        end = len(self.ids) if max_id is None else bisect_left(self.ids, max_id)
        start = 0 if since_id is None else bisect_left(self.ids, since_id + 1)
        return self.items[max(start, end - limit) : end][::-1]


@dataclass
class Network:
    """Everything that the API can show."""

    accounts: dict[str, dict[str, Any]]
    statuses: dict[str, Status] = field(default_factory=dict)
    by_account: dict[str, Timeline] = field(default_factory=lambda: defaultdict(Timeline))
    mentions: dict[str, Timeline] = field(default_factory=lambda: defaultdict(Timeline))
    by_tag: dict[str, Timeline] = field(default_factory=lambda: defaultdict(Timeline))
    answers: dict[str, list[Status]] = field(default_factory=lambda: defaultdict(list))

    def account(self, name: str) -> dict[str, Any] | None:
        """Return the account with a user name, with or without @ and server."""
        wanted = name.lstrip("@").split("@")[0].lower()
        return next((a for a in self.accounts.values() if a["acct"].lower() == wanted), None)

    def ancestors(self, status: Status) -> list[Status]:
        """Return what a status answers, the oldest first."""
        parent = self.statuses.get(status["in_reply_to_id"] or "")
        return [*self.ancestors(parent), parent] if parent else []

    def descendants(self, status: Status) -> Iterator[Status]:
        """Give all answers to a status, and the answers to these."""
        for answer in self.answers.get(status["id"], []):
            yield answer
            yield from self.descendants(answer)


def build_network(accounts: Iterable[Status], statuses: Iterable[Status]) -> Network:
    """Return the network of these accounts and statuses."""
    network = Network({account["id"]: _with_empties(account) for account in accounts})
    for status in sorted(statuses, key=lambda status: int(status["id"])):
        _add(network, status)
    return network


def _with_empties(account: Mapping[str, Any]) -> dict[str, Any]:
    return {**account, "locked": False, "note": "", "fields": [], "emojis": [], "group": False}


def _add(network: Network, given: Status) -> None:
    author, mentioned, tags = (given.pop(key) for key in ("account_id", "mention_ids", "tags"))
    boosted = network.statuses.get(given.pop("reblog_id") or "")
    account = network.accounts[author]
    status: Status = {
        **given,
        "account": account,
        "url": f"{account['url']}/{given['id']}",
        "uri": f"{account['url']}/{given['id']}",
        "reblog": boosted,
        "mentions": [_mention(network.accounts[account_id]) for account_id in mentioned],
        "tags": [{"name": tag, "url": f"/tags/{tag}"} for tag in tags],
        **dict.fromkeys(("replies_count", "reblogs_count"), 0),
        **{"spoiler_text": "", "sensitive": False, "edited_at": None, "media_attachments": []},
    }
    network.statuses[status["id"]] = status
    network.by_account[author].add(status)
    for account_id in mentioned:
        network.mentions[account_id].add(status)
    for tag in tags:
        network.by_tag[tag].add(status)
    if boosted:
        boosted["reblogs_count"] += 1
    if parent := network.statuses.get(status["in_reply_to_id"] or ""):
        parent["replies_count"] += 1
        network.answers[parent["id"]].append(status)


def _mention(account: Mapping[str, Any]) -> dict[str, Any]:
    return {key: account[key] for key in ("id", "username", "acct", "url")}
