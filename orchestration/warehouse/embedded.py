"""The supervisor of the embedded PostgreSQL: start it, find it, stop it.

The server is left running between commands and outlives whoever started it. Several
commands at once are safe: one starts it, the others find it running.
"""

import os
import shlex
import time
from pathlib import Path

import psycopg
from psycopg import sql

from orchestration.warehouse import roles
from orchestration.warehouse.account import let_pass, service_account
from orchestration.warehouse.binaries import Programs, binaries_directory
from orchestration.warehouse.cluster import Cluster
from orchestration.warehouse.errors import NotReadyError, StartError, StopError, UnreachableError
from orchestration.warehouse.postmaster import (
    clear_after_crash,
    cluster_name,
    find_postmaster,
)
from orchestration.warehouse.tuning import server_options

DATABASE = "concord"
# Crash recovery replays up to max_wal_size; on a slow disk that takes minutes, and giving up
# would not make it faster.
_START_SECONDS = 1800
_STOP_SECONDS = 300
_CONNECT_SECONDS = 60
_PORT_ATTEMPTS = 5


class EmbeddedPostgres:
    """The PostgreSQL server that lives in a workspace."""

    def __init__(self, workspace: Path) -> None:
        self._cluster = Cluster(workspace.resolve() / "warehouse")

    def start(self) -> str:
        """Start the server unless it runs, make the database if need be, and return its URL."""
        with self._cluster.locked() as lock:
            if not self.is_running():
                self._launch(lock)
            self._await_ready()
            self._ensure_database()
        return self.url()

    def stop(self) -> None:
        """Stop the server; do nothing where none runs."""
        if not self._cluster.home.exists():
            return
        with self._cluster.locked():
            if self.is_running():
                self._stop()

    def is_running(self) -> bool:
        """Return whether the server's main process lives."""
        return find_postmaster(self._cluster.data) is not None

    def url(self) -> str:
        """Return the owner's URL of the database, whether the server runs or not."""
        password = roles.password_of(roles.OWNER, self._cluster.password())
        return self._url_of(roles.OWNER, password, DATABASE)

    def administrator_url(self, database: str = "postgres") -> str:
        """Return the URL of the superuser, who makes databases and roles."""
        return self._url_of(roles.ADMINISTRATOR, self._cluster.password(), database)

    def _url_of(self, role: str, password: str, database: str) -> str:
        running = find_postmaster(self._cluster.data)
        port = running.port if running else self._cluster.remembered_port()
        if port is None:
            raise NotReadyError(
                f"There is no warehouse in {self._cluster.home} yet. Run `concord up`."
            )
        return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"

    def _programs(self) -> Programs:
        directory = binaries_directory()
        account = service_account(self._cluster.data)
        if account:
            let_pass(account, [self._cluster.data, directory / "postgres"])
        return Programs(directory, account)

    def _launch(self, lock: int) -> None:
        programs = self._programs()
        self._cluster.ensure_data(programs, lock)
        clear_after_crash(self._cluster.data)
        log_lines: list[str] = []
        for _ in range(_PORT_ATTEMPTS):
            failure = self._try_port(programs, self._cluster.choose_port())
            if failure is None:
                return
            log_lines = failure
            if not any("Address already in use" in line for line in log_lines):
                break
        raise StartError(
            f"PostgreSQL did not start; its whole log is {self._cluster.log}.", log_lines
        )

    def _try_port(self, programs: Programs, port: int) -> list[str] | None:
        """Start on `port`; return None if that went well, else what the log says."""
        data, log = self._cluster.data, self._cluster.log
        options = server_options(port, cluster_name(data)).items()
        words = [word for name, value in options for word in ("-c", f"{name}={value}")]
        # pg_ctl starts the server by a shell: a path among its words could be read as a command.
        paths = ["-D", ".", "-l", os.path.relpath(log, data)]
        wait = ["-w", "-t", str(_START_SECONDS)]
        start = log.stat().st_size
        with log.open("ab") as output:
            code = programs.run(
                "pg_ctl", ["start", *paths, *wait, "-o", shlex.join(words)], output, folder=data
            )
        return None if code == 0 else self._cluster.log_lines(start)

    def _await_ready(self) -> None:
        """Wait for a server that another command was starting when it was killed."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            postmaster = find_postmaster(self._cluster.data)
            if postmaster is None:
                break
            if postmaster.is_ready:
                self._cluster.remember_port(postmaster.port)
                return
            time.sleep(0.1)
        raise StartError("PostgreSQL did not become ready.", self._cluster.log_lines())

    def _ensure_database(self) -> None:
        with self._connect("postgres") as connection:
            roles.ensure_owner(connection, self._cluster.password())
            known = connection.execute(
                "select 1 from pg_database where datname = %s", [DATABASE]
            ).fetchone()
            if known is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
            if roles.is_handed_over(connection, DATABASE):
                return
        with self._connect(DATABASE) as connection:
            roles.hand_over(connection)

    def _connect(self, database: str) -> psycopg.Connection:
        try:
            return psycopg.connect(
                self.administrator_url(database),
                autocommit=True,
                connect_timeout=_CONNECT_SECONDS,
            )
        except psycopg.OperationalError as error:
            raise UnreachableError(
                f"The PostgreSQL in {self._cluster.home} runs, but does not let us in: {error}\n"
                "Was its file 'password' replaced? Put it back. Does it have too many "
                "connections, or hang? Run `concord stop`, then try again."
            ) from error

    def _stop(self) -> None:
        with self._cluster.log.open("ab") as output:
            arguments = ["stop", "-D", str(self._cluster.data), "-m", "fast"]
            arguments += ["-w", "-t", str(_STOP_SECONDS)]
            code = self._programs().run("pg_ctl", arguments, output)
        if code != 0:
            raise StopError(
                f"PostgreSQL did not stop within {_STOP_SECONDS} s; its log is "
                f"{self._cluster.log}. Try again, or look for what it is still doing there."
            )
