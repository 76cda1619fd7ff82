"""From which build the next one goes on."""

from datetime import UTC, datetime

import psycopg
import pytest

from ingestion import warehouse_schema
from orchestration import ledger

pytestmark = pytest.mark.postgres

LOADED = datetime(2026, 3, 1, 6, tzinfo=UTC)
MONDAY, TUESDAY = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.fixture
def url(database_url: str) -> str:
    warehouse_schema.prepare(database_url)
    ledger.prepare(database_url)
    return database_url


def book(
    url: str, fingerprint: str, as_of: datetime, *, is_full: bool = False, is_complete: bool = True
) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into concord.builds"
            " (fingerprint, changed_since, loaded_through, as_of, completed_at)"
            " values (%s, %s, %s, %s, %s)",
            (
                fingerprint,
                None if is_full else LOADED,
                LOADED,
                as_of,
                as_of if is_complete else None,
            ),
        )


def test_the_first_build_is_of_everything(url: str) -> None:
    build = ledger.open_build(url, "f", MONDAY)
    assert (build.changed_since, build.built_as_of) == (None, None)


def test_a_build_goes_on_from_the_last_complete_one(url: str) -> None:
    book(url, "f", MONDAY, is_full=True)
    book(url, "f", MONDAY, is_complete=False)
    build = ledger.open_build(url, "f", TUESDAY)
    assert (build.changed_since, build.built_as_of) == (LOADED, MONDAY)


def test_another_fingerprint_builds_everything(url: str) -> None:
    book(url, "f", MONDAY, is_full=True)
    assert ledger.open_build(url, "g", TUESDAY).changed_since is None


def test_a_fingerprint_that_came_and_went_builds_everything(url: str) -> None:
    book(url, "f", MONDAY, is_full=True)
    book(url, "g", MONDAY, is_complete=False)
    assert ledger.open_build(url, "f", TUESDAY).changed_since is None


def test_a_clock_set_back_builds_everything(url: str) -> None:
    book(url, "f", TUESDAY, is_full=True)
    assert ledger.open_build(url, "f", MONDAY).changed_since is None


def test_a_full_build_that_was_killed_is_begun_again(url: str) -> None:
    """Its tables may stand without the views upon them."""
    book(url, "f", MONDAY, is_full=True)
    book(url, "f", MONDAY, is_full=True, is_complete=False)
    assert ledger.open_build(url, "f", TUESDAY).changed_since is None
