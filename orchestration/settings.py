"""Typed settings: the only reader of concord.toml and of the environment.

Everything else takes plain arguments. A configuration is judged whole: every fault is named
at once, with its file, its key and what to do. What a source's own section may hold is the
source's business (ingestion.sources); here it is only a mapping, with `${NAME}` replaced by
the environment's value.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

DEFAULT_CONFIG = Path("concord.toml")
DEFAULT_WORKSPACE = Path(".concord")
_REFERENCE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class ConfigurationFault:
    """One thing that is wrong in a configuration, and what to do about it."""

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.problem}. {self.remedy}"


class ConfigurationError(Exception):
    """The configuration can't be used; `faults` names every reason.

    `sources` are the sections of sources that could be read all the same, and `file` where
    they stand, so that a check can name their faults in the same go.
    """

    def __init__(
        self,
        faults: list[ConfigurationFault],
        file: Path,
        sources: Mapping[str, Any] | None = None,
    ):
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
        self.file = file
        self.sources = sources or {}


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Berlin")
    return name


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"{code!r} is no ISO 4217 code; write three capitals such as EUR")
    return code


def _language(code: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", code):
        raise ValueError(f"{code!r} is no ISO 639-1 code; write two letters such as en")
    return code


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BusinessHours(_Section):
    """When the service desk is staffed, in the company's time zone; days 1 (Monday) to 7."""

    start: time = time(9)
    end: time = time(17)
    days: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)] = (
        1,
        2,
        3,
        4,
        5,
    )

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "BusinessHours":
        if self.start >= self.end:
            raise ValueError("start must be before end")
        return self


class Brand(_Section):
    """A brand and the handles under which people address it."""

    name: str = Field(min_length=1)
    handles: tuple[str, ...] = ()


class Company(_Section):
    """Whose scorecard it is; `as_of` sets the clock for an archive, else it is now."""

    name: str = Field(min_length=1)
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    currency: Annotated[str, AfterValidator(_currency)] = "EUR"
    languages: tuple[Annotated[str, AfterValidator(_language)], ...] = ("en",)
    brands: tuple[Brand, ...] = ()
    demo: bool = False
    as_of: AwareDatetime | None = None
    business_hours: BusinessHours = BusinessHours()


class Metrics(_Section):
    """What the house definitions leave to the company."""

    activity_window_days: int = Field(default=365, ge=7, le=1826)
    minimum_n: int = Field(default=30, ge=2)


class Demo(_Section):
    """Size and seed of the demo company."""

    seed: int = 20260101
    persons: int = Field(default=20_000, ge=200)
    months: int = Field(default=24, ge=3, le=60)


class Gates(_Section):
    """How far data may stray before a gate blocks."""

    minimum_volume_share: float = Field(default=0.3, ge=0, le=1)
    maximum_volume_ratio: float = Field(default=5.0, gt=1)
    freshness_days: float | None = Field(default=None, gt=0)
    maximum_quarantined_share: float = Field(default=0.05, ge=0, le=1)
    maximum_jump: float = Field(default=0.5, gt=0)


class Target(_Section):
    """What two departments agreed on for a metric, from a day on."""

    metric_id: str
    segment_name: str = "company"
    segment_value: str = "all"
    valid_from: date
    valid_to: date | None = None
    value: float | None = None
    marketing_owner: str = Field(min_length=1)
    service_owner: str = Field(min_length=1)
    reason: str = ""
    version: int = 1


class BaselineShift(_Section):
    """An explained change of a series, after which its natural limits are computed anew."""

    metric_id: str
    segment_name: str = "company"
    segment_value: str = "all"
    shifted_on: date
    reason: str = Field(min_length=1)


class Configuration(_Section):
    """The content of concord.toml."""

    company: Company
    metrics: Metrics = Metrics()
    demo: Demo = Demo()
    gates: Gates = Gates()
    sources: dict[str, dict[str, Any]] = {}
    targets: tuple[Target, ...] = ()
    baseline_shifts: tuple[BaselineShift, ...] = ()


@dataclass(frozen=True)
class Settings:
    """A configuration, where it came from, and the workspace that holds everything it makes."""

    configuration: Configuration
    config_file: Path
    workspace: Path
    database_url: str | None = None

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
    def load_state_dir(self) -> Path:
        return self.workspace / "dlt"

    @property
    def log_dir(self) -> Path:
        return self.workspace / "logs"

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
) -> Settings:
    """Read the configuration file and the environment.

    Raises ConfigurationError with every fault that the file has.
    """
    environment = os.environ if environment is None else environment
    config = Path(config or environment.get("CONCORD_CONFIG") or DEFAULT_CONFIG).absolute()
    workspace = Path(workspace or environment.get("CONCORD_WORKSPACE") or DEFAULT_WORKSPACE)
    document = _read(config)
    faults: list[ConfigurationFault] = []
    known = {**environment, "CONCORD_WORKSPACE": str(workspace.absolute())}
    document["sources"] = _with_secrets(document.get("sources", {}), config, known, faults)
    try:
        configuration = Configuration.model_validate(document)
    except ValidationError as error:
        faults += [_fault(config, detail) for detail in error.errors()]
    if faults:
        raise ConfigurationError(faults, config, document["sources"])
    return Settings(
        configuration,
        config,
        workspace.absolute(),
        environment.get("CONCORD_DATABASE_URL") or None,
    )


def _read(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problem, remedy = "there is no such file", "Give the right one with --config FILE"
    except (OSError, UnicodeDecodeError) as error:
        problem, remedy = f"it can't be read ({error})", "Make it a readable UTF-8 file"
    except tomllib.TOMLDecodeError as error:
        problem, remedy = f"it is no valid TOML ({error})", "Mend the file at that line"
    raise ConfigurationError([ConfigurationFault(str(config), "", problem, remedy)], config)


def _with_secrets(
    sources: Any,
    config: Path,
    environment: Mapping[str, str],
    faults: list[ConfigurationFault],
    key: str = "sources",
) -> Any:
    """Replace `${NAME}` in every string below `sources`; a name that is not set is a fault."""
    if isinstance(sources, dict):
        return {
            name: _with_secrets(value, config, environment, faults, f"{key}.{name}")
            for name, value in sources.items()
        }
    if isinstance(sources, list):
        return [
            _with_secrets(value, config, environment, faults, f"{key}[{index}]")
            for index, value in enumerate(sources)
        ]
    if not isinstance(sources, str):
        return sources
    for name in _REFERENCE.findall(sources):
        if name not in environment:
            remedy = f"Set {name}, or remove the key"
            problem = f"the environment variable {name} is not set"
            faults.append(ConfigurationFault(config.name, key, problem, remedy))
    return _REFERENCE.sub(lambda match: environment.get(match[1], ""), sources)


def _fault(config: Path, detail: Any) -> ConfigurationFault:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return ConfigurationFault(config.name, key, "this key is not known", "Remove or rename it")
    if detail["type"] == "missing":
        return ConfigurationFault(config.name, key, "this key is missing", "Add it")
    problem = detail["msg"].removeprefix("Value error, ")
    return ConfigurationFault(config.name, key, problem, "Correct the value")
