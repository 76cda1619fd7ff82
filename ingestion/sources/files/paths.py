"""Which files a path in the configuration means."""

import os
from pathlib import Path

MAGIC = set("*?[")


def matching(base_dir: Path, path: str) -> list[Path]:
    """Return the files that a path or glob, relative to `base_dir`, stands for, by name."""
    full = base_dir.absolute() / path
    if full.is_file() or not MAGIC & set(path):
        return [full] if full.is_file() else []
    pattern = full.relative_to(full.anchor)
    return sorted(each for each in Path(full.anchor).glob(str(pattern)) if each.is_file())


def display_name(base_dir: Path, path: Path) -> str:
    """Name a file as the ledger does: relative to the configuration, wherever both are."""
    return Path(os.path.relpath(path.resolve(), base_dir.resolve())).as_posix()
