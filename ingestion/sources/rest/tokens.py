"""Tokens that sign requests: asked for when they are needed, or made by a key for each call.

Which of them an API wants is declared in `authentication`.
"""

import time

import jwt
import requests
from requests.auth import AuthBase

from ingestion.errors import SourceRefused
from ingestion.http import Api, ApiSession

# A token is renewed so long before its end, in seconds.
EARLY = 60
LIFETIME = 3600
# So long a signed token holds, in seconds; Ghost takes none that holds longer.
SIGNED_FOR = 300


class AccessToken(AuthBase):
    """Sign requests with an access token, which is asked for when it is needed."""

    def __init__(
        self,
        source: str,
        request: requests.Request,
        secrets: tuple[str, ...],
        *,
        field: str = "access_token",
        lifetime: int = LIFETIME,
        header: str | None = None,
    ) -> None:
        """Ask for tokens by a request; they last `lifetime` seconds, unless the answer says.

        A token goes into Authorization, as a bearer's, or bare into another header.
        """
        self._source = source
        self._request = request
        self._session = ApiSession(Api(source, str(request.url), secrets=secrets))
        self._field = field
        self._lifetime = lifetime
        self._header = header
        self._token: str | None = None
        self._ends_at = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is None or time.monotonic() > self._ends_at:
            self._renew()
        scheme = "" if self._header else "Bearer "
        request.headers[self._header or "Authorization"] = f"{scheme}{self._token}"
        return request

    def _renew(self) -> None:
        granted = self._session.send(self._request).body
        if not isinstance(granted, dict) or not isinstance(granted.get(self._field), str):
            problem = f"{self._request.url} gave no {self._field}"
            raise SourceRefused(self._source, problem, "Check `auth` and the rights that it has.")
        self._token = granted[self._field]
        lifetime = granted.get("expires_in", self._lifetime)
        known = lifetime if isinstance(lifetime, int) else self._lifetime
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
