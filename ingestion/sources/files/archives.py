"""Zip archives: which files are in one, and one of them unpacked for a reader.

A member's own path is never written to: it only names the member.
"""

import errno
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from ingestion.errors import SourceAnswerBroken
from ingestion.sources.files.paths import readable

SUFFIX = ".zip"
BLOCK = 1024 * 1024
MEGABYTE = 1024 * 1024
# What macOS and others put beside the files that somebody packed.
HIDDEN = (".", "__MACOSX")
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def is_archive(path: Path) -> bool:
    """Return whether a file is a zip archive, by its name."""
    return path.suffix.lower() == SUFFIX


def members(source: str, path: Path, pattern: str | None) -> list[str]:
    """Return the names of an archive's files that match a pattern, or of its only file."""
    file = readable(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted({each.filename for each in archive.infolist() if not each.is_dir()})
    except BROKEN as error:
        raise _broken(source, file) from error
    visible = [name for name in names if not _is_hidden(name)]
    matching = [name for name in visible if pattern is None or fnmatchcase(name, pattern)]
    if not matching:
        problem = f"{file} holds no file" + (f" that matches {pattern}" if pattern else "")
        raise SourceAnswerBroken(source, problem, "Correct `members`, or export it again")
    if pattern is None and len(matching) > 1:
        problem = f"{file} holds {len(matching)} files"
        raise SourceAnswerBroken(
            source, problem, 'Set `members` to those that are meant, such as "orders-*.csv"'
        )
    return matching


@contextmanager
def unpacked(source: str, path: Path, member: str, limit: int) -> Iterator[Path]:
    """Give a member as a file of its own, by its own name; SourceAnswerBroken beyond the limit."""
    with tempfile.TemporaryDirectory(prefix="concord-") as folder:
        target = Path(folder) / (PurePosixPath(member).name.replace("\0", "") or "member")
        try:
            _unpack(path, member, target, limit)
        except _TooLarge:
            problem = f"{readable(target.name)} of {readable(path.name)} is larger than"
            raise SourceAnswerBroken(
                source,
                f"{problem} {limit // MEGABYTE:,} MB when unpacked",
                f"If that is right, raise unpacked_megabytes under [sources.{source}.limits]",
            ) from None
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            # it says that it begins before the beginning of the archive
            raise _broken(source, readable(path.name)) from error
        except BROKEN as error:
            raise _broken(source, readable(path.name)) from error
        yield target


class _TooLarge(Exception):
    """A member is larger than allowed."""


def _unpack(path: Path, member: str, target: Path, limit: int) -> None:
    """Write a member to a file, and no more of it than allowed, whatever size it says it has."""
    with zipfile.ZipFile(path) as archive, archive.open(member) as packed, target.open("wb") as out:
        while block := packed.read(BLOCK):
            limit -= len(block)
            if limit < 0:
                raise _TooLarge
            out.write(block)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(HIDDEN) for part in PurePosixPath(name).parts if part != "..")


def _broken(source: str, file: str) -> SourceAnswerBroken:
    return SourceAnswerBroken(
        source,
        f"{file} can't be unpacked: it is damaged, or encrypted, or no zip archive",
        "Export or copy the file again, without a password",
    )
