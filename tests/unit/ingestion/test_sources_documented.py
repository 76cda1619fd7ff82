"""Risk: a key or a column works, and nobody can find out that it exists; or the reverse."""

import re
import tomllib
from pathlib import Path

import pytest

from ingestion.contract import ENTITIES
from ingestion.mapping.settings.entities import ConditionSection
from ingestion.sources.files.settings import (
    FileColumnSection,
    FileEntitySection,
    FileLookupSection,
    FilesSection,
    read_mapping,
)

DOCS = (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
EXAMPLES = re.findall(r"```toml\n(\[+sources.*?)```", DOCS, re.DOTALL)


@pytest.mark.parametrize(
    "section",
    [FilesSection, FileEntitySection, FileColumnSection, ConditionSection, FileLookupSection],
)
def test_every_key_of_the_files_source_is_documented(section):
    keys = {field.alias or name for name, field in section.model_fields.items()}
    assert {key for key in keys if f"`{key}`" not in DOCS and f"`{key}:" not in DOCS} == set()


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_complete_example_is_a_good_configuration(example, tmp_path):
    for source, section in tomllib.loads(example).get("sources", {}).items():
        for entity in section["entities"]:
            (tmp_path / entity["path"].replace("*", "1")).parent.mkdir(exist_ok=True)
            (tmp_path / entity["path"].replace("*", "1")).touch()
        section.setdefault("kind", "files")
        assert read_mapping(source, section, tmp_path).entities
