"""Risk: one broken file takes the others with it, or is missing without a word."""

import os
from pathlib import Path

import pytest

from ingestion.errors import ConfigurationFaults, MappingFault, SourceAnswerBroken, SourceRefused
from tests.fixtures.read_files import Read, check_files, read_files, settled

ORDERS = """
kind = "files"
[[entities]]
entity = "orders"
path = "orders-*.csv"
columns = { order_id = "id", ordered_at = "at", gross_amount = "amount" }
[[entities]]
entity = "customers"
path = "customers.csv"
columns = { customer_id = "id" }
"""
HEADER = "id,at,amount\n"
LATIN = (HEADER + "2,2024-01-01,5\n3,2024-01-01,caf\xe9\n").encode("latin-1")
SENTENCE = (
    "orders-2.csv is not utf-8: line 3 has the byte 0xe9."
    ' Set `encoding` to what the file is in, such as "latin-1" or "cp1252"'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three files of orders, of which the second is in another encoding."""
    settled(tmp_path / "customers.csv", "id\nc\n")
    settled(tmp_path / "orders-1.csv", HEADER + "1,2024-01-01,5\n")
    settled(tmp_path / "orders-2.csv", LATIN)
    settled(tmp_path / "orders-3.csv", HEADER + "4,2024-01-01,5\n")
    return tmp_path


def reasons(read: Read) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.reason, each.original) for each in read.rejects]


def test_the_others_load_and_it_says_what_a_check_says(folder: Path):
    read = read_files(folder, ORDERS)
    assert read.loaded("order_id") == ["1", "4"]
    assert read.loaded("customer_id") == ["c"]
    assert reasons(read) == [(None, SENTENCE, "")]
    with pytest.raises(SourceAnswerBroken) as caught:
        check_files(folder, ORDERS)
    assert str(caught.value) == f"shop: {SENTENCE}"


def test_it_is_read_again_when_it_has_changed_and_so_are_the_files_after_it(folder: Path):
    first = read_files(folder, ORDERS)
    assert read_files(folder, ORDERS, first.state).received == 0
    settled(folder / "orders-2.csv", LATIN.decode("latin-1").replace("café", "6"))
    second = read_files(folder, ORDERS, first.state)
    assert second.loaded("order_id") == ["2", "3", "4"]
    assert read_files(folder, ORDERS, second.state).received == 0


def test_lines_are_not_summed_up_without_those_of_a_broken_file(folder: Path):
    section = ORDERS.replace('path = "orders-*.csv"', 'path = "orders-*.csv"\ngroup = true', 1)
    read = read_files(folder, section)
    assert read.loaded("order_id") == []
    assert read.loaded("customer_id") == ["c"]
    assert sorted(reason for _, reason, _ in reasons(read)) == sorted(
        [
            SENTENCE,
            *(
                f"orders-{n}.csv is grouped with a file that can't be read: {SENTENCE}"
                for n in (1, 3)
            ),
        ]
    )
    settled(folder / "orders-2.csv", HEADER + "2,2024-01-01,5\n")
    assert read_files(folder, section, read.state).loaded("order_id") == ["1", "2", "4"]


def test_a_second_section_does_not_load_what_a_first_one_refused(folder: Path):
    again = ORDERS.replace('path = "customers.csv"', 'path = "orders-2.csv"')
    again = again.replace('"customers"', '"orders"').replace(
        "columns = { customer_id = ", 'columns = { gross_amount = 1, ordered_at = "at", order_id = '
    )
    settled(folder / "orders-2.csv", HEADER.replace("amount", "total") + "2,2024-01-01,5\n")
    read = read_files(folder, again)
    assert read.loaded("order_id") == ["1", "4"]
    assert len(read.rejects) == 1


def test_a_broken_file_of_values_to_look_up_refuses_its_section_alone(folder: Path):
    settled(folder / "orders-2.csv", HEADER + "2,2024-01-01,5\n")
    (folder / "codes.csv").write_bytes(b"code,name\n1,caf\xe9\n")
    lookup = (
        'brand = { from = "id", lookup = { path = "codes.csv", key = "code", value = "name" } }'
    )
    read = read_files(folder, ORDERS.replace('= "amount"', f'= "amount", {lookup}'))
    assert (read.loaded("order_id"), read.loaded("customer_id")) == ([], ["c"])
    assert len(read.rejects) == 3


@pytest.mark.parametrize(("limit", "loaded"), [(1, []), (3, ["1", "2", "4"])])
def test_a_file_of_values_to_look_up_has_the_limits_of_its_source(
    folder: Path, limit: int, loaded: list[str]
):
    settled(folder / "orders-2.csv", HEADER + "2,2024-01-01,5\n")
    settled(folder / "codes.csv", f"code,name\n1,{'x' * (2 << 20)}\n")
    lookup = (
        'brand = { from = "id", lookup = { path = "codes.csv", key = "code", value = "name" } }'
    )
    limited = ORDERS.replace(
        "[[entities]]", f"limits = {{ row_megabytes = {limit} }}\n[[entities]]", 1
    )
    read = read_files(folder, limited.replace('= "amount"', f'= "amount", {lookup}'))
    assert read.loaded("order_id") == loaded
    assert all("codes.csv has a row of more than 1 MB" in reason for _, reason, _ in reasons(read))


def test_a_column_that_some_files_lack_refuses_these_and_one_that_all_lack_is_the_mapping(
    folder: Path,
):
    settled(folder / "orders-2.csv", "id,at,total\n2,2024-01-01,5\n")
    read = read_files(folder, ORDERS)
    assert read.loaded("order_id") == ["1", "4"]
    assert "orders-2.csv has no column 'amount'" in reasons(read)[0][1]
    for name in ("orders-1.csv", "orders-3.csv"):
        settled(folder / name, "id,at,total\n1,2024-01-01,5\n")
    for state in (None, read.state):
        with pytest.raises(MappingFault, match=r"orders-1\.csv has no column 'amount'"):
            read_files(folder, ORDERS, state)


def test_a_complete_section_is_not_whole_without_a_broken_file_and_all_read_until_it_is(
    folder: Path,
):
    section = ORDERS.replace('path = "orders-*.csv"', 'path = "orders-*.csv"\ncomplete = true', 1)
    first = read_files(folder, section)
    assert (first.loaded("order_id"), first.whole) == (["1", "4"], [])
    second = read_files(folder, section, first.state)
    assert (second.loaded("order_id"), second.whole) == (["1", "4"], [])
    assert second.loaded("customer_id") == []
    (folder / "orders-2.csv").unlink()
    third = read_files(folder, section, second.state)
    assert (third.loaded("order_id"), third.whole) == (["1", "4"], ["orders"])
    assert read_files(folder, section, third.state).received == 0


def test_a_section_is_not_whole_if_another_one_of_its_entity_has_a_broken_file(folder: Path):
    more = """
    [[entities]]
    entity = "customers"
    path = "orders-2.csv"
    columns = { customer_id = "id" }
    """
    section = ORDERS.replace('path = "customers.csv"', 'path = "customers.csv"\ncomplete = true')
    assert read_files(folder, section).whole == ["customers"]
    read = read_files(folder, section + more)
    assert (read.loaded("customer_id"), read.whole) == (["c"], [])
    assert read_files(folder, section + more, read.state).loaded("customer_id") == ["c"]


def test_a_source_of_which_no_file_can_be_read_fails(folder: Path):
    for name in ("orders-1.csv", "orders-3.csv", "customers.csv"):
        (folder / name).write_bytes(LATIN)
    with pytest.raises(SourceAnswerBroken, match=r"orders-1\.csv is not utf-8"):
        read_files(folder, ORDERS)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_nobody_may_read_is_refused_alone(folder: Path):
    (folder / "orders-2.csv").chmod(0)
    read = read_files(folder, ORDERS)
    assert read.loaded("order_id") == ["1", "4"]
    assert reasons(read)[0][1].startswith("orders-2.csv can't be read: Permission denied")


def test_a_link_is_followed_below_the_folder_that_is_named(tmp_path: Path):
    exports, outside = tmp_path / "exports", tmp_path / "elsewhere"
    for each in (exports, exports / "2024", outside):
        each.mkdir()
    settled(exports / "2024" / "1.csv", HEADER + "1,2024-01-01,5\n")
    settled(outside / "2.csv", HEADER + "2,2024-01-01,5\n")
    (exports / "inside.csv").symlink_to("2024/1.csv")
    (exports / "outside.csv").symlink_to("../elsewhere/2.csv")
    section = ORDERS.partition('[[entities]]\nentity = "customers"')[0]
    section = section.replace("orders-*.csv", "exports/*.csv")
    read = read_files(tmp_path, section)
    assert read.loaded("order_id") == ["1"]
    assert "outside.csv leads out of the folder that `path` names" in read.rejects[0].reason
    allowed = section.replace("[[entities]]", 'folders = ["elsewhere"]\n[[entities]]')
    assert read_files(tmp_path, allowed).loaded("order_id") == ["1", "2"]
    with pytest.raises(SourceRefused, match=r"2\.csv leads out of the folder that `path` names"):
        check_files(tmp_path, section.replace("exports/*.csv", "exports/../elsewhere/2.csv"))
    above = section.replace("exports/*.csv", "../elsewhere/2.csv")
    assert read_files(exports, above).loaded("order_id") == ["2"]


def test_a_file_of_values_to_look_up_is_no_way_out(tmp_path: Path):
    settled(tmp_path / "orders-1.csv", HEADER)
    (tmp_path / "codes.csv").symlink_to("/etc/passwd")
    lookup = 'brand = { from = "id", lookup = { path = "codes.csv", key = "a", value = "b" } }'
    section = ORDERS.partition('[[entities]]\nentity = "customers"')[0]
    with pytest.raises(ConfigurationFaults, match="leads out of the folder that it names"):
        read_files(tmp_path, section.replace('= "amount"', f'= "amount", {lookup}'))


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.parquet", "x.xlsx", "x.zip"])
def test_no_error_quotes_a_line_of_a_file_that_it_refused(tmp_path: Path, name: str):
    secret = "root:$6$c0ffee:19000:0:99999:7:::\n"
    settled(tmp_path / name, secret * 3)
    section = ORDERS.partition('[[entities]]\nentity = "customers"')[0]
    for read in (read_files, check_files):
        with pytest.raises(SourceAnswerBroken) as caught:
            read(tmp_path, section.replace("orders-*.csv", name))
        assert "c0ffee" not in str(caught.value)
        assert "root" not in str(caught.value)


def test_a_column_that_differs_in_capitals_is_named(tmp_path: Path):
    (tmp_path / "orders-1.csv").write_text("ID,at,amount\n1,2024-01-01,5\n")
    (tmp_path / "customers.csv").write_text("id\n1\n")
    with pytest.raises(MappingFault, match="Did you mean 'ID'"):
        check_files(tmp_path, ORDERS)


def test_a_check_names_every_file_and_all_columns_that_are_missing(folder: Path):
    section = ORDERS.replace('"amount"', '"total"').replace('"at"', '"day"')
    section = section.replace('customer_id = "id"', 'customer_id = "Id", email = "mail"')
    with pytest.raises(MappingFault) as caught:
        check_files(folder, section)
    lines = str(caught.value).splitlines()
    for name in ("orders-1.csv", "orders-2.csv", "orders-3.csv", "customers.csv"):
        assert sum(name in line and line.startswith("shop: ") for line in lines) == 1
    assert "has no columns 'day' and 'total' among its 3" in lines[0]
    assert "has no columns 'Id' and 'mail' among its 1. Did you mean 'id'?" in lines[-1]


def test_a_check_looks_into_the_files_in_which_values_are_looked_up(folder: Path):
    lookup = '{ path = "customers.csv", key = "id", value = "v" }'
    found = f'campaign_id = {{ from = "id", lookup = {lookup} }}'
    section = ORDERS.replace('gross_amount = "amount"', f'gross_amount = "amount", {found}')
    with pytest.raises(MappingFault, match=r"customers\.csv has no column 'v' among its 1"):
        check_files(folder, section.replace("orders-*", "orders-1"))
