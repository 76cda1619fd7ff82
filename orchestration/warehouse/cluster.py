"""The files of one embedded server inside the workspace: data, password, port, log, lock.

Making them, reading them and refusing those of another version belongs here; processes
don't.
"""

import fcntl
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.warehouse.binaries import VERSION, Programs
from orchestration.warehouse.errors import (
    AccessError,
    NotReadyError,
    StartError,
    WrongVersionError,
)
from orchestration.warehouse.roles import ADMINISTRATOR

_LOG_LIMIT_BYTES = 10_000_000
_LOG_LINES_SHOWN = 15
_HALF_MADE = "unfinished-"
# Below the range that Linux and macOS hand out for outgoing connections, so that nobody
# takes the remembered port by accident while the server is down.
_FIRST_PORT, _LAST_PORT = 15_000, 32_000


@dataclass(frozen=True)
class Cluster:
    """Where one embedded server keeps its files."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def _password_file(self) -> Path:
        return self.home / "password"

    @property
    def _port_file(self) -> Path:
        return self.home / "port"

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the lock against other commands; yield its file descriptor."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise AccessError(
                f"The warehouse in {self.home} can't be written: {error.strerror}. Run Concord "
                "as the user who made it, or choose another --workspace."
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)

    def password(self) -> str:
        """Return the administrator's password, of which the others are made."""
        try:
            return self._password_file.read_text().strip()
        except FileNotFoundError:
            raise NotReadyError(
                f"There is no warehouse in {self.home} yet, or its file 'password' is lost. "
                "Put the file back, or move the directory away and run `concord up`: everything is "
                "loaded again from your sources."
            ) from None
        except PermissionError as error:
            raise AccessError(
                f"The warehouse in {self.home} belongs to another user. Run Concord as the "
                "user who made it, or choose another --workspace."
            ) from error

    def remembered_port(self) -> int | None:
        """Return the port that the server listened on last, None if it never did."""
        try:
            return int(self._port_file.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def remember_port(self, port: int) -> None:
        """Keep `port` for the next start and for whoever asks for the URL."""
        if port != self.remembered_port():
            _write(self._port_file, str(port))

    def choose_port(self) -> int:
        """Return the remembered port if it is free, else another free one."""
        remembered = self.remembered_port()
        if remembered and _is_free(remembered):
            return remembered
        for _ in range(1000):
            port = _FIRST_PORT + secrets.randbelow(_LAST_PORT - _FIRST_PORT)
            if _is_free(port):
                return port
        raise AccessError("No free port was found on 127.0.0.1 between 15000 and 32000.")

    def ensure_data(self, programs: Programs, lock: int) -> None:
        """Make the data directory unless it is there; refuse one of another version."""
        self._ensure_log(programs)
        if not self.data.exists():
            self._make_data(programs, lock)
        self._check_version()

    def log_lines(self, since: int = 0) -> list[str]:
        """Return the last lines written to the log after the byte `since`."""
        with self.log.open("rb") as handle:
            handle.seek(since)
            text = handle.read().decode(errors="replace")
        return text.splitlines()[-_LOG_LINES_SHOWN:]

    def _ensure_log(self, programs: Programs) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        if programs.account:
            programs.account.own(self.log)

    def _make_data(self, programs: Programs, lock: int) -> None:
        """Make the data directory under another name, so that it is there whole or not at all.

        The making child holds the lock: should we be killed, nobody else starts before it
        has ended.
        """
        for leftover in self.home.glob(f"{_HALF_MADE}*"):
            shutil.rmtree(leftover)
        self._ensure_password(programs)
        half_made = Path(tempfile.mkdtemp(prefix=_HALF_MADE, dir=self.home))
        if programs.account:
            programs.account.own(half_made)
        arguments = [f"--pgdata={half_made}", f"--pwfile={self._password_file}", *_INITDB]
        start = self.log.stat().st_size
        with self.log.open("ab") as output:
            if programs.run("initdb", arguments, output, keep=(lock,)) != 0:
                raise StartError("PostgreSQL could not set up its files.", self.log_lines(start))
        half_made.rename(self.data)
        _sync(self.home)

    def _ensure_password(self, programs: Programs) -> None:
        if not self._password_file.exists():
            _write(self._password_file, secrets.token_hex(24))
        if programs.account:
            programs.account.own(self._password_file)

    def _check_version(self) -> None:
        try:
            found = f"PostgreSQL {(self.data / 'PG_VERSION').read_text().strip()}"
        except FileNotFoundError:
            found = "an unknown program (it holds no PG_VERSION)"
        if found != f"PostgreSQL {VERSION}":
            raise WrongVersionError(
                f"The data directory {self.data} was made by {found}, but this Concord brings "
                f"PostgreSQL {VERSION}, which can't read it. Either go back to the Concord that "
                f"made it, or move {self.home} away and run `concord up`: everything is loaded "
                "again from your sources."
            )


_INITDB = (
    f"--username={ADMINISTRATOR}",
    "--auth-local=scram-sha-256",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    # The same order and case rules on every machine, whatever its C library.
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
    with os.fdopen(handle, "w") as output:
        output.write(text)
        output.flush()
        os.fsync(output.fileno())
    Path(name).replace(path)
    _sync(path.parent)


def _sync(directory: Path) -> None:
    """Make a file's new name in `directory` survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As PostgreSQL itself: a port whose last connections linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
