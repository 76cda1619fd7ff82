"""The one door to dbt: parse the project, build a selection, report what became of each node.

dbt runs inside this process (its own runner): a warm call costs under a second, a subprocess
four. What the results mean to Dagster belongs to defs/transformation.py.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ingestion.keys import key_spaces, openings
from orchestration.configuration import Company
from orchestration.settings import Settings

PROJECT_DIR = Path(__file__).resolve().parent.parent / "dbt_project"
_LEVELS = {"first_reply_minutes", "full_resolution_minutes", "clock"}
_LOGS = ("--log-level", "none", "--log-level-file", "info")


class DbtError(Exception):
    """dbt could not run, or some of its nodes failed; the message names them."""


@dataclass(frozen=True)
class NodeOutcome:
    """What became of one model, seed or test; `seconds` is wall time."""

    unique_id: str
    resource_type: str
    name: str
    status: str
    message: str
    seconds: float
    failures: int

    @property
    def is_fine(self) -> bool:
        return self.status in {"success", "pass", "warn"}


def variables(settings: Settings) -> dict[str, Any]:
    """Return the dbt variables that the settings decide."""
    company, metrics = settings.company, settings.configuration.metrics
    return {
        "as_of": settings.as_of.isoformat(),
        "company_time_zone": company.time_zone,
        "company_currency": company.currency,
        "languages": list(company.languages),
        "brands": [brand.name for brand in company.brands],
        "source_names": sorted(settings.configuration.sources),
        "key_spaces": key_spaces(settings.configuration.sources),
        "openings": openings(settings.configuration.sources),
        "activity_window_days": metrics.activity_window_days,
        "credit_window_days": metrics.credit_window_days,
        "minimum_n": metrics.minimum_n,
        "shared_key_limit": settings.configuration.persons.shared_key_limit,
        "story_days": settings.configuration.stories.days,
        "story_private_texts": settings.configuration.stories.private_texts,
        "observation_days": metrics.observation_days,
        "calendars": calendars(company, settings.as_of.year),
        "service_levels": [
            {**each.model_dump(include=_LEVELS), **each.scope} for each in company.service_levels
        ],
    }


def calendars(company: Company, this_year: int) -> list[dict[str, Any]]:
    """Return the business hours of some tickets, and last those of all others."""
    years = range(2000, this_year + 3)
    scoped = [(each, each.scope) for each in company.calendars]
    return [
        {
            **scope,
            "spans": [list(span) for span in hours.spans()],
            "days_off": [day.isoformat() for day in hours.days_off(years)],
        }
        for hours, scope in [*scoped, (company.business_hours, {})]
    ]


def manifest(settings: Settings) -> dict[str, Any]:
    """Return the parsed project as dbt writes it down."""
    _parsed(settings)
    return json.loads((_target(settings) / "manifest.json").read_text())


def build(
    settings: Settings,
    url: str,
    nodes: tuple[str, str],
    on_node: Callable[[str], None] = lambda name: None,
) -> list[NodeOutcome]:
    """Build nodes, as dbt selects and excludes them, and their tests in the warehouse at `url`.

    `on_node` is given the name of each node when it is done. Raises DbtError when dbt itself can't
    run; a failed node is in the outcomes.
    """

    def listen(event: Any) -> None:
        if event.info.name in {"LogModelResult", "LogTestResult", "LogSeedResult"}:
            on_node(event.data.node_info.node_name)

    select, exclude = nodes
    arguments = ["build", "--select", select, *_variables_argument(settings)]
    if exclude:
        arguments += ["--exclude", exclude]
    # Unit tests judge the models, not the day's rows: `make test` runs them. Exposures only name
    # who reads the models.
    arguments += ["--exclude-resource-types", "unit_test", "exposure", "--no-write-json", *_LOGS]
    with _environment(_connection(url)):
        result = _invoke(arguments, settings, listen, _parsed(settings))
    return [_outcome(node) for node in result.result]


def by_hand(settings: Settings, url: str, arguments: list[str]) -> int:
    """Run a command of dbt as typed by a person, who reads dbt's own output; return the exit code.

    A `--vars` among the arguments replaces the variables that the settings decide.
    """
    from dbt.cli.exceptions import DbtUsageException
    from dbt.cli.main import dbtRunner

    folders = {
        "DBT_PROJECT_DIR": str(PROJECT_DIR),
        "DBT_PROFILES_DIR": str(PROJECT_DIR),
        "DBT_TARGET_PATH": str(settings.workspace / "dbt_by_hand"),
        "DBT_LOG_PATH": str(settings.log_dir),
    }
    is_given = any(argument.startswith("--vars") for argument in arguments)
    options = {} if is_given else {"vars": variables(settings)}
    with _environment({**_connection(url), **folders}):
        result = dbtRunner().invoke(arguments, **options)
    if result.exception:
        sys.stderr.write(f"{result.exception}\n")
    if result.success:
        return 0
    return 2 if isinstance(result.exception, DbtUsageException) else 1


_manifests: dict[Path, Any] = {}


def _parsed(settings: Settings) -> Any:
    """Parse the project once a process; only files that changed since the last time are read.

    Neither variables nor the connection are given, only the database's name, which becomes part
    of every relation's: dbt would parse everything anew whenever one of them differs, and the
    clock always does. They decide nothing before a model is run.
    """
    target = _target(settings)
    if target not in _manifests:
        database = urlsplit(settings.database_url or "").path or "/concord"
        with _environment(_connection(database)):
            _manifests[target] = _invoke(["parse", *_LOGS], settings).result
    return _manifests[target]


def _target(settings: Settings) -> Path:
    return settings.workspace / "dbt"


def _variables_argument(settings: Settings) -> list[str]:
    return ["--vars", json.dumps(variables(settings))]


def _folders(settings: Settings) -> list[str]:
    folders = {
        "--project-dir": PROJECT_DIR,
        "--profiles-dir": PROJECT_DIR,
        "--target-path": _target(settings),
        "--log-path": settings.log_dir,
    }
    return [str(part) for pair in folders.items() for part in pair]


def _invoke(
    arguments: list[str],
    settings: Settings,
    listen: Callable[[Any], None] = lambda event: None,
    parsed: Any = None,
) -> Any:
    from dbt.cli.main import dbtRunner

    runner = dbtRunner(manifest=parsed, callbacks=[listen])
    result = runner.invoke([*arguments, *_folders(settings)])
    if result.exception or result.result is None:
        raise DbtError(f"dbt could not run: {result.exception}")
    return result


def _outcome(node: Any) -> NodeOutcome:
    return NodeOutcome(
        unique_id=node.node.unique_id,
        resource_type=str(node.node.resource_type),
        name=node.node.name,
        status=str(node.status),
        message=node.message or "",
        seconds=node.execution_time,
        failures=node.failures or 0,
    )


def _connection(url: str) -> dict[str, str]:
    """Return the variables in which profiles.yml expects the connection."""
    parts = urlsplit(url)
    return {
        "CONCORD_DBT_HOST": parts.hostname or "127.0.0.1",
        "CONCORD_DBT_PORT": str(parts.port or 5432),
        "CONCORD_DBT_USER": unquote(parts.username or ""),
        "CONCORD_DBT_PASSWORD": unquote(parts.password or ""),
        "CONCORD_DBT_DATABASE": parts.path.lstrip("/"),
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables within the block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
