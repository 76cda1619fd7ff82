"""Judge a configuration and its sources before anything is run."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ingestion.sources
from ingestion.errors import ConfigurationFaults, SourceError
from orchestration import demo
from orchestration.configuration import BaselineShift, Target
from orchestration.dbt import PROJECT_DIR
from orchestration.settings import (
    ConfigurationError,
    ConfigurationFault,
    Settings,
    load_settings,
)

DEFINITIONS = PROJECT_DIR / "seeds" / "metric_definitions.csv"


@dataclass(frozen=True)
class Reached:
    """Whether a source could be reached, and what it said."""

    name: str
    is_reached: bool
    words: str


def faults(config: Path | None, workspace: Path | None) -> list[ConfigurationFault]:
    """Return every fault of a configuration, its sources' sections included."""
    try:
        settings = load_settings(config, workspace)
    except ConfigurationError as error:
        return error.faults + _source_faults(error.sources, error.file)
    if settings.company.demo:
        demo.write_exports(settings)
    found = _source_faults(settings.configuration.sources, settings.config_file)
    return found + list(_unknown_metrics(settings)) + list(_missing_credentials(settings))


def described_sources(settings: Settings) -> list[tuple[str, str, str]]:
    """Return name, kind and tables of each configured source."""
    rows = []
    for name, section in settings.configuration.sources.items():
        source = ingestion.sources.build(name, section, settings.base_dir)
        tables = sorted({table.name for table in source.tables()})
        rows.append((name, source.kind, ", ".join(tables)))
    return rows


def reached_sources(settings: Settings) -> list[Reached]:
    """Try each configured source and return what came of it."""
    if settings.company.demo:
        demo.write_exports(settings)
    return [_reach(settings, name) for name in settings.configuration.sources]


def _source_faults(sources: Mapping[str, Any], file: Path) -> list[ConfigurationFault]:
    found = []
    for name, section in sources.items():
        try:
            ingestion.sources.build(name, section, file.parent)
        except ConfigurationFaults as error:
            found += [
                ConfigurationFault(file.name, fault.key, fault.problem, fault.remedy)
                for fault in error.faults
            ]
    return found


def _unknown_metrics(settings: Settings) -> Iterable[ConfigurationFault]:
    with DEFINITIONS.open(encoding="utf-8", newline="") as file:
        known = {row["metric_id"] for row in csv.DictReader(file)}
    configured: dict[str, Sequence[Target | BaselineShift]] = {
        "targets": settings.configuration.targets,
        "baseline_shifts": settings.configuration.baseline_shifts,
    }
    for section, entries in configured.items():
        for index, entry in enumerate(entries):
            if entry.metric_id not in known:
                yield ConfigurationFault(
                    settings.config_file.name,
                    f"{section}[{index}].metric_id",
                    f"there is no metric {entry.metric_id!r}",
                    f"Use one of: {', '.join(sorted(known))}",
                )


def _missing_credentials(settings: Settings) -> Iterable[ConfigurationFault]:
    """Name a Metabase that nobody could sign in to."""
    secrets = settings.metabase_secrets
    has_account = secrets.admin_email and secrets.admin_password
    if settings.configuration.metabase is not None and not (secrets.api_key or has_account):
        yield ConfigurationFault(
            settings.config_file.name,
            "metabase",
            "there are no credentials in the environment",
            "Set CONCORD_METABASE_API_KEY, or CONCORD_METABASE_ADMIN_EMAIL and"
            " CONCORD_METABASE_ADMIN_PASSWORD",
        )


def _reach(settings: Settings, name: str) -> Reached:
    try:
        with demo.section(settings, name) as section:
            source = ingestion.sources.build(name, section, settings.base_dir)
            return Reached(name, True, source.check())
    except (SourceError, ConfigurationFaults) as error:
        return Reached(name, False, str(error))
