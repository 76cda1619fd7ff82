"""Check a configuration and its sources before anything is run."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ingestion.sources
from ingestion.errors import ConfigurationFaults, Fault, MappingFault, SourceError
from ingestion.faults import is_within
from orchestration import demo
from orchestration.dbt import PROJECT_DIR
from orchestration.settings import (
    ConfigurationError,
    Settings,
    load_settings,
    metabase_secrets,
)

DEFINITIONS = PROJECT_DIR / "seeds" / "metric_definitions.csv"


@dataclass(frozen=True)
class Reached:
    """Whether a source could be reached, what it said, and whether its section is at fault."""

    name: str
    is_reached: bool
    words: str
    is_misconfigured: bool = False


def faults(config: Path | None, workspace: Path | None) -> list[Fault]:
    """Return every fault of a configuration, its sources' sections included."""
    try:
        settings = load_settings(config, workspace, metrics=_known_metrics())
    except ConfigurationError as error:
        found = _faults_beyond_settings(error.document, error.file)
        return error.faults + [each for each in found if not _is_known(each, error.faults)]
    export_demo(settings)
    return _faults_beyond_settings(settings.configuration.model_dump(), settings.config_file)


def described_sources(settings: Settings) -> list[tuple[str, str, str]]:
    """Return name, kind and entities of each configured source."""
    export_demo(settings)
    rows = []
    for name, section in settings.configuration.sources.items():
        source = ingestion.sources.build(name, section, settings.base_dir)
        rows.append((name, source.kind, ", ".join(sorted(ingestion.sources.entities(section)))))
    return rows


def reached_sources(settings: Settings) -> list[Reached]:
    """Try to reach each configured source."""
    export_demo(settings)
    return [_reach(settings, name) for name in settings.configuration.sources]


def export_demo(settings: Settings) -> None:
    """Let the demo company export before anybody looks for its files, as a real one has."""
    if settings.company.demo:
        demo.write_exports(settings)


def _faults_beyond_settings(document: Mapping[str, Any], file: Path) -> list[Fault]:
    """Name the faults of sources and of the environment, whatever else is wrong."""
    found = [*_source_faults(document, file.parent), *_missing_credentials(document)]
    return [replace(fault, file=file.name) for fault in found]


def _is_known(fault: Fault, faults: list[Fault]) -> bool:
    return any(each.key and is_within(fault.key, each.key) for each in faults)


def _known_metrics() -> list[str]:
    with DEFINITIONS.open(encoding="utf-8", newline="") as file:
        return sorted(row["metric_id"] for row in csv.DictReader(file))


def _source_faults(document: Mapping[str, Any], base_dir: Path) -> Iterable[Fault]:
    sources = document.get("sources")
    for name, section in sources.items() if isinstance(sources, dict) else ():
        if not isinstance(section, dict):
            continue
        try:
            ingestion.sources.build(name, section, base_dir)
        except ConfigurationFaults as error:
            yield from error.faults


def _missing_credentials(document: Mapping[str, Any]) -> Iterable[Fault]:
    """Name a Metabase that lacks credentials to sign in with."""
    secrets = metabase_secrets()
    has_account = secrets.admin_email and secrets.admin_password
    if document.get("metabase") is not None and not (secrets.api_key or has_account):
        yield Fault(
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
        is_misconfigured = isinstance(error, (MappingFault, ConfigurationFaults))
        return Reached(name, False, str(error), is_misconfigured)
