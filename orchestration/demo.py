"""The demo company, where a real company's systems would be: its exports and its servers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingestion.demo.exports import ensure_exports
from ingestion.demo.servers import SYSTEMS, serve
from orchestration.settings import Settings


def write_exports(settings: Settings) -> list[Path]:
    """Bring the demo company's exports up to the day; only what is missing is written."""
    size = settings.configuration.demo
    return ensure_exports(settings.demo_dir, size.seed, size.persons, size.months, settings.as_of)


# The option of a kind's section that names the server.
ADDRESSES = {"mastodon": "base_url"}


@contextmanager
def section(settings: Settings, name: str) -> Iterator[Mapping[str, Any]]:
    """Give a source's section of the configuration.

    A system of the demo company exists only while it is read: it is served on loopback, and the
    section names that address. Its port is the configured one if that is free, since what comes
    from another address is read anew.
    """
    configured = settings.configuration.sources[name]
    kind = configured.get("kind", "")
    if not (settings.company.demo and kind in SYSTEMS):
        yield configured
        return
    key = ADDRESSES.get(kind, "address")
    with serve(settings.demo_dir, kind, urlsplit(configured[key]).port or 0) as base_url:
        yield {**configured, key: base_url}
