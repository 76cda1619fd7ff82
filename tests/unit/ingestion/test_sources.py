"""Risk: who asks what a source fills, before anybody checked its section, gets a traceback."""

import pytest

from ingestion import sources


@pytest.mark.parametrize(
    ("section", "entities"),
    [
        ({"kind": "files", "entities": [{"entity": "orders"}, {"entity": "orders"}]}, {"orders"}),
        ({"kind": "files", "entities": [{"path": "a.csv"}, {"entity": 7}, "orders"]}, set()),
        ({"kind": "files", "entities": "orders"}, set()),
        ({"kind": "files"}, set()),
        ({"kind": "mastodon"}, {"messages", "social_accounts", "audience_snapshots"}),
        ({"kind": "telegraph"}, set()),
        ({}, set()),
    ],
)
def test_the_entities_of_a_section_are_named_as_far_as_it_says_so(section, entities):
    assert set(sources.entities(section)) == entities
