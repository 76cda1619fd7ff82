"""How the embedded server is set up: for few cores, long queries and bulk loads.

Given on each start's command line, so that a new version of Concord also tunes an existing
data directory. Nothing here trades durability for speed.
"""

import psutil

_MB = 1024 * 1024


def server_options(port: int, name: str) -> dict[str, str]:
    """Return every setting that the server listening on `port` starts with."""
    return (
        _ADDRESS
        | {"port": str(port), "cluster_name": name}
        | _DURABLE
        | _WORK
        | _READERS
        | _memory()
    )


# No socket file: its path may be at most 107 bytes long, a workspace's path may be longer.
_ADDRESS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}

_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

_WORK = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
    "random_page_cost": "1.1",
    # Nobody replicates from here: a table made and filled in one transaction is synced at
    # commit instead of being written twice.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # Containers have 64 MB of /dev/shm, and logind empties it when the user logs out, but
    # the server stays: parallel queries get their memory from the main segment, then files.
    "min_dynamic_shared_memory": "128MB",
    "dynamic_shared_memory_type": "mmap",
}


# A reader may sort for ever; only roles.py's owner is let off.
_READERS = {"temp_file_limit": "2GB"}


def _memory() -> dict[str, str]:
    total = psutil.virtual_memory().total // _MB
    return {
        "shared_buffers": f"{min(max(total // 8, 128), 512)}MB",
        "effective_cache_size": f"{max(total // 2, 512)}MB",
        "work_mem": f"{min(max(total // 128, 16), 64)}MB",
        "maintenance_work_mem": f"{min(max(total // 16, 64), 256)}MB",
    }
