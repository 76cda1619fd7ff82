"""Addresses of APIs in the configuration: what is one, and where secrets may be sent."""

from urllib.parse import urlsplit

from ingestion.sections import wrong

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def web_address(url: str, example: str, *, secrets: str = "", may_ask: bool = False) -> str:
    """Return an address at which an API may be asked; `secrets` are what would be sent there.

    Only one that `may_ask` has a query.
    """
    parts = urlsplit(url)
    has_query = bool(parts.query) and not may_ask
    if parts.scheme not in ("https", "http") or not parts.hostname or has_query:
        raise wrong("is not a web address", f'Write one such as "{example}"')
    if secrets and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise wrong(f"would send {secrets} unencrypted", "Use https")
    return url
