"""Risk: a JSON value changes on its way, or one odd line takes the others with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.errors import SourceAnswerBroken
from tests.fixtures.read_files import check_files, read_files, settled

CUSTOMERS = """
kind = "files"
[[entities]]
entity = "customers"
path = "customers.jsonl"
[entities.columns]
customer_id = "id"
email = { from = "mail", optional = true }
generation = { from = "more.band", optional = true }
"""
MESSAGES = """
kind = "files"
[[entities]]
entity = "messages"
path = "threads.jsonl"
rows = "msgs"
[entities.columns]
message_id = "msgs.id"
conversation_id = "id"
sent_at = "at"
direction = { value = "inbound" }
is_public = true
text = { from = "msgs.text", optional = true }
"""
THREAD = {"id": "1", "at": "2024-01-01", "msgs": [{"id": "7", "text": "hi"}]}


def customers(folder: Path, *lines: str) -> list[tuple[Any, ...]]:
    settled(folder / "customers.jsonl", "".join(f"{line}\n" for line in lines))
    read = read_files(folder, CUSTOMERS)
    assert read.rejects == []
    return read.values("customer_id", "email", "generation")


def threads(folder: Path, *objects: dict[str, Any]) -> None:
    settled(folder / "threads.jsonl", "".join(f"{json.dumps(each)}\n" for each in objects))


@pytest.mark.parametrize("other", ["", '{"id": "x", "mail": [1]}', "{broken"])
def test_numbers_as_ids_keep_every_digit_however_the_block_is_read(tmp_path: Path, other: str):
    numbers = ["12345678901234567890", "9007199254740993", "7", "1.50", "3.0", "1e3", "0.0", "-7"]
    lines = [f'{{"id": {number}}}' for number in numbers]
    settled(tmp_path / "customers.jsonl", "\n".join([*lines, other, ""]))
    ids = read_files(tmp_path, CUSTOMERS).values("customer_id")
    assert ids[: len(numbers)] == [
        "12345678901234567890",
        "9007199254740993",
        "7",
        "1.5",
        "3",
        "1000",
        "0",
        "-7",
    ]


def test_extreme_numbers_are_read_too(tmp_path: Path):
    lines = ['{"id": 1e-7}', '{"id": 1e400}', '{"id": 0.1234567890123456789012345678901}']
    ids = [row[0] for row in customers(tmp_path, *lines)]
    assert ids == ["1E-7", "1E+400", "0.1234567890123456789012345678901"]


def test_texts_of_digits_stay_texts_after_a_block_of_numbers(tmp_path: Path):
    numbers = [f'{{"id": {each}.5, "mail": "{"x" * 1000}"}}' for each in range(5000)]
    # a last line without a newline is a block of its own
    settled(tmp_path / "customers.jsonl", "\n".join([*numbers, '{"id": "007"}']))
    assert read_files(tmp_path, CUSTOMERS).values("customer_id")[-1] == "007"


def test_fields_that_nobody_maps_may_hold_anything(tmp_path: Path):
    lines = ['{"id": "1", "cf": []}', '{"id": "2", "cf": {"a": 1}}', '{"id": "3", "cf": "x"}']
    assert [row[0] for row in customers(tmp_path, *lines)] == ["1", "2", "3"]


def test_a_mapped_field_may_be_an_object_here_and_a_text_or_list_there(tmp_path: Path):
    lines = [
        '{"id": "1", "mail": {"a": [1, 2.5]}, "more": {"band": "x"}}',
        '{"id": "2", "mail": "a@x", "more": "nobody"}',
        '{"id": 3, "mail": [true], "more": []}',
        '{"id": "4", "mail": null, "more": {"band": true}}',
    ]
    assert customers(tmp_path, *lines) == [
        ("1", '{"a": [1, 2.5]}', "x"),
        ("2", "a@x", None),
        ("3", "[true]", None),
        ("4", None, "true"),
    ]


def test_an_object_as_text_has_its_own_fields_only(tmp_path: Path):
    lines = ['{"id": "1", "mail": {"a": 1}}', '{"id": "2", "mail": {"b": "x"}}']
    assert [row[1] for row in customers(tmp_path, *lines)] == ['{"a": 1}', '{"b": "x"}']


def test_half_an_emoji_is_replaced(tmp_path: Path):
    lines = [r'{"id": "1", "mail": "cut \ud83d"}', r'{"id": "2", "mail": "\ud83d\ude00"}']
    assert [row[1] for row in customers(tmp_path, *lines)] == ["cut \ufffd", "\U0001f600"]


def test_times_in_several_nested_fields_keep_their_spelling_with_fractions_beside(tmp_path: Path):
    lines = [
        '{"id": 1.5, "more": {"band": "2024-01-01", "n": 2.5}}',
        '{"id": 2.5, "more": {"band": "2024-01-01T00:00:00Z"}}',
    ]
    assert customers(tmp_path, *lines) == [
        ("1.5", None, "2024-01-01"),
        ("2.5", None, "2024-01-01T00:00:00Z"),
    ]


def test_rows_may_be_written_as_an_empty_object_or_text(tmp_path: Path):
    empty = [THREAD | {"id": each, "msgs": msgs} for each, msgs in (("2", {}), ("3", ""))]
    threads(tmp_path, THREAD, *empty, {"id": "4", "at": "2024-01-01"})
    read = read_files(tmp_path, MESSAGES)
    assert read.values("message_id", "conversation_id", "text") == [("7", "1", "hi")]
    assert read.rejects == []


def test_rows_that_are_no_list_go_to_quarantine(tmp_path: Path):
    threads(tmp_path, THREAD, THREAD | {"msgs": {"1": {"id": "8"}}})
    read = read_files(tmp_path, MESSAGES)
    assert read.values("message_id") == ["7"]
    assert read.reasons() == [(2, "msgs is not a list")]


@pytest.mark.parametrize(
    ("thread", "old", "new", "reported"),
    [
        (THREAD, 'rows = "msgs"', 'rows = "mgs"', "no line of threads.jsonl has a list 'mgs'"),
        (THREAD | {"msgs": {"a": 1}}, "", "", "no line of threads.jsonl has a list 'msgs'"),
        (THREAD, '"msgs.id"', '"msgs.nr"', "has the field 'msgs.nr'"),
        (THREAD | {"msgs": []}, 'sent_at = "at"', 'sent_at = "on"', "has the field 'on'"),
    ],
)
@pytest.mark.parametrize("read", [read_files, check_files])
def test_a_slip_in_the_mapping_is_reported_by_loads_and_by_checks(
    tmp_path: Path, read, thread: dict[str, Any], old: str, new: str, reported: str
):
    threads(tmp_path, thread)
    with pytest.raises(SourceAnswerBroken, match=reported):
        read(tmp_path, MESSAGES.replace(old, new))


def test_empty_lists_tell_nothing_about_their_fields(tmp_path: Path):
    threads(tmp_path, THREAD | {"msgs": []}, THREAD | {"msgs": None})
    assert read_files(tmp_path, MESSAGES).rows == []
    assert check_files(tmp_path, MESSAGES) == "1 files can be read for messages"


def test_a_check_reads_on_until_it_found_each_field(tmp_path: Path):
    late = [{"id": str(each), "pad": "x" * 1000} for each in range(5000)] + [{"id": "x", "n": 1}]
    settled(tmp_path / "customers.jsonl", "\n".join(json.dumps(each) for each in late))
    assert check_files(tmp_path, CUSTOMERS.replace('from = "mail", optional = true', 'from = "n"'))
