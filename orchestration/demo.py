"""The demo company, where a real company's systems would be: its exports and its servers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

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
    section names that address: the same each time, as a source at another one is read anew.
    """
    configured = settings.configuration.sources[name]
    kind = configured.get("kind", "")
    if not (settings.company.demo and kind in SYSTEMS):
        yield configured
        return
    with serve(settings.demo_dir, kind, _port(settings, name)) as base_url:
        yield {**configured, ADDRESSES.get(kind, "address"): base_url}


def _port(settings: Settings, name: str) -> int:
    """Return the port of a source's server, one of 10,000 that are not given out to others."""
    return 20_000 + crc32(f"{settings.demo_dir} {name}".encode()) % 10_000
