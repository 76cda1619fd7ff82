"""The files of a source, as they are found: on disk, and within archives there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import SourceError, SourceRefused, SourceUnreachable
from ingestion.sources.files.archives import is_archive, members, unpacked
from ingestion.sources.files.paths import display_name, is_below, matching, named_folder, readable
from ingestion.sources.files.readers.base import FileFormat


@dataclass(frozen=True)
class ExportFile:
    """A file to read: one on disk, or a member of an archive there.

    `folders` are those that it may lie in; `problem` says why an archive can't be looked into.
    """

    name: str
    path: Path
    folders: tuple[Path, ...]
    member: str | None = None
    problem: SourceError | None = None


@dataclass(frozen=True)
class Exports:
    """Which files a section of a source means."""

    source: str
    base_dir: Path
    folders: tuple[Path, ...]
    paths: tuple[str, ...]
    form: FileFormat

    def files(self) -> dict[str, ExportFile]:
        """Return the files by name; SourceUnreachable if there is none for a path."""
        found: dict[str, ExportFile] = {}
        for path in self.paths:
            matched = matching(self.base_dir, path)
            if not matched:
                raise SourceUnreachable(
                    self.source, f"no file matches {path}", "Put it there, or correct `path`"
                )
            folders = (named_folder(self.base_dir, path), *self.folders)
            for file in matched:
                found |= {each.name: each for each in self._files_of(file, folders)}
        return found

    @contextmanager
    def opened(self, file: ExportFile) -> Iterator[Path]:
        """Give a file as one on disk that can be read; SourceError if it may not, or can't."""
        self.require_allowed(file)
        if file.problem:
            raise file.problem
        if file.member is None:
            yield file.path
            return
        limit = self.form.limits.unpacked_bytes
        with unpacked(self.source, file.path, file.member, limit) as path:
            try:
                yield path
            except SourceError as error:  # readers don't know of the archive
                problem = f"{readable(file.path.name)}: {error.problem}"
                raise type(error)(error.source, problem, error.remedy) from error

    def require_allowed(self, file: ExportFile) -> None:
        """Raise SourceRefused unless a file lies where the configuration says."""
        if not is_below(file.path, file.folders):
            raise SourceRefused(
                self.source,
                f"{readable(file.path.name)} leads out of the folder that `path` names, by a link"
                " or by `..`",
                "Put the file itself there, or allow the folder in which it is: `folders` under"
                f" [sources.{self.source}]",
            )

    def unreadable(self, file: ExportFile, error: OSError) -> SourceUnreachable:
        """Return the error of a file that the system won't let us read."""
        problem = f"{file.name} can't be read: {error.strerror or error}"
        return SourceUnreachable(self.source, problem, "Check the path and rights")

    def _files_of(self, path: Path, folders: tuple[Path, ...]) -> list[ExportFile]:
        name = display_name(self.base_dir, path)
        if not is_archive(path) or not is_below(path, folders):
            return [ExportFile(name, path, folders)]
        try:
            found = members(self.source, path, self.form.members)
        except SourceError as error:
            return [ExportFile(name, path, folders, problem=error)]
        return [ExportFile(f"{name}/{readable(each)}", path, folders, each) for each in found]
