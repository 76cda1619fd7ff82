"""Risk: a section of no known kind ends in a traceback, and not in what to write instead."""

from pathlib import Path

import pytest

from ingestion import sources
from ingestion.errors import ConfigurationFaults, Fault


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


@pytest.mark.parametrize(
    ("section", "problem", "remedy"),
    [
        ({}, "is missing", 'Add it: such as "files"; `concord sources show` lists the kinds'),
        (
            {"kind": "fields"},
            "'fields' is not a kind of source",
            f"Did you mean files? Use one of: {', '.join(sources.kinds())}",
        ),
        ({"kind": ["files"]}, "is not a text", "Correct the value; docs/sources.md shows how"),
    ],
)
def test_a_kind_that_there_is_not_is_a_fault_with_a_remedy(section, problem, remedy):
    with pytest.raises(ConfigurationFaults) as caught:
        sources.build("shop", section, Path())
    assert caught.value.faults == (Fault("sources.shop.kind", problem, remedy),)
