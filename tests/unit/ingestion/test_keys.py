"""Risk: ids of two sources mean the same where nobody said so, or don't where somebody did."""

from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults
from ingestion.keys import SHARED, key_spaces, unsaid
from ingestion.sources import build

Sections = dict[str, dict[str, Any]]


def test_one_name_is_short_for_everything():
    spaces = key_spaces({"shop": {}, "ads": {"keys": "shop"}, "desk": {}})
    assert spaces == {thing: {"shop": "shop", "ads": "shop"} for thing in SHARED}


def test_each_thing_may_be_another_sources():
    keys = {"customers": "shop", "tickets": "desk"}
    spaces = key_spaces({"shop": {}, "desk": {}, "csat": {"keys": keys}})
    assert spaces["customers"] == {"shop": "shop", "csat": "shop"}
    assert spaces["tickets"] == {"desk": "desk", "csat": "desk"}
    assert spaces["campaigns"] == spaces["agents"] == {}


@pytest.mark.parametrize(
    ("sections", "others"),
    [
        ({"survey": {}, "shop": {}, "desk": {}}, ("shop", "desk")),
        ({"survey": {"keys": "shop"}, "shop": {}, "desk": {}}, ()),
        ({"survey": {"keys": "survey"}, "shop": {}}, ()),
        ({"survey": {}, "shop": {"keys": "shop"}}, ()),
        ({"survey": {}, "shop": {"keys": "survey"}, "desk": {}}, ("desk",)),
        ({"survey": {}, "shop": {}, "desk": {"keys": "shop"}}, ("shop",)),
        ({"survey": {"keys": {"campaigns": "shop"}}, "shop": {}}, ("shop",)),
    ],
)
def test_a_source_is_compared_with_those_of_which_nothing_is_said(
    sections: Sections, others: tuple[str, ...]
):
    assert unsaid(sections, "survey", "customers") == others


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (" ", "sources.shop.keys: is empty. Fill it in"),
        (7, "sources.shop.keys: is not a table."),
        ({"orders": "shop"}, "sources.shop.keys.orders: there is no such key."),
    ],
)
@pytest.mark.parametrize("kind", ["files", "mastodon"])
def test_keys_that_say_nothing_are_a_fault_of_every_kind_of_source(
    kind: str, keys: Any, fault: str, tmp_path
):
    with pytest.raises(ConfigurationFaults) as caught:
        build("shop", {"kind": kind, "keys": keys}, tmp_path)
    found = [str(each) for each in caught.value.faults]
    assert any(each.startswith(fault) for each in found), found
