"""Two vendors' APIs, as long as wanted, always the same, each in a process of its own.

Records are made when they are asked for, so that a million of them need no memory, and by filling
in a few words, so that the server never is what is measured. What answers mean is in the tests of
the connectors; what is measured is in `sources`.
"""

from benchmarks.vendors.server import running
from benchmarks.vendors.shopify import Shopify
from benchmarks.vendors.zendesk import Zendesk

__all__ = ["VENDORS", "Shopify", "Zendesk", "running"]

VENDORS: dict[str, type[Zendesk] | type[Shopify]] = {"zendesk": Zendesk, "shopify": Shopify}
