"""Risk: the demo company's systems are taken for others at each run, and read anew."""

import socket
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ingestion.demo.company import simulate
from ingestion.demo.exports import write_exports
from orchestration import demo
from orchestration.settings import Settings, load_settings

CONFIGURATION = Path(__file__).parents[3] / "concord.toml"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(CONFIGURATION, tmp_path, {})
    write_exports(simulate(7, 200, 3, datetime(2026, 3, 17, tzinfo=UTC)), settings.demo_dir)
    return settings


def address(settings: Settings) -> str:
    with demo.section(settings, "shop") as section:
        return section["address"]


def test_a_system_has_the_address_of_the_run_before(settings: Settings):
    assert address(settings) == address(settings)


def test_a_system_whose_port_another_has_is_read_at_another(settings: Settings):
    usual = address(settings)
    with socket.socket() as other:
        other.bind(("127.0.0.1", urlsplit(usual).port or 0))
        other.listen()
        assert address(settings) != usual
