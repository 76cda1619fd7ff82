"""Risk: the commands work one by one in tests, and not as a person uses them on a fresh machine.

One company's day with the embedded warehouse, each test going on where the last one ended: what
the commands say before the first run, the run, its exports, the page, the stop.
"""

import contextlib
import csv
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import psycopg
import pytest
import requests

from orchestration.warehouse import EmbeddedPostgres
from tests.fixtures.commands import QUIET, REPOSITORY
from tests.fixtures.exporting_company import ExportingCompany
from tests.fixtures.lookout import Lookout

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("command_line")]

KEYS = (
    "metric_id",
    "period_start",
    "period_grain",
    "segment_name",
    "segment_value",
    "value",
    "unit",
    "numerator",
    "denominator",
    "n",
    "ci_low",
    "ci_high",
    "prior_year_value",
    "target",
    "signal",
    "target_status",
    "is_partial",
    "suppressed_reason",
    "left_out",
    "data_as_of",
    "definition_version",
)


@dataclass(frozen=True)
class Person:
    """Somebody at a terminal, with an empty home and an empty folder to work in."""

    company: ExportingCompany
    workspace: Path
    folder: Path
    home: Path
    lookout: Lookout

    def concord(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run `concord` to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            umask=0o022,
        )

    def command(self, *arguments: str | Path) -> list[str]:
        """Return the command with the place of everything."""
        where = ("--config", self.company.config, "--workspace", self.workspace)
        words = [sys.executable, "-m", "orchestration.cli", *where, *arguments]
        return [str(word) for word in words]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG"}}
        own = {"HOME": str(self.home), "PYTHONPATH": str(REPOSITORY)}
        return self.lookout.environment({**kept, **QUIET, **own})


