"""The warehouse into which the live tests load."""

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from ingestion import loading
from ingestion.sources.base import Source


@dataclass(frozen=True)
class Warehouse:
    """A database with raw tables; a load into it has to account for every received row."""

    url: str

    def load(self, source: Source) -> loading.LoadReport:
        report = loading.load(source, self.url)
        assert report.is_balanced
        return report

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def warehouse(database_url: str) -> Warehouse:
    """Return a warehouse into which nothing was loaded yet."""
    loading.prepare(database_url)
    return Warehouse(database_url)
