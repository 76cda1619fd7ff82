"""How an API is signed in to: the sections of concord.toml, and what they do to a request."""

import re
import time
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import jwt
import requests
from dlt.sources.helpers.rest_client.auth import APIKeyAuth, BearerTokenAuth, HttpBasicAuth
from pydantic import AfterValidator, Field
from requests.auth import AuthBase

from ingestion.errors import SourceRefused
from ingestion.http import LOOPBACK, Api, ApiSession, Bearer
from ingestion.sections import Filled, Section, wrong

# A token is renewed so long before its end, in seconds.
EARLY = 60
LIFETIME = 3600
# So long a signed token holds, in seconds; Ghost takes none that holds longer.
SIGNED_FOR = 300


def _is_encrypted(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise wrong("is not a web address", 'Write one such as "https://login.example/token"')
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise wrong("would send secrets unencrypted", "Use https")
    return url


TokenUrl = Annotated[str, AfterValidator(_is_encrypted)]


class AuthSection(Section):
    """`auth = {...}` of an API; without one, anybody may read it."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return ()

    @property
    def signed_by(self) -> str:
        """The header that takes an access token, which must never be shown either."""
        return "Authorization"

    def auth(self, source: str) -> AuthBase:
        """Return what signs each request of a source."""
        return Bearer(None)


class BearerSection(AuthSection):
    """A token in the header Authorization."""

    type: Literal["bearer"]
    token: Filled

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.token,)

    def auth(self, source: str) -> AuthBase:
        return BearerTokenAuth(token=self.token)


class BasicSection(AuthSection):
    """A name and a password."""

    type: Literal["basic"]
    username: Filled
    password: str

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.password,) if self.password else ()

    def auth(self, source: str) -> AuthBase:
        return HttpBasicAuth(username=self.username, password=self.password)


class KeySection(AuthSection):
    """A key in a header or in the query."""

    type: Literal["api_key"]
    name: Filled = Field(description="the header, or the parameter, that takes the key")
    key: Filled
    place: Literal["header", "query"] = "header"

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.key,)

    def auth(self, source: str) -> AuthBase:
        return APIKeyAuth(name=self.name, api_key=self.key, location=self.place)


class SignedSection(AuthSection):
    """A token that the key signs for each call (JWT, RFC 7519, by HS256)."""

    type: Literal["jwt"]
    key: Filled
    audience: Filled
    scheme: Filled = "Bearer"

    @field_validator("key")
    @classmethod
    def _is_whole(cls, key: str) -> str:
        if not re.fullmatch(r"\w+:([0-9A-Fa-f]{2})+", key):
            problem = "is not an id and a secret in hexadecimal digits with a colon between them"
            raise wrong(problem, "Copy the whole key")
        return key

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.key, self.key.partition(":")[2])

    def auth(self, source: str) -> AuthBase:
        return SignedToken(self)


class SignedToken(AuthBase):
    """Sign each request anew: the token ends before a long load does."""

    def __init__(self, section: SignedSection) -> None:
        self._section = section
        self._id, _, self._secret = section.key.partition(":")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        now = int(time.time())
        said = {"iat": now, "exp": now + SIGNED_FOR, "aud": self._section.audience}
        secret = bytes.fromhex(self._secret)
        token = jwt.encode(said, secret, algorithm="HS256", headers={"kid": self._id})
        request.headers["Authorization"] = f"{self._section.scheme} {token}"
        return request


class OAuthSection(AuthSection):
    """OAuth 2.0 (RFC 6749): client credentials, or a refresh token."""

    type: Literal["oauth2"]
    token_url: TokenUrl
    client_id: Filled
    client_secret: Filled
    refresh_token: Filled | None = None
    scope: Filled | None = None
    header: Filled | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.client_secret, self.refresh_token)))

    @property
    def signed_by(self) -> str:
        return self.header or super().signed_by

    def auth(self, source: str) -> AuthBase:
        form: dict[str, Any] = {
            "grant_type": "refresh_token" if self.refresh_token else "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
            "scope": self.scope,
        }
        data = {key: value for key, value in form.items() if value is not None}
        request = requests.Request("POST", self.token_url, data=data)
        return AccessToken(source, request, self.secrets)


class LoginSection(AuthSection):
    """A name and a password, or what else the API takes, for a token that ends."""

    type: Literal["login"]
    token_url: TokenUrl
    body: dict[str, str] = Field(min_length=1, description="what is posted, as JSON")
    token: Filled = Field(default="token", description="the field of the answer with the token")
    minutes: int = Field(default=LIFETIME // 60, strict=True, ge=2)

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, self.body.values()))

    def auth(self, source: str) -> AuthBase:
        request = requests.Request("POST", self.token_url, json=self.body)
        return AccessToken(source, request, self.secrets, self.token, self.minutes * 60)


class AccessToken(AuthBase):
    """Sign requests with an access token, which is asked for when it is needed."""

    def __init__(
        self,
        source: str,
        request: requests.Request,
        secrets: tuple[str, ...],
        field: str = "access_token",
        lifetime: int = LIFETIME,
    ) -> None:
        """Ask for tokens by a request; they last `lifetime` seconds, unless the answer says."""
        self._source = source
        self._request = request
        self._session = ApiSession(Api(source, str(request.url), secrets=secrets))
        self._field = field
        self._lifetime = lifetime
        self._token: str | None = None
        self._ends_at = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is None or time.monotonic() > self._ends_at:
            self._renew()
        scheme = "" if self._section.header else "Bearer "
        request.headers[self._section.signed_by] = f"{scheme}{self._token}"
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


AUTHENTICATIONS: dict[str, type[AuthSection]] = {
    "bearer": BearerSection,
    "basic": BasicSection,
    "api_key": KeySection,
    "jwt": SignedSection,
    "oauth2": OAuthSection,
    "login": LoginSection,
}
