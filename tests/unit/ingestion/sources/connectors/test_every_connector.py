"""Risk: a connector works in its own test alone: with other options, faults, wrong credentials.

The test of a connector that has no module of its own brings `vendor()`, its API with at least one
row for every entity, and `SECTION`.
"""

import json
import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ingestion.errors import SourceRefused
from ingestion.sources import build, connectors
from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import Fault, serving

NAMES = connectors.names()
DECLARED = [name for name in NAMES if connectors.connector(name).source]
MISHAPS = (
    Fault(500),
    Fault(503, headers={"Retry-After": "1"}),
    Fault(429, headers={"Retry-After": "1"}),
    Fault(200, b'{"truncated": ['),
    Fault(200, b"<html>Bad gateway</html>"),
)
# What a user writes of each type of option, where there is no example of it.
EXAMPLES: dict[str, Any] = {
    "whole number": 7,
    "list of texts": ["one"],
    "list of tables": [{"handle": "acme", "brand": "Acme"}],
    "table": {"summer": "summer-2026"},
}


def trial(name: str) -> ModuleType:
    return import_module(f"{__package__}.test_{name}")


def section_of_examples(name: str, *, is_whole: bool) -> dict[str, Any]:
    """Return a section with the options' examples: all of them, or the required ones.

    Of several ways to sign in, those have one.
    """
    declared = connectors.connector(name)
    ways = declared.declared.get("auth", {})
    needed = ways[0]["needs"] if isinstance(ways, list) else ""
    given = {
        key: EXAMPLES.get(option.type, option.example)
        for key, option in declared.options.items()
        if option.required or is_whole or f"${{{key}}}" in needed
    }
    return {"kind": name, **given}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_whole", [True, False])
def test_the_examples_of_its_options_make_a_source(name, is_whole):
    source = build("theirs", section_of_examples(name, is_whole=is_whole), Path())
    assert source.kind == name


@pytest.mark.parametrize("name", NAMES)
def test_its_readme_shows_a_section_that_works(name):
    readme = (connectors.FOLDER / name / "README.md").read_text(encoding="utf-8")
    (shown, *_) = re.findall(r"```toml\n(.*?)```", readme, re.S)
    ((source, section),) = tomllib.loads(shown)["sources"].items()
    for key, option in connectors.connector(name).options.items():
        if option.secret and key in section:
            assert re.fullmatch(r"\$\{\w+\}", section[key]), "secrets come from the environment"
            section[key] = option.example
    assert build(source, section, Path()).kind == name


@pytest.mark.parametrize("name", DECLARED)
def test_its_secrets_go_nowhere_but_to_the_signature(name):
    declared = connectors.connector(name)
    assert declared.source is not None
    beside = json.dumps({key: each for key, each in declared.source.items() if key != "auth"})
    secret = [key for key, option in declared.options.items() if option.secret]
    assert [key for key in secret if f"${{{key}}}" in beside] == []


@pytest.mark.parametrize("name", DECLARED)
def test_each_entity_has_rows_and_all_of_them_can_be_read(name):
    with serving(trial(name).vendor()) as vendor:
        loaded = load(source_of(vendor, trial(name).SECTION))
    filled = {entity for entity, rows in loaded.rows.items() if rows}
    assert filled == set(connectors.entities({"kind": name}))
    assert {entity: each for entity, each in loaded.rejects.items() if each} == {}
    assert loaded.emptied == []


@pytest.mark.parametrize("name", DECLARED)
def test_what_did_not_change_is_no_news(name):
    with serving(trial(name).vendor()) as vendor:
        source = source_of(vendor, trial(name).SECTION)
        first = load(source)
        second = load(source, first.state)
    for entity, rows in second.rows.items():
        assert all(row in first.rows[entity] for row in rows), entity
    assert not any(second.rejects.values())


@pytest.mark.parametrize("name", DECLARED)
def test_faults_on_the_way_change_nothing(name):
    with serving(trial(name).vendor()) as vendor:
        source = source_of(vendor, trial(name).SECTION)
        quiet = load(source).rows
        dice = random.Random(5)
        vendor.mishap = lambda: dice.choice(MISHAPS) if dice.random() < 0.3 else None
        assert load(source).rows == quiet


@pytest.mark.parametrize("name", DECLARED)
def test_wrong_credentials_are_told_without_them(name):
    with serving(trial(name).vendor()) as vendor:
        vendor.signed = {"X-Nobody": "has this"}
        with pytest.raises(SourceRefused, match="401") as caught:
            source_of(vendor, trial(name).SECTION).check()
    assert [word for word in secrets(name, trial(name).SECTION) if word in str(caught.value)] == []


def secrets(name: str, section: Mapping[str, Any]) -> Iterator[str]:
    for key, option in connectors.connector(name).options.items():
        if option.secret and key in section:
            yield section[key]
