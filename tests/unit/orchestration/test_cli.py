"""Risk: a wrong command or configuration ends in a traceback, a wrong code, or stray files."""

import errno
import re
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from orchestration import cli
from tests.fixtures.exporting_company import NOW, ExportingCompany

COMMANDS = (
    ["up"],
    ["run"],
    ["serve"],
    ["status"],
    ["check"],
    ["stop"],
    ["url"],
    ["dbt"],
    ["sources", "list"],
    ["sources", "check"],
    ["sources", "reset", "shop", "--yes"],
    ["sources", "accept", "shop"],
    ["sources", "preview", "shop"],
    ["publish", "metabase"],
    ["explain", "nps"],
    ["export", "--format", "json", "--output", "scorecard.json"],
)
NEEDS_WAREHOUSE = [
    command
    for command in COMMANDS
    if command[0] not in {"check", "stop"}
    and command[1:2] not in (["list"], ["check"], ["preview"])
]
ROOT = Path(__file__).parents[3]
PASSWORD = "n0b0dy-may-see-this"


def _named(command: list[str]) -> str:
    return " ".join(command[:2])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in an empty folder, which no command but export may write to."""
    for name in ("CONCORD_CONFIG", "CONCORD_WORKSPACE", "CONCORD_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    yield here
    assert list(here.iterdir()) == []


@pytest.fixture
def company(tmp_path: Path) -> ExportingCompany:
    """Give a company whose configuration has no fault."""
    company = ExportingCompany(tmp_path / "company")
    company.write()
    return company


def concord(*arguments: str | Path) -> Result:
    """Run `concord`; whatever it did, it never shows a traceback."""
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("command", COMMANDS, ids=_named)
def test_an_unknown_option_is_wrong_use(command: list[str]):
    result = concord(*command, "--no-such-option")
    assert (result.exit_code, "--no-such-option" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["sources", "no-such-command"],
        ["sources", "preview"],
        ["sources", "preview", "shop", "--rows", "0"],
        ["serve", "--port", "0"],
        ["serve", "--port", "web"],
        ["export", "--format", "xlsx", "--output", "x"],
        ["export", "--format", "json"],
    ],
)
def test_a_wrong_argument_is_wrong_use(arguments: list[str]):
    assert concord(*arguments).exit_code == 2


@pytest.mark.parametrize("command", COMMANDS, ids=_named)
def test_a_missing_configuration_is_named_with_the_way_to_give_one(
    command: list[str], tmp_path: Path
):
    result = concord(*command, "--config", tmp_path / "nowhere.toml")
    assert result.exit_code == 2
    assert f"{tmp_path}/nowhere.toml: there is no such file" in result.stderr
    assert "--config" in result.stderr
    assert "concord init" in result.stderr


def test_a_folder_in_the_place_of_the_configuration_is_called_one(tmp_path: Path):
    result = concord("check", "--config", tmp_path)
    assert (result.exit_code, "it is a folder" in result.stderr) == (2, True)


def test_a_workspace_that_cannot_be_made_is_named_with_what_to_do(
    company: ExportingCompany, tmp_path: Path
):
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "work"
    result = concord("status", "--config", company.config, "--workspace", place)
    assert (result.exit_code, "Errno" in result.stderr) == (1, False)
    assert f"The workspace {place} can't be made" in result.stderr
    assert "--workspace" in result.stderr


@pytest.mark.parametrize("command", NEEDS_WAREHOUSE, ids=_named)
def test_a_warehouse_that_is_not_there_is_a_failure_without_its_password(
    command: list[str], company: ExportingCompany, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    url = f"postgresql://concord:{PASSWORD}@127.0.0.1:{_free_port()}/concord"
    monkeypatch.setenv("CONCORD_DATABASE_URL", url)
    result = concord(*command, "--config", company.config, "--workspace", tmp_path / "work")
    assert result.exit_code == 1
    assert "can't be reached" in result.stderr
    assert PASSWORD not in result.output


def test_a_warehouse_url_that_is_none_is_wrong_use_without_its_password(
    company: ExportingCompany, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CONCORD_DATABASE_URL", f"mysql://concord:{PASSWORD}@db/concord")
    result = concord("url", "--config", company.config, "--workspace", tmp_path / "work")
    assert (result.exit_code, PASSWORD in result.output) == (2, False)
    assert "CONCORD_DATABASE_URL" in result.stderr


@pytest.mark.parametrize("command", ["reset", "accept"])
def test_a_source_that_nobody_configured_is_wrong_use(
    command: str, company: ExportingCompany, tmp_path: Path
):
    place = ("--config", company.config, "--workspace", tmp_path / "work")
    result = concord("sources", command, "shopp", *place)
    assert result.exit_code == 2
    assert "there is no source 'shopp'; use one of: shop" in result.stderr


def test_a_source_is_reset_only_if_somebody_says_yes(company: ExportingCompany, tmp_path: Path):
    place = ("--config", company.config, "--workspace", tmp_path / "work")
    result = concord("sources", "reset", "shop", *place)
    assert result.exit_code == 1
    assert "no longer has is lost at the next run" in result.output
    assert not (tmp_path / "work").exists()


SOCIAL = """
[sources.social]
kind = "mastodon"
base_url = "http://127.0.0.1:9"
accounts = [{ handle = "tern", brand = "Tern" }]
"""
FAULTY = """
[company]
name = "Acme"
currency = "euro"
time_zone = "Berlin"

