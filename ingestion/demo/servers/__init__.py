"""The company's systems over real HTTP, on loopback: one server for each kind of source.

What a system answers belongs to its module; sockets belong to `http.py`. Each is made of the
company, so it shows what the exports of the same day show.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from ingestion.demo.company import Company, simulate
from ingestion.demo.manifest import read_manifest
from ingestion.demo.servers.http import Api, serving
from ingestion.demo.servers.mailchimp import Mailchimp
from ingestion.demo.servers.mastodon import Mastodon
from ingestion.demo.servers.shopify import Shopify
from ingestion.demo.servers.zendesk import Zendesk

SYSTEMS: Mapping[str, Callable[[Company], Api]] = {
    "mailchimp": Mailchimp,
    "mastodon": Mastodon,
    "shopify": Shopify,
    "zendesk": Zendesk,
}


@contextmanager
def serve(shown: Company | Path, system: str, port: int = 0) -> Iterator[str]:
    """Serve a system of a company, or of that in a folder of exports; give the base URL.

    Port 0 takes any free one, and so does a port that another has. The server stops when the
    context ends.
    """
    company = _of_folder(shown) if isinstance(shown, Path) else shown
    now = datetime.fromtimestamp(company.clock.as_of, UTC)
    with serving(SYSTEMS[system](company), now, port) as base_url:
        yield base_url


def _of_folder(folder: Path) -> Company:
    manifest = read_manifest(folder)
    if manifest is None:
        raise FileNotFoundError(f"{folder} holds no exports of the demo company")
    size = (manifest.seed, manifest.persons, manifest.months)
    return _simulated(*size, manifest.as_of, manifest.first_month)


@lru_cache(maxsize=1)
def _simulated(seed: int, persons: int, months: int, as_of: datetime, first_month: date) -> Company:
    """Simulate a company; its systems are served one after the other, all of the same one."""
    return simulate(seed, persons, months, as_of, first_month)
