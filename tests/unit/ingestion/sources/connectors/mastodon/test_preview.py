"""Risk: a preview shows other rows than a load brings, or stops at the first list it can't read."""

import pytest

from ingestion.mapping.preview import SectionPreview
from ingestion.retries import RetryPolicy
from ingestion.sources.connectors.mastodon import MastodonSource
from ingestion.sources.connectors.mastodon.config import read_config
from tests.fixtures.mastodon_server import (
    FakeMastodon,
    Trouble,
    account,
    mention,
    served,
    status,
)

ACME, ANN = account(1, "acme"), account(3, "Ann@other.example")
OLD = status(9, ACME, "2024-06-01T10:00:00.000Z", "Soon")
POST = status(10, ACME, "2025-06-01T10:00:00.000Z", "New colours!", favourites_count=4)
CRY = status(12, ANN, "2025-06-02T09:00:00.000Z", "@acme it broke", mentions=[ACME])


@pytest.fixture
def fake():
    with served(FakeMastodon()) as fake:
        fake.accounts, fake.statuses = [ACME, ANN], [OLD, POST, CRY]
        fake.notifications = [mention(1, CRY)]
        fake.tokens = {"acme-token": "acme"}
        yield fake


def source_of(fake: FakeMastodon) -> MastodonSource:
    section = {
        "base_url": fake.url,
        "access_token": "acme-token",
        "start_date": "2025-01-01",
        "accounts": [{"handle": "acme", "brand": "Acme"}],
    }
    quick = RetryPolicy(read=0.3, attempts=2)
    return MastodonSource("social", read_config("social", section), quick, lambda _: None)


def previewed(fake: FakeMastodon, entity: str | None = None) -> dict[str, SectionPreview]:
    return {each.file: each for each in source_of(fake).previews(entity, 5)}


def test_a_preview_shows_the_rows_that_a_load_brings(fake):
    loaded = [row for each in source_of(fake).extract({}) for row in each.batch.to_pylist()]
    found = previewed(fake)
    assert set(found) == {"acme/statuses", "acme/mentions", "accounts", "acme/audience"}
    for section in found.values():
        assert section.preview
        for row in section.preview.rows:
            mapped = {cell.column: cell.mapped for cell in row.cells if cell.mapped}
            assert any(mapped.keys() <= each.keys() and _is_of(each, mapped) for each in loaded)


def _is_of(row: dict, mapped: dict[str, str]) -> bool:
    """Return whether a row has the shown values, and no others."""
    named = {name for name, value in row.items() if value is not None}
    return named == set(mapped) and all(
        str(row[name]).lower().removesuffix("+00:00") == text.lower()
        for name, text in mapped.items()
    )


def test_a_preview_names_the_field_of_a_value_and_counts_what_is_too_old(fake):
    shown = previewed(fake, "messages")["acme/statuses"].preview
    assert shown
    (row,) = shown.rows
    (likes,) = [cell for cell in row.cells if cell.column == "likes"]
    assert (likes.origin, likes.received, likes.mapped) == ("favourites_count", "4", "4")
    assert (shown.received, shown.filtered) == (2, 1)


def test_what_can_not_be_read_is_shown_with_its_value(fake):
    undated = POST | {"id": "11", "created_at": "soon"}
    fake.statuses = [undated, POST | {"favourites_count": "many"}]
    shown = previewed(fake, "messages")["acme/statuses"].preview
    assert shown
    (lost,), (emptied,) = shown.quarantined, shown.emptied
    assert (lost.field, lost.value) == ("sent_at", "soon")
    assert (emptied.field, emptied.value) == ("likes", "many")


def test_a_list_that_can_not_be_read_leaves_the_others(fake):
    fake.trouble("notifications", Trouble(403))
    found = previewed(fake)
    assert found["acme/mentions"].problem
    assert found["acme/statuses"].preview


def test_one_entity_asks_for_no_other(fake):
    assert list(previewed(fake, "audience_snapshots")) == ["acme/audience"]
    assert not [each for each in fake.paths() if each.endswith("statuses")]