[metrics]
minimum_n = "many"

[sources.shop]
kind = "files"

[[sources.shop.entities]]
entity = "oders"
path = "orders.csv"
columns = { order_id = "id" }

[sources.desk]
kind = "telepathy"

[sources.social]
kind = "mastodon"
access_token = "${NO_SUCH_TOKEN}"

[[targets]]
metric_id = "nps"
valid_from = 2026-01-01
service_owner = "Ada"
"""


def test_check_names_every_fault_of_settings_and_sources_in_one_go(tmp_path: Path):
    file = tmp_path / "concord.toml"
    file.write_text(FAULTY)
    result = concord("check", "--config", file, "--workspace", tmp_path / "work")
    assert result.exit_code == 2
    faults = [line for line in result.stderr.splitlines() if line.startswith("✗")]
    for key in (
        "company.currency",
        "company.time_zone",
        "metrics.minimum_n",
        "targets[0].marketing_owner",
        "sources.social.access_token",
        "sources.shop.entities",
        "sources.desk.kind",
    ):
        assert any(line.startswith(f"✗ concord.toml: {key}") for line in faults), (key, faults)
    # Each says what is wrong and, in a sentence of its own, what to do.
    assert all(line.count(". ") >= 1 for line in faults), faults
    assert not (tmp_path / "work").exists()


def test_check_names_a_target_for_a_metric_that_does_not_exist(
    company: ExportingCompany, tmp_path: Path
):
    wrong = '[[targets]]\nmetric_id = "happiness"\nvalid_from = 2025-01-01\nvalue = 1.0\n'
    company.write(settings=wrong + 'marketing_owner = "A"\nservice_owner = "B"\n')
    result = concord("check", "--config", company.config, "--workspace", tmp_path / "work")
    assert result.exit_code == 2
    assert "targets[1].metric_id: there is no metric 'happiness'" in result.stderr
    assert "retention_rate" in result.stderr


def test_other_faults_hide_no_unknown_metric(tmp_path: Path):
    file = tmp_path / "concord.toml"
    file.write_text(
        FAULTY.replace('"nps"', '"happiness"')
        + '[[baseline_shifts]]\nmetric_id = "luck"\n[metabase]\nurl = "http://127.0.0.1:9"\n'
    )
    result = concord("check", "--config", file, "--workspace", tmp_path / "work")
    assert result.exit_code == 2
    for words in (
        "company.currency: ",
        "targets[0].metric_id: there is no metric 'happiness'",
        "baseline_shifts[0].metric_id: there is no metric 'luck'",
        "metabase: there are no credentials",
    ):
        assert f"✗ concord.toml: {words}" in result.stderr


def test_a_secret_that_is_not_set_is_one_fault(tmp_path: Path):
    file = tmp_path / "concord.toml"
    section = '[sources.shop]\nkind = "files"\n[[sources.shop.entities]]\nentity = "agents"\n'
    path = 'path = "${NO_SUCH_FOLDER}/agents.csv"\ncolumns = { agent_id = "id" }\n'
    file.write_text('[company]\nname = "Acme"\n' + section + path)
    result = concord("check", "--config", file)
    assert (result.exit_code, result.stderr.count("✗")) == (2, 1)
    assert "NO_SUCH_FOLDER is not set" in result.stderr


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[[sources]]", "sources"),
        ("[[sources.shop]]", "sources.shop"),
        ("sources = 3", "sources"),
        ('[sources]\nshop = "files"', "sources.shop"),
        ('[sources]\nshop = ["files"]', "sources.shop"),
        ("targets = [3]", "targets[0]"),
    ],
)
def test_check_takes_a_section_of_a_wrong_kind_for_a_fault(tmp_path: Path, text: str, key: str):
    file = tmp_path / "concord.toml"
    file.write_text(f'{text}\n[company]\nname = "Acme"\n')
    result = concord("check", "--config", file)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"✗ concord.toml: {key}: is not a table. ")


def test_check_names_a_metabase_that_nobody_could_sign_in_to(
    company: ExportingCompany, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    company.write(settings='[metabase]\nurl = "http://127.0.0.1:9"\n')
    where = ("--config", company.config, "--workspace", tmp_path / "work")
    result = concord("check", *where)
    assert (result.exit_code, "CONCORD_METABASE_API_KEY" in result.stderr) == (2, True)
    monkeypatch.setenv("CONCORD_METABASE_API_KEY", PASSWORD)
    result = concord("check", *where)
    assert (result.exit_code, PASSWORD in result.stdout + result.stderr) == (0, False)


def test_check_of_a_configuration_without_fault_is_fine(company: ExportingCompany, tmp_path: Path):
    result = concord("check", "--config", company.config, "--workspace", tmp_path / "work")
    assert (result.exit_code, "no fault" in result.stdout) == (0, True)


def test_where_things_are_may_stand_before_the_command_or_after_it(
    company: ExportingCompany, tmp_path: Path
):
    where = ("--config", company.config, "--workspace", tmp_path / "work")
    before, after = concord(*where, "sources", "list"), concord("sources", "list", *where)
    assert before.exit_code == after.exit_code == 0
    assert before.stdout == after.stdout
    between = concord("--workspace", tmp_path / "work", "check", "--config", company.config)
    assert between.exit_code == 0


def test_what_stands_after_the_command_counts_more(company: ExportingCompany, tmp_path: Path):
    nowhere = tmp_path / "nowhere.toml"
    assert concord("--config", nowhere, "check", "--config", company.config).exit_code == 0


def test_the_environment_can_say_where_things_are(
    company: ExportingCompany, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CONCORD_CONFIG", str(company.config))
    monkeypatch.setenv("CONCORD_WORKSPACE", str(tmp_path / "work"))
    assert concord("check").exit_code == 0


def test_sources_are_listed_with_what_they_fill(company: ExportingCompany, tmp_path: Path):
    result = concord(
        "sources", "list", "--config", company.config, "--workspace", tmp_path / "work"
    )
    assert result.exit_code == 0
    for words in ("shop", "desk", "files", "orders", "survey_responses"):
        assert words in result.stdout


@pytest.mark.parametrize("kind", ["freshdesk", "mastodon", "rest"])
def test_a_kind_of_source_is_explained_without_a_configuration(kind: str):
    listed, shown = concord("sources", "show"), concord("sources", "show", kind)
    assert (listed.exit_code, shown.exit_code) == (0, 0)
    assert kind in listed.stdout
    assert "described in" in shown.stdout


def test_a_kind_of_source_that_there_is_not_is_wrong_use():
    result = concord("sources", "show", "telegraph")
    assert (result.exit_code, "use one of: files, rest, sql" in result.stderr) == (2, True)


def _demo_company(folder: Path) -> tuple[str | Path, ...]:
    """Configure a small demo company, and return where it is."""
    text = (ROOT / "concord.toml").read_text(encoding="utf-8")
    config = folder / "concord.toml"
    config.write_text(text.replace("persons = 20000", "persons = 200"), encoding="utf-8")
    return "--config", config, "--workspace", folder / "work"


def test_the_demo_companys_sources_are_listed_before_its_first_run(tmp_path: Path):
    result = concord("sources", "list", *_demo_company(tmp_path))
    assert (result.exit_code, "exports" in result.stdout) == (0, True), result.stderr


@pytest.mark.parametrize("name", ["desk", "newsletter", "shop", "social"])
def test_the_demo_companys_systems_are_there_while_they_are_looked_at(tmp_path: Path, name: str):
    result = concord("sources", "preview", name, "--rows", "1", *_demo_company(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")


def test_sources_that_can_be_read_are_said_to_be(company: ExportingCompany, tmp_path: Path):
    result = concord(
        "sources", "check", "--config", company.config, "--workspace", tmp_path / "work"
    )
    assert (result.exit_code, result.stdout.count("✓")) == (0, 2)


def test_a_source_that_cannot_be_read_fails_its_check_and_is_named(
    company: ExportingCompany, tmp_path: Path
):
    (company.folder / "orders.csv").unlink()
    result = concord(
        "sources", "check", "--config", company.config, "--workspace", tmp_path / "work"
    )
    assert result.exit_code == 2
    assert "✓ desk" in result.stdout
    assert "orders.csv" in result.stderr


def test_a_preview_shows_rows_and_what_cannot_be_read_without_a_warehouse(
    company: ExportingCompany, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CONCORD_DATABASE_URL", f"postgresql://127.0.0.1:{_free_port()}/concord")
    company.rewrite(
        "orders", NOW, lambda row, n: {**row, "gross_amount": "much"} if n == 1 else row
    )
    where = ("--config", company.config, "--workspace", tmp_path / "work")
    result = concord("sources", "preview", "shop", "--entity", "orders", "--rows", "2", *where)
    assert result.exit_code == 0, result.output
    assert "line 2" in result.stdout
    assert "line 4" not in result.stdout
    (found,) = re.findall(r"^orders.csv +3 +gross_amount +much +(.*?) *$", result.stdout, re.M)
    assert found == "is not a number"
    assert not (tmp_path / "work").exists()


def test_a_preview_of_a_value_with_markup_and_control_characters_shows_plain_text(
    company: ExportingCompany, tmp_path: Path
):
    company.rewrite("orders", NOW, lambda row, _: {**row, "channel": "[red]\x1b[2J" + "x" * 999})
    where = ("--config", company.config, "--workspace", tmp_path / "work")
    result = concord("sources", "preview", "shop", "--entity", "orders", "--rows", "1", *where)
    assert (result.exit_code, "\x1b" in result.stdout) == (0, False)
    assert "[red] [2Jxxx" in result.stdout
    assert "x" * 50 not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["shp"], "there is no source 'shp'; use one of: shop, desk"),
        (
            ["shop", "--entity", "tickets"],
            "use one of: campaign_costs, campaign_touches, campaigns",
        ),
    ],
)
def test_a_preview_of_what_is_not_there_names_what_is(
    company: ExportingCompany, tmp_path: Path, arguments: list[str], words: str
):
    where = ("--config", company.config, "--workspace", tmp_path / "work")
    result = concord("sources", "preview", *arguments, *where)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize(("content", "code"), [(b"nothing\n1\n", 2), (b"\xff\xfe", 1)])
def test_a_file_that_cannot_be_read_and_a_mapping_that_names_what_is_not_there_are_told_apart(
    company: ExportingCompany, tmp_path: Path, content: bytes, code: int
):
    (company.folder / "orders.csv").write_bytes(content)
    where = ("--config", company.config, "--workspace", tmp_path / "work")
    for command in (("preview", "shop"), ("check",)):
        result = concord("sources", *command, *where)
        assert (result.exit_code, "orders.csv" in result.stderr) == (code, True), command
    assert "customers.csv" in concord("sources", "preview", "shop", *where).stdout


def test_init_writes_a_configuration_without_fault_and_never_over_another(tmp_path: Path):
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "orders.csv").write_text("number,customer,placed,total\n1,C1,2024-03-01,5\n")
    (exports / "notes.csv").write_text("a,b\n1,2\n")
    config = tmp_path / "concord.toml"
    result = concord("init", exports, "--output", config)
    assert result.exit_code == 0, result.stderr
    assert "✓ orders.csv" in result.stdout
    assert "- notes.csv: its columns are of nothing that Concord loads" in result.stdout
    named = shlex.split(result.stdout.split("`")[1])
    assert concord(*named[1:]).exit_code == 0, named
    assert concord("check", "--config", config).exit_code == 0
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["concord.toml"]
    before = config.read_text()
    result = concord("init", exports, "--output", config)
    assert (result.exit_code, "is there already" in result.stderr) == (2, True)
    assert config.read_text() == before


def test_init_says_which_file_it_may_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "some-temporary-file")

    (tmp_path / "orders.csv").write_text("number,customer,placed,total\n1,C1,2024-03-01,5\n")
    monkeypatch.setattr("orchestration.initial.tempfile.NamedTemporaryFile", refuse)
    result = concord("init", tmp_path, "--output", tmp_path / "first.toml")
    assert (result.exit_code, "temporary" in result.stderr) == (2, False)
    assert f"{tmp_path}/first.toml can't be written: Permission denied" in result.stderr


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_init_of_a_folder_without_exports_writes_nothing(tmp_path: Path, name: str):
    (tmp_path / "empty").mkdir()
    result = concord("init", tmp_path / name, "--output", tmp_path / "concord.toml")
    assert (result.exit_code, result.stderr.startswith("✗")) == (2, True)
    assert not (tmp_path / "concord.toml").exists()


def test_stop_where_nothing_runs_is_fine(company: ExportingCompany, tmp_path: Path):
    result = concord("stop", "--config", company.config, "--workspace", tmp_path / "work")
    assert result.exit_code == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
