"""How an API is signed in to: the sections of concord.toml, and what they do to a request."""

import re
from typing import Annotated, Any, Literal

import requests
from dlt.sources.helpers.rest_client.auth import APIKeyAuth, BearerTokenAuth, HttpBasicAuth
from pydantic import AfterValidator, Field, field_validator
from requests.auth import AuthBase

from ingestion.addresses import web_address
from ingestion.http import Bearer
from ingestion.sections import Filled, Section, wrong
from ingestion.sources.rest.tokens import LIFETIME, AccessToken, Grant, SignedToken


def _is_encrypted(url: str) -> str:
    return web_address(url, "https://login.example/token", secrets="secrets", may_ask=True)


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
        return SignedToken(self.key, self.audience, self.scheme)


class OAuthSection(AuthSection):
    """OAuth 2.0 (RFC 6749): client credentials, or a refresh token."""

    type: Literal["oauth2"]
    token_url: TokenUrl
    client_id: Filled
    client_secret: Filled
    refresh_token: Filled | None = None
    scope: Filled | None = None
    header: Filled | None = None
    client: Literal["form", "basic"] = "form"

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.client_secret, self.refresh_token)))

    @property
    def signed_by(self) -> str:
        return self.header or super().signed_by

    def auth(self, source: str) -> AuthBase:
        client = {"client_id": self.client_id, "client_secret": self.client_secret}
        form: dict[str, Any] = {
            "grant_type": "refresh_token" if self.refresh_token else "client_credentials",
            "refresh_token": self.refresh_token,
            "scope": self.scope,
            **(client if self.client == "form" else {}),
        }
        data = {key: value for key, value in form.items() if value is not None}
        request = requests.Request("POST", self.token_url, data=data)
        basic = HttpBasicAuth(username=self.client_id, password=self.client_secret)
        auth = Bearer(None) if self.client == "form" else basic
        return AccessToken(source, Grant(request, header=self.header, auth=auth), self.secrets)


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
        grant = Grant(request, place=self.token, lifetime=self.minutes * 60)
        return AccessToken(source, grant, self.secrets)


AUTHENTICATIONS: dict[str, type[AuthSection]] = {
    "bearer": BearerSection,
    "basic": BasicSection,
    "api_key": KeySection,
    "jwt": SignedSection,
    "oauth2": OAuthSection,
    "login": LoginSection,
}
