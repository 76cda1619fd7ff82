"""Risk: an example that nobody ran for long is no example any more."""

from pathlib import Path

import pytest

from orchestration import checking
from orchestration.settings import load_settings
from tests.fixtures.example_archives import ROOT, needs_archives

EXAMPLES = sorted((ROOT / "examples").glob("*/concord.toml"))


def test_there_are_four_examples() -> None:
    names = ["brand_care", "complete_journey", "olist", "online_retail"]
    assert [each.parent.name for each in EXAMPLES] == names


@pytest.mark.parametrize("config", EXAMPLES, ids=lambda path: path.parent.name)
def test_configuration_is_read_without_the_archives(config: Path, tmp_path: Path) -> None:
    settings = load_settings(config, tmp_path, {})
    assert settings.company.as_of is not None
    assert not settings.company.demo


@pytest.mark.shared
@needs_archives
@pytest.mark.parametrize("config", EXAMPLES, ids=lambda path: path.parent.name)
def test_no_fault_is_found_in_the_configuration(config: Path, tmp_path: Path) -> None:
    assert checking.faults(config, tmp_path) == []
    for source in checking.reached_sources(load_settings(config, tmp_path, {})):
        assert source.is_reached, source.words
