"""What a folder of exports holds: which company, until when, and each file's counts.

The manifest is written last, so a folder without one, or with files longer than it says,
was left by a killed run.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ingestion.demo.company import Company

NAME = "manifest.json"
VERSION = 6  # raise it when the same seed gives other bytes


@dataclass(frozen=True)
class Written:
    """One file: bytes, data rows, and how many of these are broken or doubled."""

    size: int
    rows: int
    broken: int
    doubled: int


@dataclass(frozen=True)
class Manifest:
    """The company and the files that show it until `as_of`."""

    seed: int
    persons: int
    months: int
    first_month: date
    as_of: datetime
    files: dict[str, Written] = field(default_factory=dict)
    version: int = VERSION

    @classmethod
    def of(cls, company: Company) -> "Manifest":
        """Return the manifest of a company, without files yet."""
        as_of = datetime.fromtimestamp(company.clock.as_of, UTC)
        return cls(company.seed, company.count, company.months, company.clock.first_month, as_of)

    @property
    def as_of_second(self) -> int:
        return int(self.as_of.timestamp())

    @property
    def broken(self) -> int:
        """Number of rows that must land in quarantine."""
        return sum(written.broken for written in self.files.values())

    def with_files(self, files: dict[str, Written]) -> "Manifest":
        """Return the manifest with these files."""
        return replace(self, files=files)

    def leads_to(self, later: "Manifest", folder: Path) -> bool:
        """Return whether `later` is the same company at the same time or after, files unharmed."""
        mine = (self.version, self.seed, self.persons, self.months, self.first_month)
        same = mine == (later.version, later.seed, later.persons, later.months, later.first_month)
        return same and self.as_of <= later.as_of and self._is_whole(folder)

    def _is_whole(self, folder: Path) -> bool:
        paths = {folder / name: written.size for name, written in self.files.items()}
        return all(path.is_file() and path.stat().st_size >= n for path, n in paths.items())


def read_manifest(folder: Path) -> Manifest | None:
    """Return the folder's manifest; None if there is none that can be read."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = {name: Written(**written) for name, written in content.pop("files").items()}
        first_month = date.fromisoformat(content.pop("first_month"))
        as_of = datetime.fromisoformat(content.pop("as_of"))
        return Manifest(first_month=first_month, as_of=as_of, files=files, **content)
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest in one step."""
    part = folder / f"{NAME}.part"
    part.write_text(json.dumps(asdict(manifest), default=_text, indent=1) + "\n", encoding="utf-8")
    part.replace(folder / NAME)


def _text(value: date | datetime) -> str:
    return value.isoformat()
