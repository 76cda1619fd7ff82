"""Risk: rows of a database are missed, or come changed; a password is found in the log."""

import re
import sqlite3
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults, MappingFault, SourceUnreachable
from ingestion.sources import build, entities
from ingestion.sources.base import Extract
from ingestion.sources.sql import settings
from ingestion.sources.sql.settings import read_mapping
from ingestion.sources.sql.source import SqlSource

DOCS = (Path(__file__).parents[5] / "docs" / "databases.md").read_text()
EXAMPLES = re.findall(r"```toml\n(\[+sources.*?)```", DOCS, re.DOTALL)
LAKE = """
kind = "sql"
url = "sqlite:///lake.db"
time_zone = "Europe/Berlin"
[[entities]]
entity = "orders"
table = "orders"
since = { column = "changed" }
[entities.columns]
order_id = "id"
ordered_at = "placed"
gross_amount = "total"
currency = { value = "EUR" }
"""


@pytest.fixture
def lake(tmp_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(tmp_path / "lake.db", isolation_level=None)
    connection.execute("create table orders (id, placed, total, changed, lines)")
    add(connection, 1, "2024-05-01 08:00:00")
    add(connection, 2, "2024-05-01 09:00:00")
    return connection


def add(lake: sqlite3.Connection, number: Any, changed: str, **other: Any) -> None:
    row = {"placed": "2024-05-01 07:00:00", "total": 12.5, "lines": None, **other}
    lake.execute(
        "insert into orders values (?, ?, ?, ?, ?)",
        (number, row["placed"], row["total"], changed, row["lines"]),
    )


def source_of(folder: Path, section: str = LAKE) -> SqlSource:
    source = build("lake", tomllib.loads(section), folder)
    assert isinstance(source, SqlSource)
    return source


def load(folder: Path, section: str = LAKE, state: Any = None) -> tuple[list[Extract], Any]:
    extracts = list(source_of(folder, section).extract(state or {}))
    for each in extracts:
        parts = each.batch.num_rows + len(each.rejects) + each.folded + each.filtered
        assert each.received == parts
    return extracts, extracts[-1].state


def values(extracts: list[Extract], column: str) -> list[Any]:
    return [value for each in extracts for value in each.batch[column].to_pylist()]


def test_a_load_reads_what_changed_since_the_one_before(tmp_path: Path, lake: sqlite3.Connection):
    first, state = load(tmp_path)
    assert values(first, "order_id") == ["1", "2"]
    assert [str(each) for each in values(first, "ordered_at")] == ["2024-05-01 05:00:00+00:00"] * 2
    assert [str(each) for each in values(first, "gross_amount")] == ["12.500000000"] * 2
    lake.execute("update orders set total = 20, changed = '2024-05-03 10:00:00' where id = 1")
    add(lake, 3, "2024-05-01 08:30:00")  # committed late, within the lag
    second, state = load(tmp_path, state=state)
    assert sorted(values(second, "order_id")) == ["1", "3"]
    assert values(load(tmp_path, state=state)[0], "order_id") == []


def test_a_changed_mapping_reads_all_rows_anew_and_another_password_none(
    tmp_path: Path, lake: sqlite3.Connection
):
    _, state = load(tmp_path)
    other = LAKE.replace('"total"', '"changed"')
    anew, _ = load(
        tmp_path, other.replace('gross_amount = "changed"', "gross_amount = { value = 1 }")
    )
    assert len(values(anew, "order_id")) == 2
    same, _ = load(tmp_path, LAKE.replace("lake.db", "./lake.db"), state)
    assert values(same, "order_id") == []


def test_a_query_and_lists_in_json_are_rows(tmp_path: Path, lake: sqlite3.Connection):
    lake.execute("""update orders set lines = '[{"id": "a", "n": 2}, {"id": "b", "n": 1}]'""")
    section = """
    kind = "sql"
    url = "sqlite:///lake.db"
    [[entities]]
    entity = "order_lines"
    query = '''
    select o.id as order_id, j.value ->> 'id' as line, j.value ->> 'n' as n
    from orders as o, json_each(o.lines) as j;
    '''
    [entities.columns]
    order_id = "order_id"
    line_id = "line"
    quantity = "n"
    """
    extracts, _ = load(tmp_path, section)
    assert sorted(values(extracts, "line_id")) == ["a", "a", "b", "b"]


def test_what_is_no_number_goes_to_quarantine_and_the_rest_goes_on(
    tmp_path: Path, lake: sqlite3.Connection
):
    add(lake, 3, "2024-05-01 10:00:00", total="much")
    add(lake, None, "2024-05-01 10:00:00")
    extracts, _ = load(tmp_path)
    assert values(extracts, "order_id") == ["1", "2"]
    rejects = [each for extract in extracts for each in extract.rejects]
    assert [(each.line, each.field) for each in rejects] == [(3, "gross_amount"), (4, "order_id")]


def test_a_time_that_means_never_does_not_stop_the_others(tmp_path: Path, lake: sqlite3.Connection):
    add(lake, 3, "0001-01-01 00:00:00")
    extracts, state = load(tmp_path)
    assert sorted(values(extracts, "order_id")) == ["1", "2", "3"]
    assert values(load(tmp_path, state=state)[0], "order_id") == []


def test_an_empty_table_empties_nothing(tmp_path: Path, lake: sqlite3.Connection):
    section = LAKE.replace('since = { column = "changed" }', "complete = true")
    assert [each.is_whole for each in load(tmp_path, section)[0]].count(True) == 1
    lake.execute("delete from orders")
    assert not any(each.is_whole for each in load(tmp_path, section)[0])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            '"total"',
            '"totals"',
            "orders has no column 'totals'. Its columns are: id, placed, total",
        ),
        ('"changed"', '"updated"', "orders has no column 'updated'"),
    ],
)
def test_a_table_that_is_not_as_declared_says_what_it_has(
    tmp_path: Path, lake: sqlite3.Connection, old: str, new: str, problem: str
):
    with pytest.raises(MappingFault, match=problem):
        load(tmp_path, LAKE.replace(old, new))


