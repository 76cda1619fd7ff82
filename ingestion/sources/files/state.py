"""Which files were loaded already, and how far: a load reads only what is new."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ingestion.sources.files.readers.text import is_compressed

BLOCK = 1024 * 1024
# A second change within this time may leave a file's size and time unchanged.
SETTLED_AFTER_SECONDS = 2.0


@dataclass(frozen=True)
class LoadedFile:
    """A file as it was when it was loaded, or refused: an entry of the source's state."""

    size: int
    mtime_ns: int
    digest: str
    is_settled: bool
    line: int
    header: tuple[str, ...]
    can_resume: bool
    is_refused: bool = False

    def to_state(self) -> dict[str, Any]:
        return asdict(self) | {"header": list(self.header)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "LoadedFile":
        return cls(**{**state, "header": tuple(state["header"])})

    def is_unchanged(self, path: Path) -> bool:
        """Return whether a file is unchanged, by size and time, or else by its bytes."""
        stat = path.stat()
        if stat.st_size != self.size:
            return False
        if stat.st_mtime_ns == self.mtime_ns and self.is_settled:
            return True
        return digest(path, self.size) == self.digest

    def is_appended(self, path: Path) -> bool:
        """Return whether a file has grown, and its old bytes are unchanged."""
        if not self.can_resume or path.stat().st_size <= self.size:
            return False
        return digest(path, self.size) == self.digest


@dataclass(frozen=True)
class OpenedFile:
    """A file as it is when its reading begins."""

    path: Path
    size: int
    mtime_ns: int
    is_settled: bool
    is_compressed: bool

    @classmethod
    def of(cls, path: Path) -> "OpenedFile":
        stat = path.stat()
        settled = time.time() - stat.st_mtime_ns / 1e9 > SETTLED_AFTER_SECONDS
        return cls(path, stat.st_size, stat.st_mtime_ns, settled, is_compressed(path))

    @property
    def readable_end(self) -> int | None:
        """Where to stop reading: what is written from now on belongs to the next load."""
        return None if self.is_compressed else self.size

    def loaded(self, line: int, header: tuple[str, ...], can_resume: bool) -> LoadedFile:
        """Return the file as it was loaded; `line` is where an appended part begins."""
        return LoadedFile(
            size=self.size,
            mtime_ns=self.mtime_ns,
            digest=digest(self.path, self.size),
            is_settled=self.is_settled,
            line=line,
            header=header,
            can_resume=can_resume and not self.is_compressed and self._ends_a_line(),
        )

    def refused(self) -> LoadedFile:
        """Return the file as it was refused: it is not read again until it changes."""
        return replace(self.loaded(1, (), can_resume=False), is_refused=True)

    def _ends_a_line(self) -> bool:
        if self.size == 0:
            return False
        with self.path.open("rb") as stream:
            stream.seek(self.size - 1)
            return stream.read(1) == b"\n"


def digest(path: Path, size: int) -> str:
    """Hash the first `size` bytes of a file."""
    hashed = hashlib.blake2b(digest_size=20)
    with path.open("rb") as stream:
        while size > 0 and (block := stream.read(min(BLOCK, size))):
            hashed.update(block)
            size -= len(block)
    return hashed.hexdigest()
