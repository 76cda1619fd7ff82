"""Which files a path in the configuration means, and whether it may be read from where it is."""

import glob
import os
from collections.abc import Sequence
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


def named_folder(base_dir: Path, path: str) -> Path:
    """Return the folder that a path names: up to a pattern, a `..` in its midst, or the file."""
    parts = Path(path).parts
    above = next((i for i, part in enumerate(parts) if part != ".."), len(parts))
    named = above
    while named < len(parts) - 1 and parts[named] != ".." and not MAGIC & set(parts[named]):
        named += 1
    return base_dir.absolute().joinpath(*parts[:named])


def is_below(path: Path, folders: Sequence[Path]) -> bool:
    """Return whether a file, all links followed, lies below one of some folders."""
    real = path.resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in folders)


def display_name(base_dir: Path, path: Path) -> str:
    """Name a file as reports of loads do: relative to the configuration, wherever both are."""
    return readable(Path(os.path.relpath(path.resolve(), base_dir.resolve())).as_posix())


def readable(name: str) -> str:
    """Return a file's name as text, even if its bytes are not UTF-8: those are escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
