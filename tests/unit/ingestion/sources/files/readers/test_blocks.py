"""Risk: a CSV row lands under a wrong line number, or is cut in two."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.sources.files.readers.blocks import blocks

FIELD = st.text(st.sampled_from('ab,;"\n\r é'), max_size=6)


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode()


def _pieces(text: bytes, size: int):
    return (text[start : start + size] for start in range(0, len(text), size))


@settings(deadline=None)
@given(st.lists(st.lists(FIELD, min_size=2, max_size=3), min_size=1, max_size=8), st.integers(1, 9))
def test_blocks_hold_whole_records_wherever_the_file_is_cut(rows, size):
    text = _written(rows)
    records = [
        block.text[start:end]
        for block in blocks(_pieces(text, size), ",")
        for start, end in zip(block.starts, block.ends, strict=True)
    ]
    assert b"".join(records) == text
    assert [next(csv.reader(io.StringIO(each.decode(), newline=""))) for each in records] == rows


def test_line_numbers_count_the_newlines_inside_quotes():
    text = b'id,note\n1,"a\nb\r\nc"\n2,x\n'
    lines = [line for block in blocks(_pieces(text, 7), ",") for line in block.lines()]
    assert lines == [1, 2, 5]


def test_a_stray_quote_does_not_swallow_the_rows_after_it():
    text = b'id,note\n1,5" pipe\n2,x\n3,"a, ""b"""\n'
    (block,) = blocks(iter([text]), ",")
    assert [block.record(number) for number in range(4)] == text.decode().splitlines()


def test_a_quote_that_never_closes_is_marked():
    headings, block = blocks(iter([b'id,note\n1,"open\n2,x\n']), ",")
    assert not headings.is_unclosed
    assert block.is_unclosed
    assert block.lines().tolist() == [2]
    assert block.record(0) == '1,"open\n2,x'
