"""The Trash, where objects go that should be no more; nothing is ever deleted."""

from dashboards.metabase.client import Client, Json


def trashed(client: Client, path: str) -> Json | None:
    """Move the object at `path` to the Trash; return it, or None if it was gone already."""
    raw = client.find(path)
    if raw is None or raw.get("archived"):
        return None
    client.put(path, {"archived": True})
    return client.get(path)
