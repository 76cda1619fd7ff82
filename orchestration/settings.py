"""Typed settings: the only reader of concord.toml and of the environment.

Everything else takes plain arguments. A configuration is checked whole: every fault is named
at once, with its file, its key and what to do. What a source's own section may hold is the
source's business (ingestion.sources); here it is only a mapping, with `${NAME}` replaced by
the environment's value.
"""

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from ingestion.errors import Fault
from ingestion.faults import faults_of, key_of
from orchestration.configuration import Company, Configuration

DEFAULT_CONFIG = Path("concord.toml")
DEFAULT_WORKSPACE = Path(".concord")
_REFERENCE = re.compile(r"\$\{(\w+)\}")


class ConfigurationError(Exception):
    """The configuration can't be used; `faults` names every reason.

    `document` is the content of the file, with secrets in their places, so that a check
    can name the faults of the sources and of the metrics in the same go.
    """

    def __init__(
        self,
        faults: list[Fault],
        file: Path,
        document: Mapping[str, Any] | None = None,
    ):
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
        self.file = file
        self.document = document or {}


@dataclass(frozen=True)
class MetabaseSecrets:
    """How to sign in to Metabase, and the password of the role that it reads with."""

    api_key: str | None = field(default=None, repr=False)
    admin_email: str | None = None
    admin_password: str | None = field(default=None, repr=False)
    reader_password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Settings:
    """A configuration, where it came from, and the workspace that holds everything it makes."""

    configuration: Configuration
    config_file: Path
    workspace: Path
    database_url: str | None = field(default=None, repr=False)
    metabase_secrets: MetabaseSecrets = MetabaseSecrets()

    @property
    def company(self) -> Company:
        return self.configuration.company

    @property
    def base_dir(self) -> Path:
        """The folder that relative paths in the configuration start from."""
        return self.config_file.parent

    @property
    def dagster_home(self) -> Path:
        return self.workspace / "dagster"

    @property
    def log_dir(self) -> Path:
        return self.workspace / "logs"

    @property
    def reader_password_file(self) -> Path:
        return self.workspace / "metabase_reader"

    @property
    def demo_dir(self) -> Path:
        return self.workspace / "demo"

    @cached_property
    def as_of(self) -> datetime:
        """The moment that counts as now, in UTC."""
        return (self.company.as_of or datetime.now(UTC)).astimezone(UTC)

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.company.time_zone)


def load_settings(
    config: Path | None = None,
    workspace: Path | None = None,
    environment: Mapping[str, str] | None = None,
    metrics: Collection[str] | None = None,
) -> Settings:
    """Read the configuration file and the environment.

    Raises ConfigurationError with every fault that the file has; names of metrics are among
    them if `metrics` says which there are.
    """
    environment = os.environ if environment is None else environment
    config = Path(config or environment.get("CONCORD_CONFIG") or DEFAULT_CONFIG).absolute()
    workspace = Path(workspace or environment.get("CONCORD_WORKSPACE") or DEFAULT_WORKSPACE)
    document = _read(config)
    faults = _workspace_faults(workspace.absolute())
    known = {**environment, "CONCORD_WORKSPACE": str(workspace.absolute())}
    document["sources"] = _with_secrets(document.get("sources", {}), config, known, faults)
    try:
        configuration = Configuration.model_validate(document, context={"metrics": metrics})
    except ValidationError as error:
        found = faults_of(error, document, "", "docs/configuration.md")
        faults += [replace(fault, file=config.name) for fault in found]
    if faults:
        raise ConfigurationError(faults, config, document)
    return Settings(
        configuration,
        config,
        workspace.absolute(),
        environment.get("CONCORD_DATABASE_URL") or None,
        metabase_secrets(environment),
    )


def _workspace_faults(workspace: Path) -> list[Fault]:
    """Refuse a question mark: SQLite takes it for the end of the path and writes elsewhere."""
    if "?" not in str(workspace):
        return []
    problem = f"{workspace} has a question mark, and Dagster could not keep its history there"
    return [Fault("", problem, "Choose a folder without one", "--workspace")]


def metabase_secrets(environment: Mapping[str, str] | None = None) -> MetabaseSecrets:
    """Read from the environment how to sign in to Metabase."""
    environment = os.environ if environment is None else environment
    return MetabaseSecrets(
        environment.get("CONCORD_METABASE_API_KEY") or None,
        environment.get("CONCORD_METABASE_ADMIN_EMAIL") or None,
        environment.get("CONCORD_METABASE_ADMIN_PASSWORD") or None,
        environment.get("CONCORD_METABASE_READER_PASSWORD") or None,
    )


def _read(config: Path) -> dict[str, Any]:
    try:
        # Notepad puts a byte order mark before UTF-8
        return tomllib.loads(config.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        problem = "there is no such file"
        remedy = "Give the right one with --config FILE, or let `concord init FOLDER` write one"
    except IsADirectoryError:
        problem, remedy = "it is a folder", "Give the file in it with --config FILE"
    except (OSError, UnicodeDecodeError) as error:
        problem, remedy = f"it can't be read ({error})", "Make it a readable UTF-8 file"
    except tomllib.TOMLDecodeError as error:
        problem, remedy = f"it is no valid TOML ({error})", "Mend the file at that line"
    raise ConfigurationError([Fault("", problem, remedy, str(config))], config)


def _with_secrets(
    sources: Any,
    config: Path,
    environment: Mapping[str, str],
    faults: list[Fault],
    key: str = "sources",
) -> Any:
    """Replace `${NAME}` in every string below `sources`; a name that is not set is a fault."""
    if isinstance(sources, dict):
        return {
            name: _with_secrets(value, config, environment, faults, key_of(key, name))
            for name, value in sources.items()
        }
    if isinstance(sources, list):
        return [
            _with_secrets(value, config, environment, faults, key_of(key, index))
            for index, value in enumerate(sources)
        ]
    if not isinstance(sources, str):
        return sources
    for name in _REFERENCE.findall(sources):
        if name not in environment:
            remedy = f"Set {name}, or remove the key"
            problem = f"the environment variable {name} is not set"
            faults.append(Fault(key, problem, remedy, config.name))
    return _REFERENCE.sub(lambda match: environment.get(match[1], ""), sources)
