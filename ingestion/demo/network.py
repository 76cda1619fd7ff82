"""The social network's view of the company: accounts and statuses as Mastodon shows them.

`servers/timelines.py` nests the account into the status and counts the replies.
"""

import html
from collections.abc import Iterator

import numpy as np

from ingestion.demo import grammar
from ingestion.demo.company import Company
from ingestion.demo.names import FIRST, full_names, handle
from ingestion.demo.parameters import BRAND_HANDLES, BRANDS, INSTANCE, TOPICS
from ingestion.demo.social import (
    ANSWER,
    BOOST,
    CAMPAIGN_TOPIC,
    FIRST_BRAND,
    FIRST_STRANGER,
    FOLLOW_UP,
    MENTION,
    POST,
    REPLY,
    STRANGERS,
)

BACKLASH_TAG = "tidyhomes"
STATUS_TOPICS = (*TOPICS, "campaign", "promise")
STRANGER_FOLLOWERS = 20 + np.arange(STRANGERS) * 7 % 900
LANGUAGES = ("en", "de", "es")
POSTS = (
    "New in the workshop: the {item} in oak and in white.",
    "How do you use your {item}? Show us a photo.",
    "Sunday idea: a {item}, a pot of tea, nothing else.",
    "The {item} is back in the stores from {span} on.",
    "Behind the scenes: this is how a {item} gets its colour.",
)
ANSWERS = (
    "Ours stands in the kitchen.", "Is that in the store in Bremen too?",
    "My {item} is in the hall.",
    "Which size is the one in the photo?", "We have the {item} in white.",
)  # fmt: skip


def accounts(company: Company) -> Iterator[dict]:
    """Give the accounts: brands, persons with a handle, strangers."""
    p, clock = company.persons, company.clock
    start = int(clock.month_start[0])
    persons = np.flatnonzero(p.has_handle)
    names = full_names(p.name[persons])
    rows = [
        (FIRST_BRAND + b, BRAND_HANDLES[b], 40_000 - 15_000 * b, start) for b in range(len(BRANDS))
    ]
    rows += [
        (int(i), handle(name, int(i)), int(p.followers[i]), int(p.acquired_at[i]))
        for i, name in zip(persons, names, strict=True)
    ]
    rows += [
        (FIRST_STRANGER + k, f"{FIRST[k % 10].lower()}.{k}", int(STRANGER_FOLLOWERS[k]), start)
        for k in range(STRANGERS)
    ]
    return (_account(*row) for row in rows)


def _account(author: int, name: str, followers: int, since: int) -> dict:
    return {
        "id": str(author + 1),
        "username": name,
        "acct": name,
        "display_name": name,
        "url": f"https://{INSTANCE}/@{name}",
        "bot": False,
        "created_at": _iso(since - 400 * 86_400 - since % 86_400),
        "followers_count": followers,
        "following_count": followers // 2,
        "statuses_count": 100,
    }


def _iso(at: int) -> str:
    return f"{np.datetime64(at, 's')}.000Z"


def status_ids(at: np.ndarray) -> np.ndarray:
    """Return the network's ids: milliseconds and a number, growing with time as Mastodon's do."""
    return (at.astype(np.int64) * 1000 << 16) + np.arange(len(at)) % (1 << 16)


def statuses(company: Company) -> Iterator[dict]:
    """Give the statuses, in the order of the company's rows."""
    s = company.statuses
    ids = status_ids(s.at).tolist()
    columns = (s.at, s.kind, s.author, s.brand, s.parent, s.likes, s.language, s.topic)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    authors = s.author.tolist()
    for row, (at, kind, author, brand, parent, likes, language, topic) in enumerate(rows):
        boosts = kind == BOOST
        answers = parent >= 0 and not boosts
        to = _addressee(kind, author, brand, authors[parent] if answers else None)
        tags = [BACKLASH_TAG] if topic == CAMPAIGN_TOPIC and kind == MENTION else []
        yield {
            "id": str(ids[row]),
            "created_at": _iso(at),
            "in_reply_to_id": str(ids[parent]) if answers else None,
            "in_reply_to_account_id": str(authors[parent] + 1) if answers else None,
            "reblog_id": str(ids[parent]) if boosts else None,
            "visibility": "public",
            "language": LANGUAGES[language],
            "content": "" if boosts else _content(status_text(company, row), to, brand, tags),
            "favourites_count": likes,
            "mention_ids": [] if boosts or to is None else [str(to + 1)],
            "tags": tags,
            "account_id": str(author + 1),
        }


def _addressee(kind: int, author: int, brand: int, answered: int | None) -> int | None:
    if kind in (MENTION, ANSWER, FOLLOW_UP):
        return FIRST_BRAND + brand
    return answered if kind == REPLY else None


def _content(text: str, to: int | None, brand: int, tags: list[str]) -> str:
    at = f"@{BRAND_HANDLES[to - FIRST_BRAND]} " if to is not None and to >= FIRST_BRAND else ""
    hashtags = "".join(f" #{tag}" for tag in tags)
    return f"<p>{html.escape(at + text + hashtags, quote=False)}</p>"


def status_text(company: Company, row: int) -> str:
    """Return the words of a status, without the handle in front."""
    s = company.statuses
    kind, words, about = int(s.kind[row]), int(s.words[row]), _about(company, row)
    sentiment, language = int(s.sentiment[row]), int(s.language[row])
    if kind == REPLY:
        return grammar.write_reply(words, about)
    if kind == FOLLOW_UP:
        return grammar.write_follow_up(words, about)
    if kind in (POST, ANSWER):
        return grammar.write_from(POSTS if kind == POST else ANSWERS, words, about)
    if language:
        writer = grammar.write_german if language == 1 else grammar.write_spanish
        return writer(sentiment, words, about)
    return grammar.write(sentiment, STATUS_TOPICS[int(s.topic[row])], words, about)


def _about(company: Company, row: int) -> int:
    """Return what the whole thread of a status is about: a number drawn by its first one."""
    parent = company.statuses.parent
    while parent[row] >= 0:
        row = int(parent[row])
    return int(company.statuses.words[row])
