"""dlt's own rest_api source on the vendors' lists: what somebody writes who wants raw tables.

It is plain: records as they come, one table a list, appended.
"""

import os
from pathlib import Path
from typing import Any

import dlt
from dlt.sources.rest_api import rest_api_source

Resource = dict[str, Any]


def load(kind: str, address: str, url: str, folder: Path, *, is_flat: bool) -> None:
    """Load a vendor's lists into the schema `dlt`; flat, what is nested stays JSON."""
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
    path, resources = _VENDORS[kind]
    source = rest_api_source({"client": {"base_url": address + path}, "resources": resources()})
    if is_flat:
        source.max_table_nesting = 0
    destination = dlt.destinations.postgres(url)
    dlt.pipeline(kind, str(folder), destination=destination, dataset_name="dlt").run(source)


def _zendesk() -> list[Any]:
    by_address = {"type": "json_link", "next_url_path": "after_url"}
    by_time = {"type": "cursor", "cursor_path": "end_time", "cursor_param": "start_time"}
    return [
        _exported("tickets", "incremental/tickets/cursor", by_address),
        _exported("users", "incremental/users/cursor", by_address),
        _exported("ticket_events", "incremental/ticket_events", by_time),
    ]


def _exported(name: str, path: str, paginator: dict[str, str]) -> Resource:
    endpoint = {"path": path, "params": {"start_time": 0}, "data_selector": name}
    return {"name": name, "endpoint": endpoint | {"paginator": paginator}}


def _shopify() -> list[Any]:
    return [_queried("orders", 100), _queried("customers", 250)]


def _queried(name: str, size: int) -> Resource:
    """Return a list in pages of the connector's size."""
    paginator = {
        "type": "cursor",
        "cursor_path": f"data.{name}.pageInfo.endCursor",
        "cursor_body_path": "variables.after",
        "has_more_path": f"data.{name}.pageInfo.hasNextPage",
    }
    endpoint = {
        "path": "graphql.json",
        "method": "POST",
        "json": {"query": f"{name}(first: $first)", "variables": {"first": size}},
        "data_selector": f"data.{name}.nodes",
        "paginator": paginator,
    }
    return {"name": name, "endpoint": endpoint}


_VENDORS = {"zendesk": ("/api/v2/", _zendesk), "shopify": ("/admin/api/2026-10/", _shopify)}
