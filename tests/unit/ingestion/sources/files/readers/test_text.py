"""Risk: a file in another encoding or format is read as nonsense, or its owner is sent astray."""

import codecs
from pathlib import Path

import pytest

from ingestion.errors import SourceAnswerBroken
from ingestion.sources.files.readers.text import text_blocks

TEXT = "id,note\n1,Café\n"


def read(folder: Path, content: bytes, encoding: str) -> str:
    path = folder / "x.csv"
    path.write_bytes(content)
    return b"".join(text_blocks("shop", path, encoding)).decode()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-32"), "utf-32"),
        (b"PAR1,PK\n", "ascii"),
    ],
)
def test_text_is_read_with_and_without_a_byte_order_mark(
    tmp_path: Path, content: bytes, encoding: str
):
    expected = TEXT if len(content) > 10 else "PAR1,PK\n"
    assert read(tmp_path, content, encoding) == expected


@pytest.mark.parametrize(
    ("content", "encoding", "reported"),
    [
        (TEXT.encode("utf-16-le"), "UTF16", 'of UTF16. Set `encoding` to "utf-16-le" or "utf-16-'),
        (TEXT.encode("utf-16"), "utf-8", 'is utf-16, not utf-8, .* Set `encoding` to "utf-16"'),
        (TEXT.encode("utf-16"), "latin-1", 'Set `encoding` to "utf-16"'),
        (TEXT.encode("utf-32"), "utf-8", 'Set `encoding` to "utf-32"'),
        (codecs.BOM_UTF8 + TEXT.encode(), "cp1252", 'Set `encoding` to "utf-8"'),
        (b"PK\x03\x04\x14\x00", "latin-1", "is a zip archive or a spreadsheet, not text"),
        (b"PAR1\x15\x04\x15", "utf-8", 'is Parquet, not text. Set `format` to "parquet"'),
    ],
)
def test_what_a_file_is_instead_is_reported(
    tmp_path: Path, content: bytes, encoding: str, reported: str
):
    with pytest.raises(SourceAnswerBroken, match=reported):
        read(tmp_path, content, encoding)
