"""Run the daily job inside this process, as `dagster dev` would run it outside."""

import os
from dataclasses import dataclass

import dagster as dg

import ingestion.loading
from ingestion.loading import RefusedFile
from orchestration import ledger, progress
from orchestration.exclusive import only_run
from orchestration.failures import StepFailure, is_published, step_failures
from orchestration.preparation import prepare
from orchestration.settings import Settings

# Dagster shows a run among those of the job whose code location it names: that of pyproject.toml.
_JOB_TAGS = {".dagster/repository": "__repository__@concord"}


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended; the scorecard may be published although a face of it failed afterwards.

    `refused` names files that can't be read: the others were loaded, and the run went on. `unread`
    says what else was loaded, and which rows can't be read, if there are such. `doubts` are what
    gate 1 says of data that it let pass.
    """

    run_id: str
    failures: tuple[StepFailure, ...]
    is_published: bool = False
    refused: tuple[RefusedFile, ...] = ()
    unread: str | None = None
    doubts: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        return not self.failures and not self.refused

    @property
    def is_misuse(self) -> bool:
        return any(failure.is_misuse for failure in self.failures)


def run_daily(settings: Settings, url: str, listener: progress.Listener) -> RunOutcome:
    """Run every step of the daily job; RunInProgress if somebody else's run is on."""
    prepare(settings, url)
    _announce(settings)
    from orchestration.definitions import concord

    with only_run(url), progress.heard_by(listener), dg.DagsterInstance.get() as instance:
        _close_dead_runs(instance)
        job = concord().resolve_job_def("daily")
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"terminal": {}}},
            tags=_JOB_TAGS,
        )
    loaded = ingestion.loading.status(url)
    return RunOutcome(
        result.run_id,
        tuple(_failures(result)),
        is_published(result.all_events),
        loaded.refused_of(settings.configuration.sources),
        loaded.words(),
        tuple(_doubts(settings, url)),
    )


def _doubts(settings: Settings, url: str) -> list[str]:
    return [
        words
        for result in ledger.latest_gates(url, settings.configuration.sources)
        if result.gate == "arrival" and result.is_passed
        for words in result.words
    ]


def _close_dead_runs(instance: dg.DagsterInstance) -> None:
    """Fail the runs that were killed: Dagster takes them for running, and would queue behind."""
    unfinished = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING]
    for run in instance.get_runs(dg.RunsFilter(statuses=unfinished)):
        instance.report_run_failed(run, "This run was killed: another one holds the warehouse.")


def _announce(settings: Settings) -> None:
    """Set the environment, which is all that Dagster and our definitions know of the settings."""
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["CONCORD_CONFIG"] = str(settings.config_file)
    os.environ["CONCORD_WORKSPACE"] = str(settings.workspace)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


def _failures(result: dg.ExecuteInProcessResult) -> list[StepFailure]:
    failures = step_failures(result.all_events)
    if not result.success and not failures:
        failures.append(StepFailure("run", "the run did not finish; see the logs"))
    return failures
