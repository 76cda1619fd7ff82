"""Create what the steps rely on: the workspace's folders, and tables that no step makes itself."""

from pathlib import Path

import analytics.credit.keeping
import analytics.crises.keeping
import analytics.identifiers.keeping
import analytics.text.scoring
import ingestion.loading
from orchestration import acceptances, ledger, owners_only
from orchestration.settings import Settings

# One run at a time: two would change the same tables. A killed run counts as on until somebody says
# that it isn't: after 20 hours Dagster does, or schedules would wait behind it for ever. Dagster's
# storage is its default.
_ONE_AT_A_TIME = """\
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
"""
_DAGSTER = f"""\
{_ONE_AT_A_TIME}run_monitoring:
  enabled: true
  max_runtime_seconds: 72000
"""
# Earlier versions named a storage class of their own, over the files of Dagster's default.
_FORMER_STORAGE = "orchestration.event_log"


def prepare(settings: Settings, url: str) -> None:
    """Create the workspace's folders and the tables that the steps rely on."""
    for folder in (settings.dagster_home, settings.log_dir):
        owners_only.make_folder(folder)
    configure_dagster(settings.dagster_home / "dagster.yaml")
    ingestion.loading.prepare(url)
    ledger.prepare(url)
    acceptances.prepare(url)
    analytics.text.scoring.prepare(url)
    analytics.identifiers.keeping.prepare(url)
    analytics.credit.keeping.prepare(url)
    analytics.crises.keeping.prepare(url)


def configure_dagster(file: Path) -> None:
    """Write dagster.yaml; one that somebody wrote by hand, for another storage say, is kept."""
    if not file.exists() or _is_former(file.read_text()):
        file.write_text(_DAGSTER)


def _is_former(written: str) -> bool:
    """Return whether an earlier version wrote it."""
    return written == _ONE_AT_A_TIME or _FORMER_STORAGE in written
