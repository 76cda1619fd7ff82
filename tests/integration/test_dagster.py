"""Risk: Concord runs by its own command, and not where Dagster itself starts it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.fixtures.commands import QUIET, REPOSITORY
from tests.fixtures.exporting_company import ExportingCompany
from tests.fixtures.lookout import Lookout

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("command_line")]

_START_SECONDS, _RUN_SECONDS = 240, 480
_GRAPH = """
{ repositoriesOrError { ... on RepositoryConnection { nodes {
    name location { name } jobs { name } schedules { name scheduleState { status } }
    assetNodes { assetKey { path } groupName description owners { ... on TeamAssetOwner { team } } }
} } } }
"""
_LAUNCH = """
mutation ($location: String!, $repository: String!, $path: [String!]!) {
  launchRun(executionParams: {
    selector: {
      repositoryLocationName: $location, repositoryName: $repository, jobName: "daily",
      assetSelection: [{path: $path}], assetCheckSelection: []
    }
    runConfigData: {}
  }) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}
"""
_RUNS_OF_THE_JOB = """
query ($location: String!, $repository: String!) {
  pipelineOrError(params: {
    repositoryLocationName: $location, repositoryName: $repository, pipelineName: "daily"
  }) { ... on Pipeline { runs { runId status } } }
}
"""
_STATUS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


class Webserver:
    """The GraphQL door of a running `dagster dev`."""

    def __init__(self, port: int):
        self._address = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the data that answers a query."""
        asked = {"query": query, "variables": variables}
        answer = requests.post(self._address, json=asked, timeout=60).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def repository(self, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
        """Wait for the code location, and return it."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                nodes = self.ask(_GRAPH)["repositoriesOrError"].get("nodes", [])
            except requests.RequestException:
                nodes = []
            if nodes:
                return nodes[0]
            time.sleep(1)
        raise AssertionError("dagster dev never showed the code location")


@pytest.fixture
def company(tmp_path: Path) -> ExportingCompany:
    """Give a company with its exports of today."""
    company = ExportingCompany(tmp_path / "company")
    company.write()
    return company


@pytest.fixture
def lookout(tmp_path: Path) -> Lookout:
    """Give a look-out over Dagster's processes."""
    return Lookout(tmp_path / "lookout")


@pytest.fixture
def environment(
    company: ExportingCompany, database_url: str, tmp_path: Path, lookout: Lookout
) -> dict[str, str]:
    """Give an environment as compose.yaml does: a company, a workspace, an empty warehouse."""
    home = tmp_path / "workspace" / "dagster"
    home.mkdir(parents=True)
    shutil.copy(REPOSITORY / "compose.dagster.yaml", home / "dagster.yaml")
    own = {
        "CONCORD_CONFIG": str(company.config),
        "CONCORD_WORKSPACE": str(tmp_path / "workspace"),
        "CONCORD_DATABASE_URL": database_url,
        "DAGSTER_HOME": str(home),
        "PYTHONPATH": str(REPOSITORY),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return lookout.environment({**os.environ, **QUIET, **own})


@pytest.fixture
def dagster_dev(
    environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple["subprocess.Popen[bytes]", Webserver]]:
    """Give `dagster dev`, started at the repository's root as docs/architecture.md says."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (tmp_path / "dagster.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "--host", "127.0.0.1", "--port", str(port)],
            cwd=REPOSITORY,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    yield process, Webserver(port)
    # Asked politely it ends its children, too, if it ends at all; some code servers outlive it.
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=60)


@pytest.mark.timeout(1800)
def test_dagster_dev_shows_the_graph_and_runs_a_part_of_it(
    dagster_dev: tuple["subprocess.Popen[bytes]", Webserver],
    company: ExportingCompany,
    database_url: str,
    environment: dict[str, str],
    lookout: Lookout,
):
    process, web = dagster_dev
    repository = web.repository(process)
    assert "daily" in {job["name"] for job in repository["jobs"]}
    (schedule,) = repository["schedules"]
    assert schedule["name"] == "daily_at_five"
    assert schedule["scheduleState"]["status"] == "RUNNING"
    keys = {"/".join(node["assetKey"]["path"]) for node in repository["assetNodes"]}
    assert {
        "raw/shop",
        "raw/desk",
        "analytics/text_scores",
        "analytics/identifiers",
        "marts/scorecard",
        "published/scorecard",
        "published/page",
    } <= keys

    assert _launched(web, repository, ["concord", "settings"]) == "SUCCESS"
    with psycopg.connect(database_url) as connection:
        targets = connection.execute("select metric_id from concord.targets").fetchall()
        runs = connection.execute("select status from public.runs").fetchall()
    assert targets == [("retention_rate",)]
    assert runs == [("SUCCESS",)]

    command = [sys.executable, "-m", "orchestration.cli", "run"]
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, timeout=_RUN_SECONDS)
    where = {"location": repository["location"]["name"], "repository": repository["name"]}
    runs = web.ask(_RUNS_OF_THE_JOB, **where)["pipelineOrError"]["runs"]
    assert [run["status"] for run in runs] == ["SUCCESS", "SUCCESS"], "concord run is among them"

    (company.folder / "orders.csv").unlink()
    assert _launched(web, repository, ["raw", "shop"]) == "FAILURE"
    with psycopg.connect(database_url) as connection:
        held = connection.execute(
            "select state, reasons from concord.publications order by publication_id desc limit 1"
        ).fetchall()
    ((state, (reason,)),) = held
    assert state == "held"
    assert "no file matches" in reason
    assert not lookout.strangers()


def _launched(web: Webserver, repository: dict[str, Any], path: list[str]) -> str:
    """Run an asset of the daily job, and return how the run ended."""
    where = {"location": repository["location"]["name"], "repository": repository["name"]}
    launched = web.ask(_LAUNCH, **where, path=path)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    return _ended(web, launched["run"]["runId"])


def _ended(web: Webserver, run_id: str) -> str:
    deadline = time.monotonic() + _RUN_SECONDS
    status = ""
    while status not in {"SUCCESS", "FAILURE", "CANCELED"} and time.monotonic() < deadline:
        time.sleep(1)
        status = web.ask(_STATUS, id=run_id)["runOrError"]["status"]
    return status
