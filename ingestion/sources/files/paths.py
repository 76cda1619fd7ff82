"""Which files a path in the configuration means."""

import glob
import os
from pathlib import Path

MAGIC = set("*?[")


def matching(base_dir: Path, path: str) -> list[Path]:
    """Return the files that a path or glob, relative to `base_dir`, matches, by name."""
    base = base_dir.absolute()
    full = base / path
    if full.is_file() or not MAGIC & set(path):
        return [full] if full.is_file() else []
    # only `path` is a pattern: a folder may be called "exports [2024]"
    pattern = Path(glob.escape(str(base))) / path
    found = Path(full.anchor).glob(str(pattern.relative_to(full.anchor)))
    return sorted(each for each in found if each.is_file())


def display_name(base_dir: Path, path: Path) -> str:
    """Name a file as reports of loads do: relative to the configuration, wherever both are."""
    return printable(Path(os.path.relpath(path.resolve(), base_dir.resolve())).as_posix())


def printable(name: str) -> str:
    """Return a file's name as text, even if its bytes are not UTF-8: those are escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
