"""Answers kept as long as readers see one publication: each is made once, and carries an ETag.

The warehouse is asked once a second for the newest entry of the publication ledger, so that a new
publication or a hold shows within a second. How an answer is made belongs to `app`.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from time import monotonic
from typing import Any

import psycopg
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

MOST_KEPT = 256
SECONDS_UNASKED = 1


@dataclass(frozen=True)
class Answer:
    """What is sent, with a tag that is the same for the same content."""

    content: bytes
    media_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    def to(self, request: Request) -> Response:
        """Respond with the content, or with 304 where the browser has it already."""
        known = request.headers.get("if-none-match", "").split(",")
        headers = {**self.headers, "ETag": self.tag}
        if self.tag in {tag.strip().removeprefix("W/") for tag in known}:
            return Response(status_code=304, headers=headers)
        return Response(self.content, headers=headers, media_type=self.media_type)


class Answers:
    """The answers of one publication; the least recently used make room for others.

    Lives in one event loop; what is slow runs in threads, and who asks meanwhile waits for it.
    """

    def __init__(self, url: str) -> None:
        self._ledger = Ledger(url)
        self._newest: asyncio.Task[Any] | None = None
        self._asked_at = 0.0
        self._entry: Any = None
        self._kept: OrderedDict[Hashable, asyncio.Task[Answer]] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer under `key`, made now if there is none of this publication."""
        entry = await self._newest_entry()
        if entry != self._entry:
            self._entry = entry
            self._kept.clear()
        task = self._kept.get(key)
        if task is None or _has_failed(task):
            task = self._kept[key] = asyncio.create_task(run_in_threadpool(make))
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return await asyncio.shield(task)

    async def _newest_entry(self) -> object:
        is_old = monotonic() - self._asked_at >= SECONDS_UNASKED
        if self._newest is None or _has_failed(self._newest) or (is_old and self._newest.done()):
            self._asked_at = monotonic()
            self._newest = asyncio.create_task(run_in_threadpool(self._ledger.newest))
        return await asyncio.shield(self._newest)


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


class Ledger:
    """The publication ledger, read over one connection that stays open."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None

    def newest(self) -> tuple[Any, ...] | None:
        """Return what identifies the newest entry; None if there is none."""
        try:
            return self._read()
        except psycopg.OperationalError:
            # The server may have been restarted: a new connection says whether it is there.
            self._connection = None
            return self._read()

    def _read(self) -> tuple[Any, ...] | None:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=10, tcp_user_timeout=10_000
            )
        try:
            return self._connection.execute(
                "select publication_id, happened_at from published.publication_state"
                " order by publication_id desc limit 1"
            ).fetchone()
        except psycopg.errors.UndefinedTable:
            return None
