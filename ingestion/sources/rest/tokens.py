"""Tokens that sign requests: asked for when they are needed, or made by a key for each call.

Which of them an API wants is declared in `authentication`.
"""

import time
from dataclasses import dataclass, field

import jwt
import requests
from requests.auth import AuthBase

from ingestion.errors import SourceRefused
from ingestion.http import Api, ApiSession, Bearer

# A token is renewed so long before its end, in seconds.
EARLY = 60
LIFETIME = 3600
# So long a signed token holds, in seconds; Ghost takes none that holds longer.
SIGNED_FOR = 300


@dataclass(frozen=True)
class Grant:
    """What asks for a token, signed by `auth`, and its place in the answer.

    It lasts `lifetime` seconds, unless the answer says it, and goes bare into `header`, or else
    into Authorization.
    """

    request: requests.Request
    place: str = "access_token"
    lifetime: int = LIFETIME
    header: str | None = None
    auth: AuthBase = field(default=Bearer(None), repr=False)


class AccessToken(AuthBase):
    """Sign requests with an access token, which is asked for when it is needed."""

    def __init__(self, source: str, grant: Grant, secrets: tuple[str, ...]) -> None:
        self._source = source
        self._grant = grant
        self._session = ApiSession(Api(source, str(grant.request.url), grant.auth, secrets))
        self._token: str | None = None
        self._ends_at = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is None or time.monotonic() > self._ends_at:
            self._renew()
        if self._grant.header:
            request.headers[self._grant.header] = f"{self._token}"
        else:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _renew(self) -> None:
        grant = self._grant
        answer = self._session.send(grant.request).body
        if not isinstance(answer, dict) or not isinstance(answer.get(grant.place), str):
            problem = f"{grant.request.url} gave no {grant.place}"
            raise SourceRefused(self._source, problem, "Check `auth` and the rights that it has.")
        self._token = answer[grant.place]
        lifetime = answer.get("expires_in", grant.lifetime)
        known = lifetime if isinstance(lifetime, int) else grant.lifetime
        self._ends_at = time.monotonic() + max(known - EARLY, known / 2)


class SignedToken(AuthBase):
    """Sign each request anew: the token ends before a long load does."""

    def __init__(self, key: str, audience: str, scheme: str) -> None:
        """Take a key of an id and a secret, with a colon between them."""
        self._id, _, self._secret = key.partition(":")
        self._audience = audience
        self._scheme = scheme

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        now = int(time.time())
        said = {"iat": now, "exp": now + SIGNED_FOR, "aud": self._audience}
        secret = bytes.fromhex(self._secret)
        token = jwt.encode(said, secret, algorithm="HS256", headers={"kid": self._id})
        request.headers["Authorization"] = f"{self._scheme} {token}"
        return request
