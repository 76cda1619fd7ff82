"""Risk: a key or a column works, and nobody can find out that it exists; or the reverse."""

import csv
import re
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.mapping.convert.durations import CLOCKS, COUNTS
from ingestion.mapping.settings.conditions import ChoiceSection
from ingestion.mapping.settings.parts import DurationSection, PartSection
from ingestion.mapping.settings.reshaping import SplitSection, UnpivotSection
from ingestion.sources import build
from ingestion.sources.files.settings import (
    FileColumnSection,
    FileEntitySection,
    FileLookupSection,
    FilesSection,
    LimitsSection,
    read_mapping,
)

DOCS = (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
EXAMPLES = re.findall(r"```toml\n(\[+sources.*?)```", DOCS, re.DOTALL)
# A file, its mapping, and what is loaded.
WHOLE = re.findall(
    r"`(exports/\S+)`\n\n```(?:csv|json)\n(.*?)```\n\n```toml\n(.*?)```"
    r"\n\nis loaded as\n\n```csv\n(.*?)```",
    DOCS,
    re.DOTALL,
)


@pytest.mark.parametrize(
    "section",
    [
        FilesSection,
        FileEntitySection,
        FileColumnSection,
        FileLookupSection,
        LimitsSection,
        ChoiceSection,
        DurationSection,
        PartSection,
        SplitSection,
        UnpivotSection,
    ],
)
def test_every_key_of_the_files_source_is_documented(section):
    keys = {field.alias or name for name, field in section.model_fields.items()}
    assert {key for key in keys if not re.search(rf"`{key}[`:]|\b{key} = ", DOCS)} == set()


def test_every_unit_of_a_duration_is_documented():
    assert {unit for unit in (*COUNTS, *CLOCKS) if f'`"{unit}"`' not in DOCS} == set()


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_complete_example_is_a_good_configuration(example, tmp_path):
    for source, section in tomllib.loads(example).get("sources", {}).items():
        for entity in section["entities"]:
            (tmp_path / entity["path"].replace("*", "1")).parent.mkdir(exist_ok=True)
            (tmp_path / entity["path"].replace("*", "1")).touch()
        section.setdefault("kind", "files")
        assert read_mapping(source, section, tmp_path).entities


@pytest.mark.parametrize(("path", "content", "mapping", "loaded"), WHOLE)
def test_every_example_is_loaded_as_it_says(path, content, mapping, loaded, tmp_path):
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_text(content)
    ((name, section),) = tomllib.loads(mapping)["sources"].items()
    extracts = build(name, {"kind": "files", **section}, tmp_path).extract({})
    rows = [row for each in extracts for row in each.batch.to_pylist()]
    expected = list(csv.DictReader(loaded.splitlines()))
    got = [{column: written(row[column]) for column in expected[0]} for row in rows]
    assert got == expected


def test_the_examples_show_what_several_columns_and_rows_come_to():
    shown = "".join(mapping for _, _, mapping, _ in WHOLE)
    keys = ("first_of", "add", "subtract", "replace", "when", "duration")
    assert [
        key for key in (*keys, "latest_by", "split", "unpivot", "has", "html") if key not in shown
    ] == []


def written(value: Any) -> str:
    """Write a value as the examples do."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value.isoformat() if isinstance(value, date) else value)
