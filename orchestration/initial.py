"""The first configuration of a company that has exports and no concord.toml."""

import tempfile
from pathlib import Path

from ingestion.sources.files.drafting.document import Written, written
from orchestration.checking import faults
from orchestration.errors import NotWritten


def write_configuration(folder: Path, output: Path) -> Written:
    """Guess the configuration of a folder of exports, and write it; NotWritten says why not."""
    if not folder.is_dir():
        raise NotWritten(f"there is no folder {folder}; name the one with the exports")
    if output.exists():
        raise NotWritten(f"{output} is there already; give another file with --output")
    base_dir = output.absolute().parent
    if not base_dir.is_dir():
        raise NotWritten(f"there is no folder {base_dir}; make it, or give another --output")
    found = written(folder.absolute(), base_dir)
    if not found.loaded:
        told = (
            "; ".join(f"{name}: {why}" for name, why in found.others.items()) or "it has no exports"
        )
        raise NotWritten(f"nothing in {folder} can be mapped ({told}); docs/sources.md says how")
    try:
        _require_right(found.text, base_dir)
        with output.open("x", encoding="utf-8") as file:
            file.write(found.text)
    except OSError as error:
        raise NotWritten(
            f"{output} can't be written: {error.strerror}; give another file with --output"
        ) from error
    return found


def _require_right(text: str, base_dir: Path) -> None:
    """Check the configuration as `concord check` does, before it has its name."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml", dir=base_dir, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        for fault in faults(Path(file.name), None):
            raise NotWritten(f"the exports give no right configuration: {fault}")
