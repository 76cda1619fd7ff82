"""Risk: Dagster can't open an older workspace, or loses the storage that somebody configured."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.preparation import configure_dagster

FORMER = """\
event_log_storage:
  module: orchestration.event_log
  class: OpenEventLog
  config:
    home:
      env: DAGSTER_HOME
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder that Dagster takes for its home."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


def test_a_new_workspace_has_dagsters_default_storage_and_runs_one_at_a_time(home: Path):
    configure_dagster(home / "dagster.yaml")
    with dg.DagsterInstance.get() as instance:
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
        assert not instance.telemetry_enabled
        assert (home / "history" / "runs").is_dir()


def test_a_killed_run_holds_up_schedules_for_less_than_a_day(home: Path):
    file = home / "dagster.yaml"
    configure_dagster(file)
    new = file.read_text()
    former = new.partition("run_monitoring")[0]
    file.write_text(former)
    configure_dagster(file)
    assert file.read_text() == new != former
    with dg.DagsterInstance.get() as instance:
        assert instance.run_monitoring_enabled
        assert 0 < instance.run_monitoring_max_runtime_seconds < 24 * 3600


def test_a_workspace_of_an_earlier_version_opens_with_its_history(home: Path):
    with dg.DagsterInstance.get() as instance:
        instance.create_run_for_job(_job)
    (home / "dagster.yaml").write_text(FORMER)
    configure_dagster(home / "dagster.yaml")
    with dg.DagsterInstance.get() as instance:
        assert len(instance.get_runs()) == 1


def test_a_storage_that_somebody_configured_is_kept(home: Path):
    file = home / "dagster.yaml"
    file.write_text("storage:\n  postgres:\n    postgres_url: {env: ELSEWHERE}\n")
    before = file.read_text()
    configure_dagster(file)
    assert file.read_text() == before


@dg.job(name="daily")
def _job() -> None:
    """Do nothing: only the run's entry counts."""
