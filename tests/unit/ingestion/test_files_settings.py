"""Risk: a wrong mapping is found out one fault at a time, or only while loading."""

import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from ingestion.errors import ConfigurationFaults
from ingestion.sources import build

GOOD = """
kind = "files"
[[entities]]
entity = "orders"
path = "orders.csv"
[entities.columns]
order_id = "id"
ordered_at = "at"
gross_amount = "amount"
"""


def _faults(text: str, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "orders.csv").touch()
    with pytest.raises(ConfigurationFaults) as caught:
        build("shop", tomllib.loads(text), tmp_path)
    return {fault.key.removeprefix("sources.shop."): fault.problem for fault in caught.value.faults}


def test_a_good_mapping_has_no_faults(tmp_path):
    (tmp_path / "orders.csv").touch()
    source = build("shop", tomllib.loads(GOOD), tmp_path)
    assert (source.name, source.kind) == ("shop", "files")
    assert [table.name for table in source.tables()] == ["orders"]


def test_every_fault_is_named_at_once(tmp_path):
    text = """
    kind = "files"
    time_zone = "Mars/Olympus"
    [[entities]]
    entity = "orders"
    path = "missing*.csv"
    encoding = "utf-99"
    where = [{ column = "a", is = "x", is_not = "y" }, { column = "b", matches = "(" }]
    [entities.columns]
    order_id = { from = "id", join = ["a", "b"] }
    ordered_at = { from = "at", format = "%Q" }
    status = { from = "state", aggregate = "sum", pattern = "no group" }
    colour = "colour"
    [[entities]]
    entity = "unicorns"
    path = "orders.csv"
    columns = { id = "id" }
    """
    assert set(_faults(text, tmp_path)) == {
        "time_zone",
        "entities[1].path",
        "entities[1].encoding",
        "entities[1].where[1]",
        "entities[1].where[2].matches",
        "entities[1].columns.order_id",
        "entities[1].columns.ordered_at.format",
        "entities[1].columns.status.aggregate",
        "entities[1].columns.status.pattern",
        "entities[1].columns.colour",
        "entities[1].columns.gross_amount",
        "entities[2].entity",
    }


def test_unknown_and_missing_keys_are_named_where_they_stand(tmp_path):
    text = GOOD.replace('path = "orders.csv"', 'file = "orders.csv"') + 'status = { form = "x" }'
    faults = _faults(text, tmp_path)
    assert set(faults) == {
        "entities[1].file",
        "entities[1].path",
        "entities[1].columns.status.form",
    }


def test_an_unknown_kind_names_the_kinds(tmp_path):
    with pytest.raises(ConfigurationFaults, match="files, mastodon"):
        build("shop", {"kind": "oracle"}, tmp_path)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^(\d+)", "17850.0", "17850"),
        (r"\[#(\d+)\]", "Re: [#42] parcel", "42"),
        (r"(\d+)[a-z]", "12c", "12"),
        (r"(?P<number>\d+)", "no. 7", "7"),
        (r"(?:a|b)(?i:x)(\d)", "bX3", "3"),
        (r"[(](\w+)[)]", "(x)", "x"),
        (r"[])(](\w)", ")y", "y"),
        (r"[[:alpha:](]\((\w)", "a(z", "z"),
        (r"\Q(\E(\w)", "(q", "q"),
        (r"\\(\w)", "\\w", "w"),
    ],
)
def test_a_pattern_takes_what_its_one_group_matches(pattern, text, found, tmp_path):
    (tmp_path / "orders.csv").touch()
    section = tomllib.loads(GOOD)
    section["entities"][0]["columns"]["brand"] = {"from": "b", "pattern": pattern}
    (entity,) = build("shop", section, tmp_path).mapping.entities
    values = pc.extract_regex(pa.array([text]), entity.columns[-1].pattern)
    assert pc.struct_field(values, [0]).to_pylist() == [found]


@pytest.mark.parametrize("pattern", [r"\(x\)", "[(]x[)]", "(?:x)", "(a)(b)", "(?P<a>a)|(b)", "x"])
def test_a_pattern_without_its_one_group_is_a_fault(pattern: str, tmp_path):
    column = f"brand = {{ from = 'b', pattern = '{pattern}' }}"
    assert set(_faults(GOOD + column, tmp_path)) == {"entities[1].columns.brand.pattern"}
