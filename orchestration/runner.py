"""Run the daily job inside this process, as `dagster dev` would run it outside."""

import gc
import os
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg

from orchestration import progress
from orchestration.exclusive import only_run
from orchestration.preparation import prepare
from orchestration.settings import Settings
from orchestration.translators import PUBLISHED


@dataclass(frozen=True)
class StepFailure:
    """A step that failed and why, in words for a person."""

    step: str
    reason: str


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended; the scorecard may be published although a face of it failed afterwards."""

    run_id: str
    failures: tuple[StepFailure, ...]
    is_published: bool = False

    @property
    def succeeded(self) -> bool:
        return not self.failures


def run_daily(settings: Settings, url: str, listener: progress.Listener) -> RunOutcome:
    """Run every step of the daily job; RunInProgress if somebody else's run is on."""
    prepare(settings, url)
    _announce(settings)
    from orchestration.definitions import concord

    with only_run(url), progress.heard_by(listener), dg.DagsterInstance.get() as instance:
        _close_dead_runs(instance)
        job = concord().resolve_job_def("daily")
        # A million objects of libraries and of the parsed project stay until the end: no use in
        # looking through them for garbage again and again.
        gc.freeze()
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"terminal": {}}},
        )
    outcome = RunOutcome(result.run_id, tuple(_failures(result)), _is_published(result))
    if outcome.failures and not outcome.is_published and not _blocked(result):
        _hold(settings, url, outcome.failures)
    return outcome


def _hold(settings: Settings, url: str, failures: Sequence[StepFailure]) -> None:
    """Tell the page why what it shows grew no younger: no gate did, for none was reached."""
    from dashboards.scorecard import publication
    from orchestration.defs.publication import company, gate_outcomes

    reasons = [f"{failure.step}: {failure.reason}" for failure in failures]
    publication.hold(url, company(settings), gate_outcomes(url), settings.as_of, reasons)


def _close_dead_runs(instance: dg.DagsterInstance) -> None:
    """Fail the runs that were killed: Dagster takes them for running, and would queue behind."""
    unfinished = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING]
    for run in instance.get_runs(dg.RunsFilter(statuses=unfinished)):
        instance.report_run_failed(run, "This run was killed: another one holds the warehouse.")


def _announce(settings: Settings) -> None:
    """Tell Dagster and our definitions, which know only the environment, where things are."""
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["CONCORD_CONFIG"] = str(settings.config_file)
    os.environ["CONCORD_WORKSPACE"] = str(settings.workspace)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


def _is_published(result: dg.ExecuteInProcessResult) -> bool:
    return any(event.asset_key == PUBLISHED for event in result.get_asset_materialization_events())


def _blocked(result: dg.ExecuteInProcessResult) -> dict[str | None, str | None]:
    """Return what each gate that blocked says, by its step."""
    return {
        event.step_key: event.asset_check_evaluation_data.description
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and not event.asset_check_evaluation_data.passed
        and event.asset_check_evaluation_data.blocking
    }


def _failures(result: dg.ExecuteInProcessResult) -> list[StepFailure]:
    blocked = _blocked(result)
    failures = [
        StepFailure(event.step_key or "", blocked.get(event.step_key) or _reason(event))
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.STEP_FAILURE
    ]
    if not result.success and not failures:
        failures.append(StepFailure("run", "the run did not finish; see the logs"))
    return failures


def _reason(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data is not None and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error is not None else "no reason was given"
