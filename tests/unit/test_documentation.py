"""Risk: something works and nobody can find out, or is described and doesn't exist."""

import csv
import re
import tomllib
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from analytics.identifiers.normalising import ROLE_MAILBOXES
from dashboards.scorecard import catalogue, contract, definition
from ingestion.sections import Section
from orchestration import (
    checking,
    configuration,
    metabase_section,
    promises,
    service_desk,
    settings,
)
from orchestration.cli import Format, app

ROOT = Path(__file__).parents[2]
README, CHANGELOG, CONTRIBUTING, COMMANDS, CONFIGURATION = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "docs/commands.md",
        "docs/configuration.md",
    )
)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
GENERATED = ROOT / "docs" / "metrics.md"
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "ingestion/**/*.md", "examples/**/*.md")
    for path in ROOT.glob(pattern)
    if path != GENERATED
)
METRICS = catalogue.read()
SECTIONS = {
    "`[company]`": configuration.Company,
    "`[[company.brands]]`": configuration.Brand,
    "`[company.business_hours]`": service_desk.BusinessHours,
    "`[[company.business_hours.hours.fri]]`": service_desk.Span,
    "`[[company.calendars]]`": service_desk.Calendar,
    "`[[company.service_levels]]`": service_desk.ServiceLevel,
    "`[metrics]`": configuration.Metrics,
    "`[persons]`": configuration.Persons,
    "`[stories]`": configuration.Stories,
    "`[gates]`": configuration.Gates,
    "`[[targets]]`": configuration.Target,
    "`[[explanations]]`": configuration.Explanation,
    "`[[baseline_shifts]]`": configuration.BaselineShift,
    "`[[promises]]`": promises.Promise,
    "`[scorecard]`": configuration.Scorecard,
    "`[[scorecard.rows]]`": configuration.CardRow,
    "`[[scorecard.rows.cards]]`": configuration.Card,
    "`[metabase]`": metabase_section.Metabase,
    "`[demo]`": configuration.Demo,
}


def commands(command: Any = None, name: str = "concord") -> Iterator[tuple[str, Any]]:
    command = command or typer.main.get_command(app)
    if not hasattr(command, "commands"):
        yield name, command
        return
    for child in command.commands.values():
        yield from commands(child, f"{name} {child.name}")


COMMANDS_BY_NAME = dict(commands())


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next heading of any level."""
    match = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    return match[1] if match else ""


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(text: str) -> set[str]:
    without_code = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", without_code, re.M)}


def broken_links(text: str, page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return [
        link for link in found if not link.startswith("https://") and not _leads(link, text, page)
    ]


def _leads(link: str, text: str, page: Path) -> bool:
    file, _, anchor = link.partition("#")
    target = page.parent / file
    if not target.exists():
        return False
    return not anchor or anchor in anchors(target.read_text(encoding="utf-8") if file else text)


@pytest.mark.parametrize("name", COMMANDS_BY_NAME)
def test_each_command_is_documented_with_each_of_its_options(name):
    text = section(COMMANDS, f"`{name}`")
    common = COMMANDS.partition("\n## ")[0]
    options = [each for each in COMMANDS_BY_NAME[name].params if each.param_type_name == "option"]
    assert text.strip(), f"{name} has no section"
    assert f"| `{name}` |" in README
    for option in options:
        own = common if option.name in {"workspace", "config"} else text
        written = f"`{option.opts[0]}`" if option.is_flag else f"`{option.opts[0]} "
        assert written in own, option.opts[0]
        assert option.help, f"{option.opts[0]} has no --help"


def test_each_format_of_the_export_is_documented():
    text = section(COMMANDS, "`concord export`")
    assert [each for each in Format if f"`{each}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_command_or_a_target_that_does_not_exist(page):
    text = page.read_text(encoding="utf-8")
    known = {name.split()[1] for name in COMMANDS_BY_NAME}
    written = re.findall(r"(?:^|`|\(|/)concord (?:--\w+ \S+ )*([a-z]+)", text, re.M)
    made = re.findall(r"(?:^|`)make (?:PYTHON=\S+ )?([a-z-]+)", text, re.M)
    assert set(written) - known == set()
    assert set(made) - targets() == set()


def targets() -> set[str]:
    return set(" ".join(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.M)).split())


def test_each_make_target_is_documented_and_listed_by_make_help():
    assert {each for each in targets() if f"| `make {each}` |" not in CONTRIBUTING} == set()
    listed = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.M))
    assert targets() - listed == {"browser", "request-tracker"}


def test_the_makefile_calls_only_commands_that_exist():
    called = re.findall(r"\$\(BIN\)/concord ([a-z]+)", MAKEFILE)
    assert set(called) <= {name.split()[1] for name in COMMANDS_BY_NAME}


def test_every_section_of_the_configuration_is_looked_at():
    modules = (configuration, promises, service_desk, metabase_section)
    own = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    names = {module.__name__ for module in modules}
    sections = {each for each in own if issubclass(each, Section) and each.__module__ in names}
    shared = {configuration.Configuration, service_desk.Scope}
    assert sections - shared == set(SECTIONS.values())
    for name in configuration.Configuration.model_fields:
        assert re.search(rf"^## `\[+{name}[\].]", CONFIGURATION, re.M), name


@pytest.mark.parametrize("heading", SECTIONS)
def test_each_setting_is_documented_with_its_default(heading):
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", section(CONFIGURATION, heading), re.M)
    fields = SECTIONS[heading].model_fields
    assert dict(rows) == {name: default(field) for name, field in fields.items()}


def default(field: Any) -> str:
    """Write a setting's default as the documentation does."""
    value = field.default
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return "none"
    return "below" if isinstance(value, BaseModel) else f"`{toml(value)}`"


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {toml(it)}' for key, it in value.items())}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    return f'"{value}"' if isinstance(value, str) else str(value)


