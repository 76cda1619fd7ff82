"""Risk: a path takes another element of a list than it names, or a misspelt one takes nothing."""

from typing import Any

import pyarrow as pa
import pytest

from ingestion.mapping.nested import Picked, pick
from ingestion.mapping.objects import ObjectReader

TICKET = {
    "id": 1,
    "status [new]": "open",
    "fields": [{"id": 17, "value": "vip"}, {"id": 18, "value": "b2b"}, {"id": 17, "value": "late"}],
    "notes": [{"name": "Size [EU]", "value": "x"}, {"name": "v1.5", "value": "y"}],
    "answers": [{"field": {"ref": "abc"}, "n": 9}, {"field": {"ref": "abd"}, "n": 3}],
    "values": ["a", "b", "c"],
    "empty": [],
    "contact": {"emails": [{"kind": "work", "at": "a@x.example"}], "name [full]": "Ann"},
}
FOUND = {
    "id": "1",
    "status [new]": "open",
    "fields[17].value": "vip",
    "fields[id=18].value": "b2b",
    "fields[value=late].id": "17",
    "notes[Size [EU]].value": "x",
    "notes[v1.5].value": "y",
    "answers[field.ref=abc].n": "9",
    "answers[field.ref=abd].n": "3",
    "answers[field.id|field.ref=abd].n": "3",
    "answers[n|field.ref=9].n": "9",
    "values[first]": "a",
    "values[last]": "c",
    "contact.emails[first].at": "a@x.example",
    "contact.emails[kind=work].at": "a@x.example",
    "contact.name [full]": "Ann",
}
LACKING = [
    "fields[19].value",
    "fields[17].values",
    "fields[17",
    "answers[field=abc].n",
    "answers[nothing.ref=abc].n",
    "answers[nothing.ref|field=abc].n",
    "values[a].value",
    "empty[first]",
    "id[first]",
    "contact[first].emails",
    "nothing[first]",
]
OTHER = {"fields": [{"id": 3, "value": "no"}], "values": None}


def of_objects(paths: tuple[str, ...], rows: str | None, *objects: Any) -> Picked:
    reader = ObjectReader(paths, rows)
    reader.read_parsed(objects, 1)
    return reader.picked()


def of_arrow(paths: tuple[str, ...], rows: str | None, *objects: Any) -> Picked:
    return pick(pa.Table.from_pylist([*objects]), paths, rows)


def texts(picked: Picked, path: str) -> list[str | None]:
    return picked.columns[path].cast(pa.string()).to_pylist()


@pytest.mark.parametrize("read", [of_objects, of_arrow])
@pytest.mark.parametrize(("path", "value"), FOUND.items())
def test_a_path_takes_the_element_that_it_names_and_of_others_nothing(read, path, value):
    picked = read((path,), None, TICKET, OTHER)
    assert texts(picked, path) == [value, None]
    assert picked.found == {path}


@pytest.mark.parametrize("read", [of_objects, of_arrow])
@pytest.mark.parametrize("path", LACKING)
def test_what_no_list_has_is_empty_and_counts_as_missing(read, path):
    picked = read((path,), None, TICKET, OTHER)
    assert texts(picked, path) == [None, None]
    assert picked.found == frozenset()


@pytest.mark.parametrize("read", [of_objects, of_arrow])
def test_elements_are_picked_within_each_row_and_beside_it(read):
    sizes = [{"properties": [{"name": "size", "value": each}]} for each in ("S", "M")]
    order = {"lines": [*sizes, {"properties": []}], "codes": ["A", "B"]}
    paths = ("lines.properties[size].value", "codes[last]")
    picked = read(paths, "lines", order, {"lines": [], "codes": ["C"]})
    assert texts(picked, "lines.properties[size].value") == ["S", "M", None]
    assert texts(picked, "codes[last]") == ["B", "B", "B"]


@pytest.mark.parametrize(
    "element", [{"id": 17}, {"id": "17"}, {"key": "17"}, {"name": "17"}, {"id": 4, "name": "17"}]
)
@pytest.mark.parametrize("read", [of_objects, of_arrow])
def test_an_element_is_known_by_its_id_key_or_name_as_number_or_text(read, element):
    rows = {"fields": [{**element, "value": "x"}]}
    assert texts(read(("fields[17].value",), None, rows), "fields[17].value") == ["x"]
