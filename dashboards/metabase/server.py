"""The Metabase at hand: which version it is, and signing in to it."""

import re
from dataclasses import dataclass, field

from dashboards.metabase.client import Client, Json
from dashboards.metabase.errors import MetabaseError, NotSignedIn, TooOld

OLDEST = 50
_NEWEST_KNOWN = 59
_ALERTS_BECAME_NOTIFICATIONS = 54
_TAG = re.compile(r"v?[01]\.(\d+)")


@dataclass(frozen=True)
class Credentials:
    """How to sign in: an API key, or an account; the account is also the first administrator."""

    api_key: str | None = field(default=None, repr=False)
    email: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def has_account(self) -> bool:
        return bool(self.email and self.password)


@dataclass(frozen=True)
class Server:
    """A signed-in Metabase of a known version; `is_new` if it still waits for its first account."""

    client: Client
    version: int
    is_new: bool
    can_send_email: bool
    site_url: str

    @property
    def has_notifications(self) -> bool:
        return self.version >= _ALERTS_BECAME_NOTIFICATIONS


def reach(client: Client) -> tuple[Server, Json]:
    """Ask the server what it is; return it with its public properties.

    Raises Unreachable, AnswerBroken, TooOld.
    """
    properties = client.get("/api/session/properties")
    if not isinstance(properties, dict) or "version" not in properties:
        raise MetabaseError(f"{client.url} answers, and is no Metabase. Check metabase.url.")
    version = _version(properties)
    if version < OLDEST:
        raise TooOld(
            f"This is Metabase 0.{version}; 0.{OLDEST} or newer is needed. Upgrade Metabase."
        )
    is_new = not properties.get("has-user-setup", True)
    can_send = bool(properties.get("email-configured?"))
    # People may reach it by another address than we do.
    site_url = str(properties.get("site-url") or client.url).rstrip("/")
    return Server(client, version, is_new, can_send, site_url), properties


def _version(properties: Json) -> int:
    """Return the middle number of v0.59.1 (or of the paid v1.59.1); a build of no name is new."""
    found = _TAG.match(str((properties.get("version") or {}).get("tag") or ""))
    return int(found[1]) if found else _NEWEST_KNOWN


def sign_in(server: Server, properties: Json, credentials: Credentials, site: str) -> None:
    """Sign in; on a server without any account, make the administrator first.

    Raises NotSignedIn, and NotAllowed if the account is no administrator.
    """
    client = server.client
    client.hide(credentials.api_key, credentials.password)
    if server.is_new:
        _set_up(server, properties, credentials, site)
    elif credentials.api_key:
        client.use_api_key(credentials.api_key)
    else:
        _log_in(client, credentials)
    # The first call that needs an administrator: better to fail here than half-way.
    client.get("/api/permissions/group")


def _set_up(server: Server, properties: Json, credentials: Credentials, site: str) -> None:
    _need_account(credentials, "This Metabase has no account yet")
    token = properties.get("setup-token")
    answer = server.client.post(
        "/api/setup",
        {
            "token": token,
            "user": {"email": credentials.email, "password": credentials.password},
            "prefs": {"site_name": site},
        },
    )
    server.client.use_session(answer["id"])


def _log_in(client: Client, credentials: Credentials) -> None:
    _need_account(credentials, "Metabase wants credentials")
    body = {"username": credentials.email, "password": credentials.password}
    answer = client.post("/api/session", body)
    client.use_session(answer["id"])


def _need_account(credentials: Credentials, why: str) -> None:
    if not credentials.has_account:
        raise NotSignedIn(
            f"{why}. Set CONCORD_METABASE_ADMIN_EMAIL and CONCORD_METABASE_ADMIN_PASSWORD, or, on"
            " one that is set up, CONCORD_METABASE_API_KEY."
        )