def test_each_limit_of_the_gates_is_explained_where_gates_are():
    gates = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
    assert {each for each in configuration.Gates.model_fields if each not in gates} == set()


def test_each_usual_role_mailbox_is_documented():
    persons = (ROOT / "docs" / "persons.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w-]+)`", section(persons, "The usual role mailboxes"))
    assert tuple(named) == ROLE_MAILBOXES


def variables(*patterns: str) -> set[str]:
    """Return the environment variables that the files read."""
    reading = re.compile(
        r"(?:environ|environment)(?:\.get\(|\[)\"([A-Z_]+)\""
        r"|env_var\('([A-Z_]+)'|\$\{([A-Z_]+):\?|^export ([A-Z_]+)|^([A-Z]+) \?=",
        re.M,
    )
    files = [path for pattern in patterns for path in ROOT.glob(pattern)]
    texts = [path.read_text(encoding="utf-8") for path in files if path != Path(__file__)]
    return {name for text in texts for found in reading.findall(text) for name in found if name}


def test_each_variable_of_the_environment_is_documented():
    read = variables(
        "orchestration/**/*.py", "tests/**/*.py", "dbt_project/*.yml", "compose.yaml", "Makefile"
    )
    assert {"CONCORD_DATABASE_URL", "CONCORD_DBT_HOST", "CI", "PYTHON"} <= read
    known = section(CONFIGURATION, "The environment")
    assert {each for each in read if f"`{each}`" not in known} == set()


def test_the_example_of_the_environment_names_what_people_set():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^# ([A-Z_]+)=", example, re.M))
    assert variables("orchestration/settings.py", "compose.yaml", "tests/**/*.py") <= names
    assert {each for each in names if f"`{each}`" not in CONFIGURATION} == set()
    assert not [line for line in example.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page):
    assert broken_links(page.read_text(encoding="utf-8"), page) == []


def test_the_catalogue_has_every_metric_and_no_broken_link():
    text = catalogue.markdown(METRICS, definition.load().areas)
    assert {each["metric_id"] for each in METRICS} <= anchors(text)
    assert broken_links(text, GENERATED) == []


def test_the_changelog_names_every_metric_and_every_version_after_the_first():
    assert [each for each in METRICS if f"`{each['metric_id']}`" not in CHANGELOG] == []
    later = [each for each in METRICS if int(each["version"]) > 1]
    words = [f"`{each['metric_id']}` version {each['version']}" for each in later]
    assert [each for each in words if each not in CHANGELOG] == []


def test_the_changelog_and_the_export_name_the_contract_as_it_is():
    export = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    assert f"contract version {contract.VERSION} " in CHANGELOG
    assert f"**version {contract.VERSION}**" in export
    assert re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| (.*?) \|", export, re.M))) == list(
        contract.KEYS
    )


def test_the_changelog_names_the_version_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] in CHANGELOG


def test_decisions_are_numbered_without_a_gap_and_say_what_each_must():
    files = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert f"({path.name}) {text.splitlines()[0].partition('. ')[2]}\n" in index
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        headings = re.findall(r"^## (.*)$", text, re.M)
        assert headings == ["What it is about", "Decision", "What follows"], path.name


def test_the_five_minutes_of_the_readme_are_a_good_configuration(tmp_path, monkeypatch):
    exports = tmp_path / "exports"
    exports.mkdir()
    blocks = re.findall(r"^```csv\n(.*?)^```", README, re.M | re.S)
    for name, content in zip(("customers.csv", "orders.csv"), blocks, strict=True):
        (exports / name).write_text(content)
    first, connected = re.findall(r"^```toml\n(.*?)^```", README, re.M | re.S)
    config = tmp_path / "concord.toml"
    config.write_text(first + connected)
    monkeypatch.setenv("MAILCHIMP_KEY", "a-key-us19")
    assert checking.faults(config, tmp_path / "work") == []
    config.write_text(first)
    reached = checking.reached_sources(settings.load_settings(config, tmp_path / "work", {}))
    assert [(each.name, each.is_reached) for each in reached] == [("shop", True)]


def test_the_smallest_configuration_is_one(tmp_path):
    example = re.findall(r"^```toml\n(.*?)^```", CONFIGURATION, re.M | re.S)[0]
    (tmp_path / "concord.toml").write_text(example)
    exports = tmp_path / "exports"
    exports.mkdir()
    with (exports / "orders.csv").open("w", newline="") as file:
        csv.writer(file).writerow(["number", "customer", "placed", "total"])
    assert checking.faults(tmp_path / "concord.toml", tmp_path / "work") == []
