"""Risk: a person's change is taken for ours and lost, or ours for a person's and never made."""

import pytest

from dashboards.metabase.comparison import Written, compare

WRITTEN = Written({"name": "NPS", "display": "line"})


def fields(found) -> tuple[list[str], list[str]]:
    return [it.field for it in found.ours], [it.field for it in found.by_hand]


@pytest.mark.parametrize(
    ("want", "have", "ours", "by_hand"),
    [
        ({"name": "NPS"}, {"name": "NPS"}, [], []),
        ({"name": "Net promoters"}, {"name": "NPS"}, ["name"], []),
        ({"name": "NPS"}, {"name": "Kim's"}, [], ["name"]),
        ({"name": "Net promoters"}, {"name": "Kim's"}, [], ["name"]),
        ({"name": "Kim's"}, {"name": "Kim's"}, [], []),
        ({"name": "NPS", "place": [1]}, {"name": "NPS"}, ["place"], []),
        ({"name": "NPS", "display": "line"}, {"name": "NPS"}, [], ["display"]),
    ],
    ids=[
        "nothing changed",
        "we changed",
        "a person changed",
        "both changed",
        "a person did it first",
        "we added",
        "a person removed",
    ],
)
def test_whose_a_difference_is(want, have, ours, by_hand) -> None:
    assert fields(compare(want, have, WRITTEN)) == (ours, by_hand)


def test_what_is_no_longer_wanted_goes_unless_a_person_changed_it() -> None:
    written = Written({"place a": [1], "place b": [2]})
    found = compare({}, {"place a": [1], "place b": [9]}, written)
    assert fields(found) == (["place a"], ["place b"])
    assert found.wanted({}, force=False) == {"place b": [9]}
    assert found.wanted({}, force=True) == {}


@pytest.mark.parametrize("have", ["old", "new"])
def test_a_write_that_was_cut_off_is_ours_whether_it_came_through_or_not(have: str) -> None:
    cut_off = Written({"name": "new"}, before={"name": "old"})
    assert fields(compare({"name": "newer"}, {"name": have}, cut_off)) == (["name"], [])


def test_what_was_not_there_before_a_finished_write_is_not_taken_for_ours() -> None:
    assert fields(compare({"name": "NPS"}, {}, Written({"name": "NPS"}))) == ([], ["name"])


def test_without_a_record_a_difference_is_a_persons() -> None:
    assert fields(compare({"name": "NPS"}, {"name": "Kim's"}, None)) == ([], ["name"])
    assert fields(compare({"name": "NPS"}, {}, None)) == (["name"], [])


def test_rights_that_came_with_the_object_are_ours_to_set() -> None:
    assert fields(compare({"All": "none"}, {"All": "write"}, None, adopt=True)) == (["All"], [])
    known = Written({"All": "none"})
    assert fields(compare({"All": "none"}, {"All": "write"}, known, adopt=True)) == ([], ["All"])


def test_what_a_person_changed_stays_theirs_in_the_record() -> None:
    want, have = {"name": "NPS", "display": "line"}, {"name": "Kim's", "display": "line"}
    found = compare(want, have, WRITTEN)
    assert found.wanted(want, force=False) == {"name": "Kim's", "display": "line"}
    assert found.to_record(want, WRITTEN, force=False) == WRITTEN.fields
    assert found.to_record(want, WRITTEN, force=True) == want
    assert found.to_record(want, None, force=False) == {"display": "line"}
