"""The Mastodon source: what a brand and the people around it say, and how it is received.

A module, since a declaration can't say it: accounts are found by their handles, lists are read back
until a page is old, threads are asked for by what the brand's own statuses say, and a message's
brand and direction follow from who is mentioned. This file builds the source, finds its accounts.
See README.md for the configuration, the endpoints and what can't be seen without a token.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingestion.contract import Entity
from ingestion.errors import SourceAnswerBroken, SourceRefused
from ingestion.http import Answer, Api, ApiSession, Bearer
from ingestion.mapping.preview import SectionPreview
from ingestion.retries import RetryPolicy
from ingestion.sources.base import Extract
from ingestion.sources.connectors.mastodon.client import MastodonClient
from ingestion.sources.connectors.mastodon.config import BrandAccount, Config, read_config
from ingestion.sources.connectors.mastodon.preview import previews
from ingestion.sources.connectors.mastodon.reading import FoundAccount, Reading
from ingestion.sources.connectors.mastodon.rows import (
    ACCOUNTS,
    AUDIENCE,
    MESSAGES,
    Brands,
    UnusableError,
    social_account,
)


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> "MastodonSource":
    """Return the source that a section describes; ConfigurationFaults names all its faults.

    `base_dir` is for kinds of source that read files; this one has none.
    """
    return MastodonSource(name, read_config(name, section))


@dataclass(frozen=True)
class MastodonSource:
    """One Mastodon server and the brand accounts on it."""

    name: str
    config: Config
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    kind: str = "mastodon"

    def check(self) -> str:
        """Report which accounts were found, and whose mentions can't all be seen."""
        found = self._find_accounts()
        handles = ", ".join(each.account.handle for each in found)
        blind = ", ".join(each.account.handle for each in found if not each.owns_token)
        said = f"{self.config.base_url} knows {handles}"
        if not blind:
            return said
        return f"{said}; without a token of {blind}, mentions outside its threads stay unseen"

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        """Yield what is new or may have changed since `state`, batch by batch."""
        yield from Reading(self.config, self._find_accounts(), state).extracts()

    def tables(self) -> tuple[Entity, ...]:
        """Return the entities that the server fills."""
        return MESSAGES, ACCOUNTS, AUDIENCE

    def previews(self, entity: str | None, rows: int) -> Iterator[SectionPreview]:
        """Yield what each list begins with, for one entity or for all."""
        yield from previews(self.config, self._find_accounts(), entity, rows)

    def _find_accounts(self) -> list[FoundAccount]:
        clients = {account.token: self._client(account) for account in self.config.accounts}
        owners = {
            token: _account_id(self.name, client.token_owner())
            for token, client in clients.items()
            if token
        }
        found = [
            self._find(account, clients[account.token], owners.get(account.token or ""))
            for account in self.config.accounts
        ]
        strangers = set(owners.values()) - {each.account_id for each in found}
        if strangers:
            problem = "an access token belongs to an account that is not among the configured ones"
            raise SourceRefused(self.name, problem, "Make the token with the brand's own account.")
        return found

    def _client(self, account: BrandAccount) -> MastodonClient:
        config, token = self.config, account.token
        secrets = (token,) if token else ()
        api = Api(self.name, config.base_url, Bearer(token), secrets, config.answer_megabytes)
        session = ApiSession(api, self.retry_policy, self.sleep)
        return MastodonClient(session, config.page_size)

    def _find(
        self, account: BrandAccount, client: MastodonClient, owner: str | None
    ) -> FoundAccount:
        answer = client.lookup(account.handle)
        if answer is None:
            problem = f"{self.config.base_url} knows no account {account.handle}"
            raise SourceRefused(self.name, problem, "Check the handle and base_url.")
        account_id = _account_id(self.name, answer)
        try:
            social_account(answer.body, Brands({}, {}), [])
        except UnusableError as fault:
            problem = f"of the account {account.handle}, {fault}"
            raise SourceAnswerBroken(self.name, problem, "Check base_url.") from None
        owns_token = owner == account_id
        return FoundAccount(
            account, account_id, answer.body, answer.answered_at, client, owns_token
        )


def _account_id(source: str, answer: Answer) -> str:
    body = answer.body
    if isinstance(body, Mapping) and body.get("id") and body.get("acct"):
        return str(body["id"])
    raise SourceAnswerBroken(source, "an account came without id or acct", "Check base_url.")