def test_a_path_that_leads_nowhere_in_all_rows_is_named(tmp_path: Path, lake: sqlite3.Connection):
    section = f'{LAKE}customer_id = "lines[buyer].id"'
    with pytest.raises(MappingFault, match=r"no row of orders has 'lines\[buyer\].id'"):
        load(tmp_path, section)


def test_a_database_that_cannot_be_read_says_why_without_its_password(
    tmp_path: Path, lake: sqlite3.Connection
):
    with pytest.raises(SourceUnreachable, match="no such table: order"):
        load(tmp_path, LAKE.replace('table = "orders"', 'table = "order"'))
    with pytest.raises(SourceUnreachable) as error:
        source_of(
            tmp_path,
            LAKE.replace("sqlite:///lake.db", "postgresql+psycopg://ann:s3cret@127.0.0.1:9/x"),
        ).check()
    assert "s3cret" not in str(error.value)


def test_a_check_and_a_preview_read_no_more_than_the_first_rows(
    tmp_path: Path, lake: sqlite3.Connection
):
    source = source_of(tmp_path)
    assert source.check().endswith("lets read orders")
    (found,) = source.previews("orders", 1)
    assert found.preview is not None
    cells = {each.column: (each.received, each.mapped) for each in found.preview.rows[0].cells}
    assert cells["gross_amount"] == ("12.5", "12.5")
    assert len(found.preview.rows) == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("sqlite:///lake.db", "lake.db", "is no address of a database"),
        ("sqlite:", "nosuch:", "no SQLAlchemy dialect is installed"),
        ('table = "orders"', 'table = "orders"\nquery = "select 1"', "table and query at once"),
        ('table = "orders"\n', "", "has none of table, query"),
        (
            'since = { column = "changed" }',
            'since = { column = "changed" }\ncomplete = true',
            "contradicts since",
        ),
        ('table = "orders"', 'table = "orders"\ngroup = true', "Keep one of since and group"),
        ('"placed"', '{ from = "placed", lookup = { path = "a" } }', "finds values in a file"),
    ],
)
def test_a_fault_is_named_before_anything_is_read(tmp_path: Path, old: str, new: str, fault: str):
    with pytest.raises(ConfigurationFaults) as caught:
        source_of(tmp_path, LAKE.replace(old, new))
    assert any(fault in str(each) for each in caught.value.faults), caught.value.faults


def test_a_faulty_section_has_the_entities_that_can_be_read():
    assert entities({"kind": "sql", "entities": [{"entity": "orders"}, 3]}) == {"orders"}


@pytest.mark.parametrize(
    "section", [settings.SqlSection, settings.SqlEntitySection, settings.ChangesSection]
)
def test_every_key_is_documented(section: Any):
    common = {"entity", "where", "group", "null_values", "latest_by", "split", "unpivot", "columns"}
    keys = {field.alias or name for name, field in section.model_fields.items()} - common
    assert {key for key in keys if not re.search(rf"`{key}[`:]|\b{key} = ", DOCS)} == set()


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_complete_example_is_a_good_declaration(example: str, tmp_path: Path):
    for name, section in tomllib.loads(example)["sources"].items():
        assert read_mapping(name, section, tmp_path).entities
