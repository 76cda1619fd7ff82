"""The daily job and its schedule."""

import dagster as dg

from orchestration.defs.holding import hold_publication
from orchestration.settings import load_settings

# One process: a run is short, and a process for each of its steps would triple it.
daily = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all(),
    description="Load every source, pass the gates, build and publish the scorecard.",
    executor_def=dg.in_process_executor,
    hooks={hold_publication},
)


@dg.definitions
def automation() -> dg.Definitions:
    """Give the daily job and its schedule, at five in the company's morning."""
    schedule = dg.ScheduleDefinition(
        name="daily_at_five",
        job=daily,
        cron_schedule="0 5 * * *",
        execution_timezone=load_settings().company.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    return dg.Definitions(jobs=[daily], schedules=[schedule])
