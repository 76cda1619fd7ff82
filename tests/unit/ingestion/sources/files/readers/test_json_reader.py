"""Risk: a JSON value changes on its way, or one odd line takes the others with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.errors import SourceAnswerBroken
from tests.fixtures.read_files import Read, check_files, read_files, settled

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


def test_an_object_as_text_keeps_its_letters(tmp_path: Path):
    lines = ['{"id": "1", "mail": {"Größe": 7}}', '{"id": "2", "mail": []}']
    objects = [("1", '{"Größe": 7}'), ("2", "[]")]
    assert [row[:2] for row in customers(tmp_path, *lines)] == objects
    assert listed(tmp_path, f"[{','.join(lines)}]").values("customer_id", "email") == objects
    halved = [r'{"id": "1", "mail": ["cut \ud83d"]}', '{"id": "2", "mail": "a"}']
    assert [row[1] for row in customers(tmp_path, *halved)] == ['["cut \ufffd"]', "a"]


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


@pytest.mark.parametrize("talk", ["hi", 7, [{"msgs": [{"id": "8"}]}]])
def test_rows_that_lie_in_no_object_go_to_quarantine(tmp_path: Path, talk: Any):
    within = {"id": "1", "at": "2024-01-01", "talk": {"msgs": THREAD["msgs"]}}
    empty = [within | {"talk": each} for each in (None, {}, [], "", {"msgs": None})]
    threads(tmp_path, within, *empty, within | {"talk": talk})
    read = read_files(tmp_path, MESSAGES.replace("msgs", "talk.msgs"))
    assert read.values("message_id") == ["7"]
    assert read.reasons() == [(7, "talk.msgs is not a list")]


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
    assert check_files(tmp_path, MESSAGES) == "1 file can be read for messages"


def test_a_check_reads_on_until_it_found_each_field(tmp_path: Path):
    late = [{"id": str(each), "pad": "x" * 1000} for each in range(5000)] + [{"id": "x", "n": 1}]
    settled(tmp_path / "customers.jsonl", "\n".join(json.dumps(each) for each in late))
    assert check_files(tmp_path, CUSTOMERS.replace('from = "mail", optional = true', 'from = "n"'))


def listed(folder: Path, text: str, more: str = "") -> Read:
    settled(folder / "customers.jsonl", text)
    return read_files(
        folder, CUSTOMERS.replace("[entities.columns]", f"{more}\n[entities.columns]")
    )


@pytest.mark.parametrize(
    "text",
    [
        '[\n{"id": "1", "mail": "a"},\n{"id": 2.50, "mail": null}\n]\n',
        '[{"id": "1", "mail": "a"}, {"id": 2.50}]',
        '\n [\n  {\n    "id": "1",\n    "mail": "a"\n  },\n  {\n    "id": 2.5\n  }\n]',
        '{\n  "id": "1",\n  "mail": "a"\n}\n{\n  "id": 2.5\n}\n',
        '[{"id": "1", "mail": "a"}]\n[{"id": 2.5}]\n',
    ],
    ids=["a list by lines", "on one line", "pretty-printed", "without a list", "a list a line"],
)
def test_a_document_is_read_whole_however_it_is_written(tmp_path: Path, text: str):
    read = listed(tmp_path, text)
    assert read.values("customer_id", "email") == [("1", "a"), ("2.5", None)]
    assert (read.rejects, read.received) == ([], 2)
    settled(tmp_path / "customers.jsonl", text + " ")
    assert read_files(tmp_path, CUSTOMERS, read.state).received == 2


def test_the_list_of_a_document_is_named_and_never_guessed(tmp_path: Path):
    document = '{"tickets": [{"id": "1"}, {"id": "2"}, 3], "next": null}'
    read = listed(tmp_path, document, 'records = "tickets"')
    assert read.values("customer_id") == ["1", "2"]
    assert read.rejected() == [(3, "", "is not a JSON object")]
    within = f'{{"data": {document}}}\n{{"data": {{"tickets": [{{"id": "4"}}]}}}}'
    assert listed(tmp_path, within, 'records = "data.tickets"').values("customer_id")[-1] == "4"
    assert listed(tmp_path, '{"tickets": []}', 'records = "tickets"').received == 0
    for text in ('{"ticket": []}', '{"tickets": {}}', '{"tickets": null}'):
        with pytest.raises(SourceAnswerBroken, match="has no list 'tickets'"):
            listed(tmp_path, text, 'records = "tickets"')
    with pytest.raises(SourceAnswerBroken, match=r"has the field 'id'.* set `records` to that"):
        listed(tmp_path, document)


def test_lists_within_the_elements_of_a_list_are_rows(tmp_path: Path):
    settled(tmp_path / "threads.jsonl", json.dumps({"page": {"threads": [THREAD, THREAD]}}))
    section = MESSAGES.replace('rows = "msgs"', 'rows = "msgs"\nrecords = "page.threads"')
    assert read_files(tmp_path, section).values("message_id", "text") == [("7", "hi")] * 2


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "1"},\n{"id": "2"},\n{"id": "3"}\n',
        '[{"id": "1"}, {"id": "2"}',
        '[{"id": "1"}, {"id": "2"}] and more',
        '[{"id": "1"} {"id": "2"}]',
        '[{"id": NaN}]',
        "[1, 2]",
        f'[{{"id": {"9" * 100_000}}}]',
    ],
)
def test_half_a_document_is_never_loaded_as_if_it_were_one(tmp_path: Path, text: str):
    with pytest.raises(SourceAnswerBroken) as caught:
        listed(tmp_path, text)
    assert '"id"' not in str(caught.value)


def test_a_first_line_that_is_broken_takes_no_other_with_it(tmp_path: Path):
    read = listed(tmp_path, '{"id": "0",\n{"id": "1"}\n{"id": "2"}\n')
    assert read.values("customer_id") == ["1", "2"]
    assert read.reasons() == [(1, "is not a JSON object")]


DEEP = 200_000
NESTED = {
    "objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "lists": '{"a":' + "[" * DEEP + "]" * DEEP + "}",
    "cut off": '{"a":' * DEEP,
    "cut off within a text": '{"a":' * DEEP + '"',
    "behind closing brackets in a text": '{"b": "' + "}" * DEEP + '", "a": ' + "[" * DEEP,
}


@pytest.mark.parametrize("line", NESTED.values(), ids=NESTED)
def test_a_line_that_nests_too_deep_goes_to_quarantine_alone(tmp_path: Path, line: str):
    read = listed(tmp_path, f'{{"id": "1"}}\n{line}\n{{"id": "2"}}\n')
    assert read.values("customer_id") == ["1", "2"]
    assert read.reasons() == [(2, "nests more than 100 levels deep")]
    assert len(read.rejects[0].original) < 30_000


@pytest.mark.parametrize("line", NESTED.values(), ids=NESTED)
def test_a_list_that_nests_too_deep_is_refused(tmp_path: Path, line: str):
    with pytest.raises(SourceAnswerBroken, match=r"nests more than 100 levels .*raise row_depth"):
        listed(tmp_path, f'[{{"id": "1"}},\n{line}')


def test_lines_that_each_open_and_never_close_do_not_add_up(tmp_path: Path):
    read = listed(tmp_path, '{"id": "1"}\n' + '{"a":\n' * 5_000)
    assert (read.values("customer_id"), len(read.rejects)) == (["1"], 5_000)


@pytest.mark.parametrize("form", ["{}\n{}\n{}\n", "[{},\n{},\n{}]"])
def test_an_object_of_too_many_keys_goes_to_quarantine_alone(tmp_path: Path, form: str):
    wide = json.dumps({f"k{n}": {"x": n} for n in range(150_000)})
    read = listed(tmp_path, form.replace("{}", "%s") % ('{"id": "1"}', wide, '{"id": "2"}'))
    assert read.values("customer_id") == ["1", "2"]
    assert read.reasons() == [(2, "has 300,000 keys, and 10,000 are allowed")]


@pytest.mark.parametrize("opening", ['{"id": "', '[{"id": "', '[{"id": "1"}, '])
def test_a_row_beyond_the_limit_is_refused(tmp_path: Path, opening: str):
    section = CUSTOMERS.replace("[[entities]]", "limits = { row_megabytes = 1 }\n[[entities]]")
    settled(tmp_path / "customers.jsonl", opening + " " * 3_000_000)
    with pytest.raises(SourceAnswerBroken, match=r"a row of more than 1 MB.* raise row_megabytes"):
        read_files(tmp_path, section)


def test_a_number_that_is_too_long_is_named_as_such(tmp_path: Path):
    text = '[{"id": "1", "n": 1' + "0" * 5_000 + "}]"
    with pytest.raises(SourceAnswerBroken, match="has a number of more than 4,000 digits"):
        listed(tmp_path, text)


FIELDS = """
kind = "files"
[[entities]]
entity = "customers"
path = "customers.json"
[entities.columns]
customer_id = "id"
generation = "fields[17].value"
"""


@pytest.mark.parametrize("indent", [None, 1])
def test_an_element_of_a_list_is_read_in_lines_and_in_documents(tmp_path: Path, indent: int | None):
    objects = [{"id": "1", "fields": [{"id": 17, "value": "X"}, {"id": 18, "value": 4}]}, {"id": 2}]
    written = "\n".join(json.dumps(each, indent=indent) for each in objects)
    settled(tmp_path / "customers.json", f"{written}\n")
    read = read_files(tmp_path, FIELDS)
    assert read.values("customer_id", "generation") == [("1", "X"), ("2", None)]


def test_a_misspelt_element_is_named_and_not_taken_for_empty(tmp_path: Path):
    settled(tmp_path / "customers.json", '{"id": "1", "fields": [{"id": 18, "value": "X"}]}\n')
    with pytest.raises(
        SourceAnswerBroken, match=r"no line of .* has the field 'fields\[17\].value'"
    ):
        read_files(tmp_path, FIELDS)
