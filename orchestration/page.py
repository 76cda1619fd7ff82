"""The page's server: in this process for `serve`, beside it and left running for `up`."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path

import psutil
import requests

from ingestion.addresses import LOOPBACK
from orchestration import terminal
from orchestration.errors import PageNotStarted, PortInUse, UnknownHost
from orchestration.layout import layout
from orchestration.settings import Settings

HOST = "127.0.0.1"
DEFAULT_PORT = 8321
_START_SECONDS = 60


@dataclass(frozen=True)
class PageServer:
    """A page server that runs for a workspace, left behind by `up` or in sight by `serve`."""

    pid: int
    port: int
    started_at: float
    host: str = HOST

    @property
    def url(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"

    @property
    def process(self) -> psutil.Process | None:
        """Return the server's process; None if it is gone, or its pid is somebody else's now."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.started_at) < 1:
                return process
        return None


def serve(
    settings: Settings, url: str, port: int, host: str = HOST, names: Iterable[str] = ()
) -> None:
    """Serve the page until interrupted; on loopback unless another host is given.

    On loopback it answers to this machine's own names and to `names` alone.
    Raises PortInUse and UnknownHost.
    """
    import uvicorn

    from dashboards.scorecard.app import create_app
    from orchestration.reading import published_url

    if not _is_free(port):
        raise PortInUse(f"port {port} is in use; choose another with --port")
    try:
        socket.getaddrinfo(host, port)
    except socket.gaierror:
        raise UnknownHost(f"this machine knows no address {host}; correct --host") from None
    server = PageServer(os.getpid(), port, psutil.Process().create_time(), host)
    if find(settings) is None:
        _file(settings).write_text(json.dumps(asdict(server)))
    terminal.out.print(f"The scorecard is at {server.url} - Ctrl-C stops it.", markup=False)
    app = create_app(published_url(url), names_known(host, names), layout(settings))
    uvicorn.run(app, host=host, port=port, log_level="warning")


def names_known(host: str, names: Iterable[str]) -> frozenset[str]:
    """Return the names that the page answers to when served on `host`; any if there are none."""
    if not _is_loopback(host):
        return frozenset()
    return frozenset({*LOOPBACK, *(name.lower() for name in names)})


def start(settings: Settings, port: int) -> PageServer:
    """Start a page server that outlives this command, or find the one that runs already."""
    if (running := find(settings)) is not None:
        return running
    port = port if _is_free(port) else _free_port()
    command = [sys.executable, "-m", "orchestration.cli", "serve", "--port", str(port)]
    command += ["--workspace", str(settings.workspace), "--config", str(settings.config_file)]
    with (settings.log_dir / "page.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = PageServer(process.pid, port, psutil.Process(process.pid).create_time())
    _wait(server, settings.log_dir / "page.log")
    return server


def find(settings: Settings) -> PageServer | None:
    """Return the page server that runs for this workspace, if one does."""
    try:
        server = PageServer(**json.loads(_file(settings).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return server if server.process is not None else None


def stop(settings: Settings) -> bool:
    """Stop the workspace's page server; False if none ran."""
    server = find(settings)
    _file(settings).unlink(missing_ok=True)
    if server is None or (process := server.process) is None:
        return False
    process.terminate()
    try:
        process.wait(timeout=10)
    except psutil.TimeoutExpired:
        process.kill()
    return True


def _file(settings: Settings) -> Path:
    return settings.workspace / "page.json"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait(server: PageServer, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.process is None or server.process.status() == psutil.STATUS_ZOMBIE:
            break
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{server.url}health", timeout=2).ok:
                return
        time.sleep(0.2)
    raise PageNotStarted(f"the page did not start; its log is {log}")
