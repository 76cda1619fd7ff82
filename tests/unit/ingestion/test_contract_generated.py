"""Risk: dbt or the documentation says something else than the contract."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from ingestion.contract import ENTITIES, generated

ROOT = Path(__file__).parents[3]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with the files that are generated."""
    for part in (generated.STAGING, generated.DOCUMENT.parent):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def test_what_is_committed_follows_the_contract():
    names = [str(path.relative_to(ROOT)) for path in generated.stale(ROOT)]
    assert names == [], "run `make fix`"


def test_what_is_missing_outdated_or_of_no_entity_is_found_and_made_good(copy: Path):
    staging = copy / generated.STAGING
    expected = {path: path.read_text() for path in staging.iterdir()}
    (staging / "stg_orders.sql").unlink()
    (staging / "stg_agents.sql").write_text("select 1")
    (staging / "stg_parcels.sql").write_text("select 1")
    document = copy / generated.DOCUMENT
    expected[document] = document.read_text()
    document.write_text(expected[document].replace("| `customer_id` (required) |", "| `id` |"))
    names = [path.name for path in generated.stale(copy)]
    assert names == ["stg_agents.sql", "stg_orders.sql", "stg_parcels.sql", "sources.md"]
    generated.write(copy)
    assert {path: path.read_text() for path in [*staging.iterdir(), document]} == expected


def test_a_document_without_markers_is_refused(copy: Path):
    (copy / generated.DOCUMENT).write_text("# Sources\n")
    with pytest.raises(ValueError, match="markers"):
        generated.write(copy)


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda entity: entity.name)
def test_model_properties_and_documentation_have_every_column(entity):
    files = {path.name: text for path, text in generated.files(ROOT).items()}
    properties = yaml.safe_load(files["_stg__models.yml"])["models"]
    (columns,) = [each["columns"] for each in properties if each["name"] == f"stg_{entity.name}"]
    selected = re.findall(r"^        (\w+),?$", files[f"stg_{entity.name}.sql"], re.M)
    section = files["sources.md"].partition(f"### `{entity.name}`\n")[2].partition("###")[0]
    documented = re.findall(r"^\| `(\w+)`", section, re.M)
    assert tuple(documented) == entity.column_names
    assert selected[: len(documented)] == documented
    assert selected == [column["name"] for column in columns]
    assert selected[-2:] == ["source_name", "loaded_at"]
