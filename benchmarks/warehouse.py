"""A warehouse to load into: empty, and with nothing left to write."""

import psycopg
from psycopg import sql

import ingestion.loading


def renew(url: str) -> None:
    """Empty the warehouse, as it is before the first load."""
    with psycopg.connect(url, autocommit=True) as connection:
        for schema in ("raw", "quarantine", "concord"):
            name = sql.Identifier(schema)
            connection.execute(sql.SQL("drop schema if exists {} cascade").format(name))
    ingestion.loading.prepare(url)


def settle(url: str) -> None:
    """Write out what earlier work left, so that nobody pays for his neighbour."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("checkpoint")