@pytest.fixture(scope="module")
def person(shared_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Give a person with a configured company, and nothing run yet."""
    folder = tmp_path_factory.mktemp("person")
    person = Person(
        ExportingCompany(folder / "company"),
        shared_workspace / "workspace",
        folder / "here",
        folder / "home",
        Lookout(folder / "lookout"),
    )
    person.company.write()
    person.folder.mkdir(), person.home.mkdir()
    yield person
    person.concord("stop")
    assert list(person.folder.iterdir()) == []
    assert list(person.home.iterdir()) == []


@pytest.fixture(scope="module")
def up(person: Person) -> "subprocess.CompletedProcess[str]":
    """Bring everything up for the first time; the page is left running."""
    return person.concord("up", "--port", str(_free_port()))


@pytest.fixture(scope="module")
def published(person: Person, up: "subprocess.CompletedProcess[str]") -> Person:
    """Give the person after the first run, without a page."""
    assert up.returncode == 0, up
    assert person.concord("stop").returncode == 0
    return person


def test_before_the_first_run_the_commands_say_that_there_is_nothing(
    person: Person, tmp_path: Path
):
    status = person.concord("status")
    assert status.returncode == 0, status
    assert "Traceback" not in status.stderr
    output = tmp_path / "scorecard.json"
    export = person.concord("export", "--format", "json", "--output", output)
    assert (export.returncode, output.exists()) == (1, False)
    assert "concord run" in export.stderr


def test_dbt_by_hand_works_in_the_warehouse_with_the_configurations_variables(person: Person):
    built = person.concord("dbt", "build", "--select", "metric_definitions")
    assert (built.returncode, "Completed successfully" in built.stdout) == (0, True), built
    url = person.concord("url").stdout.strip()
    with psycopg.connect(url) as connection:
        (seeded,) = connection.execute(
            "select count(*) from pg_tables where tablename = 'metric_definitions'"
        ).fetchone() or (0,)
    assert seeded == 1
    names = 'select \'{{ var("source_names") | join(" and ") }}\' as names'
    assert "desk and shop" in person.concord("dbt", "show", "--inline", names).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("build", "--no-such-option"), 2, "--no-such-option"),
        (("no-such-command",), 2, "no-such-command"),
        (("show", "--inline", "select no_such_column"), 1, "no_such_column"),
    ],
)
def test_dbt_by_hand_ends_with_dbts_own_exit_code(
    person: Person, arguments: tuple[str, ...], code: int, words: str
):
    dbt = person.concord("dbt", *arguments)
    assert (dbt.returncode, words in dbt.stdout + dbt.stderr) == (code, True), dbt
    assert "Traceback" not in dbt.stderr


def test_up_leaves_the_page_running_and_stop_ends_it(
    person: Person, up: "subprocess.CompletedProcess[str]"
):
    assert up.returncode == 0, up
    assert "The scorecard is published." in up.stdout
    (url,) = (word for word in up.stdout.split() if word.startswith("http://127.0.0.1:"))
    assert requests.get(f"{url}health", timeout=10).json()["status"] == "ok"
    assert "Tern &amp; Auk" in requests.get(url, timeout=10).text
    assert url in person.concord("status").stdout
    with psycopg.connect(person.concord("url").stdout.strip()) as connection:
        connected = connection.execute("select usename from pg_stat_activity").fetchall()
    assert ("concord_owner_page",) in connected
    stop = person.concord("stop")
    assert stop.returncode == 0, stop
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)
    assert not EmbeddedPostgres(person.workspace).is_running()


def test_the_url_connects_and_stands_alone_on_its_line(published: Person):
    printed = published.concord("url").stdout
    assert printed.count("\n") == 1
    with psycopg.connect(printed.strip()) as connection:
        (count,) = connection.execute("select count(*) from published.scorecard").fetchone() or (0,)
    assert count > 0


STATEMENT = re.compile(r"^(\w*)\|(.*?)(?=^\w*\||\Z)", re.M | re.S)


@contextlib.contextmanager
def statements(person: Person) -> Iterator[dict[str, str]]:
    """Let the server log statements; in the end, give those that each role sent."""
    server, sent = EmbeddedPostgres(person.workspace), defaultdict[str, str](str)
    log = person.workspace / "warehouse" / "server.log"
    settings = {"log_statement": "'all'", "log_line_prefix": "'%u|'"}
    with psycopg.connect(server.administrator_url(), autocommit=True) as connection:
        for name, value in settings.items():
            connection.execute(f"alter system set {name} = {value}")
        connection.execute("select pg_reload_conf()")
        begun = log.stat().st_size
        yield sent
        for name in settings:
            connection.execute(f"alter system reset {name}")
        connection.execute("select pg_reload_conf()")
    for role, text in STATEMENT.findall(log.read_bytes()[begun:].decode()):
        sent[role] += text


@pytest.mark.parametrize(
    ("command", "role", "read"),
    [
        (("status",), "concord_owner_status", ("concord.loads", "quarantine.rejected_rows")),
        (("status",), "concord_owner_status", ("concord.gate_results", "int_record_gaps")),
        (("export", "--format", "json", "--output", "-"), "concord_owner_page", ("published",)),
        (("export", "--format", "html", "--output", "-"), "concord_owner_page", ("published",)),
    ],
)
def test_who_only_reads_connects_as_a_role_that_can_do_nothing_else(
    published: Person, command: tuple[str, ...], role: str, read: tuple[str, ...]
):
    with statements(published) as sent:
        shown = published.concord(*command)
    assert (shown.returncode, "for want of a role" in shown.stderr) == (0, False), shown
    for table in read:
        reading = re.compile(rf"from ([a-z]+\.)?{re.escape(table)}\b")
        assert [who for who, text in sent.items() if reading.search(text)] == [role]


def test_status_shows_loads_gates_and_the_publication(published: Person):
    status = published.concord("status").stdout
    for words in ("shop", "orders", "customers", "arrival", "publishable", "passed"):
        assert words in status, status
    assert "persons known to desk + shop" in status
    assert "BLOCKED" not in status
    assert "object at 0x" not in status
    assert "datetime.datetime(" not in status


def test_a_figure_is_explained_down_to_the_query_of_its_rows(published: Person):
    explained = published.concord("explain", "retention_rate", "--month", "2026-02")
    assert explained.returncode == 0, explained
    assert "Feb 2026" in explained.stdout
    assert explained.stdout.count("equal to the figure's") == 2
    assert "NOT equal" not in explained.stdout
    (query,) = (line for line in explained.stdout.splitlines() if line.startswith("select "))
    count = re.search(r"Rows: ([\d,]+) rows", explained.stdout)
    with psycopg.connect(published.concord("url").stdout.strip()) as connection:
        assert len(connection.execute(query).fetchall()) == int(count[1].replace(",", ""))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("retention",), "did you mean retention_rate"),
        (("nps", "--month", "2026"), "--month is written as 2026-10"),
        (("nps", "--segment", "Tern"), "--segment as name:value"),
    ],
)
def test_a_figure_that_cannot_be_is_not_explained(
    published: Person, arguments: tuple[str, ...], words: str
):
    refused = published.concord("explain", *arguments)
    assert (refused.returncode, words in refused.stderr) == (2, True), refused


def test_json_keeps_the_public_contract(published: Person, tmp_path: Path):
    output = tmp_path / "scorecard.json"
    assert published.concord("export", "--format", "json", "--output", output).returncode == 0
    rows = json.loads(output.read_text())
    schema = REPOSITORY / "dashboards" / "scorecard" / "scorecard.schema.json"
    jsonschema.validate(rows, json.loads(schema.read_text()))
    assert {tuple(row) for row in rows} == {KEYS}


def test_csv_holds_what_json_holds(published: Person, tmp_path: Path):
    for name in ("json", "csv"):
        file = tmp_path / f"scorecard.{name}"
        assert published.concord("export", "--format", name, "--output", file).returncode == 0
    with (tmp_path / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    rows = json.loads((tmp_path / "scorecard.json").read_text())
    assert tuple(cells[0]) == KEYS
    assert [cell["metric_id"] for cell in cells] == [row["metric_id"] for row in rows]
    assert [cell["value"] for cell in cells] == [
        "" if row["value"] is None else str(row["value"]) for row in rows
    ]


@pytest.mark.parametrize(
    ("name", "beginning"), [("html", b"<!doctype html>"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_pages_and_pictures_are_what_they_are_called(
    published: Person, tmp_path: Path, name: str, beginning: bytes
):
    output = tmp_path / "new" / f"scorecard.{name}"
    assert published.concord("export", "--format", name, "--output", output).returncode == 0
    assert output.read_bytes()[: len(beginning)].lower() == beginning.lower()


def test_an_export_to_standard_output_is_the_file_and_nothing_else(
    published: Person, tmp_path: Path
):
    output = tmp_path / "scorecard.csv"
    assert published.concord("export", "--format", "csv", "--output", output).returncode == 0
    export = published.concord("export", "--format", "csv", "--output", "-")
    assert (export.returncode, export.stdout) == (0, output.read_text())


def test_an_export_that_cannot_be_written_says_so(published: Person, tmp_path: Path):
    (tmp_path / "file").touch()
    output = tmp_path / "file" / "scorecard.json"
    export = published.concord("export", "--format", "json", "--output", output)
    assert (export.returncode, "Traceback" in export.stderr) == (2, False)


@pytest.mark.parametrize("output", [".", "/", ""])
def test_a_folder_is_no_file_to_export_to(published: Person, output: str):
    export = published.concord("export", "--format", "json", "--output", output)
    assert (export.returncode, "is a folder" in export.stderr) == (2, True), export


def test_a_host_that_nobody_knows_is_wrong_use(published: Person):
    serve = published.concord("serve", "--host", "nosuch.invalid", "--port", str(_free_port()))
    assert (serve.returncode, "nosuch.invalid" in serve.stderr) == (2, True), serve
    assert "The scorecard is at" not in serve.stdout


def test_a_taken_port_is_wrong_use(published: Person):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        serve = published.concord("serve", "--port", str(port))
    assert (serve.returncode, "Traceback" in serve.stderr) == (2, False)
    assert f"port {port} is in use" in serve.stderr


def test_a_killed_run_leaves_the_warehouse_running(published: Person):
    server = EmbeddedPostgres(published.workspace)
    command = published.command("run")
    with subprocess.Popen(
        command,
        cwd=published.folder,
        env=published.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        assert run.stdout is not None
        assert any("… staging" in line for line in run.stdout)
        os.killpg(run.pid, signal.SIGKILL)
    assert server.is_running()
    with psycopg.connect(server.url()) as connection:
        connection.execute("select 1 from published.scorecard")


def test_a_page_that_is_served_is_known_to_status_and_stopped_with_the_rest(published: Person):
    port = _free_port()
    command = published.command("serve", "--port", port)
    with subprocess.Popen(
        command, cwd=published.folder, env=published.environment, stdout=subprocess.PIPE, text=True
    ) as serve:
        assert serve.stdout is not None
        assert f"http://127.0.0.1:{port}/" in serve.stdout.readline()
        assert f"Page: http://127.0.0.1:{port}/" in published.concord("status").stdout
        assert "The page is stopped." in published.concord("stop").stdout
        assert serve.wait(30) is not None
    assert "Page: not running" in published.concord("status").stdout


def test_an_export_after_stop_starts_the_warehouse_again(published: Person, tmp_path: Path):
    assert published.concord("stop").returncode == 0
    output = tmp_path / "scorecard.json"
    export = published.concord("export", "--format", "json", "--output", output)
    assert (export.returncode, output.exists()) == (0, True), export


def test_no_log_and_no_record_holds_the_password(published: Person):
    password = (published.workspace / "warehouse" / "password").read_text().strip()
    assert password
    data = published.workspace / "warehouse" / "data"
    holding = [
        file
        for file in published.workspace.rglob("*")
        if file.is_file() and data not in file.parents and password.encode() in file.read_bytes()
    ]
    assert holding == [published.workspace / "warehouse" / "password"]


def test_what_a_run_writes_is_its_owners_alone_and_an_export_has_the_usual_rights(
    published: Person, tmp_path: Path
):
    export = tmp_path / "new" / "scorecard.html"
    assert published.concord("export", "--format", "html", "--output", export).returncode == 0
    assert (_rights(export), _rights(export.parent)) == (0o644, 0o755)
    assert {path.name for path in published.workspace.iterdir()} >= {"scorecard.html", "logs"}
    for path in (published.workspace, *published.workspace.rglob("*")):
        # As root, PostgreSQL's account may pass through folders.
        allowed = 0o710 if path.is_dir() else 0o600
        assert not _rights(path) & ~allowed, path


def test_no_command_calls_home(published: Person):
    serve = subprocess.Popen(
        published.command("serve", "--port", str(port := _free_port())),
        cwd=published.folder,
        env=published.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with serve:
        assert serve.stdout is not None
        assert "The scorecard is at" in serve.stdout.readline()
        for _ in range(100):
            with contextlib.suppress(requests.ConnectionError):
                assert requests.get(f"http://127.0.0.1:{port}/", timeout=10).ok
                break
            time.sleep(0.1)
        serve.terminate()
    assert "127.0.0.1" in published.lookout.hosts()
    assert published.lookout.strangers() == {"nosuch.invalid"} & published.lookout.hosts()


def _rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
