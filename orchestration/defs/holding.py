"""Hold the publication, with the reasons, when a step before it fails.

A hook of the job and not of our own command, so that runs that Dagster's schedule starts do it,
too. A gate that blocks holds the publication itself, with its own reasons.
"""

import dagster as dg

from dashboards.scorecard import publication
from orchestration.defs.publication import company, gate_outcomes
from orchestration.failures import blocked_gates, is_published, step_failures


@dg.failure_hook(name="hold_publication", required_resource_keys={"concord"})
def hold_publication(context: dg.HookContext) -> None:
    """Hold the publication with the reasons of all steps of the run that have failed so far."""
    logged = context.instance.all_logs(context.run_id)
    events = [entry.dagster_event for entry in logged if entry.dagster_event is not None]
    if is_published(events) or blocked_gates(events):
        return
    concord = context.resources.concord
    settings, url = concord.settings, concord.url
    reasons = [f"{failure.step}: {failure.reason}" for failure in step_failures(events)]
    publication.hold(url, company(settings), gate_outcomes(url, settings), settings.as_of, reasons)
