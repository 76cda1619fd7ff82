"""Make what the steps rely on: the workspace's folders, and tables that no step makes itself."""

import analytics.text.scoring
import ingestion.loading
from orchestration import event_log, ledger
from orchestration.settings import Settings


def prepare(settings: Settings, url: str) -> None:
    """Make the workspace's folders and the tables that the steps rely on."""
    for folder in (settings.dagster_home, settings.log_dir):
        folder.mkdir(parents=True, exist_ok=True)
    instance = settings.dagster_home / "dagster.yaml"
    if not instance.exists():
        # One run at a time: two would change the same tables.
        instance.write_text(
            "telemetry:\n  enabled: false\nconcurrency:\n  runs:\n    max_concurrent_runs: 1\n"
            + event_log.CONFIGURATION
        )
    ingestion.loading.prepare(url)
    ledger.prepare(url)
    analytics.text.scoring.prepare(url)
