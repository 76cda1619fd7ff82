"""The PostgreSQL that holds everything: the embedded one, or any server by URL.

This package finds or starts the server and gives its URL. What the tables are called and
what is in them does not belong here.
"""

from orchestration.warehouse.access import Warehouse, open_warehouse
from orchestration.warehouse.embedded import EmbeddedPostgres
from orchestration.warehouse.errors import (
    AccessError,
    NotReadyError,
    StartError,
    StopError,
    UnreachableError,
    UrlError,
    WarehouseError,
    WrongVersionError,
)

__all__ = [
    "AccessError",
    "EmbeddedPostgres",
    "NotReadyError",
    "StartError",
    "StopError",
    "UnreachableError",
    "UrlError",
    "Warehouse",
    "WarehouseError",
    "WrongVersionError",
    "open_warehouse",
]
