"""How soon the page and its drill-down answer, over HTTP on loopback, one request at a time."""

import http.client
import socket
import subprocess
import time
from itertools import cycle, islice
from statistics import median, quantiles

from benchmarks.company import ROOT, DemoCompany
from benchmarks.finding import Finding, at_most
from benchmarks.sizes import Sizes

_NAME = "page"
_AIM = at_most(300, " ms")
_PATIENCE = 60
_SCORECARD = ("/",)
_DRILL_DOWN = (
    "/metric/retention_rate",
    "/metric/first_reply_time",
    "/metric/net_sentiment",
    "/metric/campaign_roi",
    "/metric/nps",
)


def run(company: DemoCompany, sizes: Sizes) -> list[Finding]:
    """Serve the company's page and time the answers."""
    port = _free_port()
    command = company.command("serve", "--port", str(port))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            _await(port)
            return [
                *_findings("scorecard", _times(port, _SCORECARD, sizes.requests)),
                *_findings("drill-down", _times(port, _DRILL_DOWN, sizes.requests)),
            ]
        finally:
            server.terminate()


def _findings(what: str, times: list[float]) -> list[Finding]:
    late = quantiles(times, n=20)[-1]
    samples = {"milliseconds": [round(each, 1) for each in times]}
    return [
        Finding(_NAME, f"{what}, p95 of {len(times)}", late, " ms", _AIM, samples),
        Finding(_NAME, f"{what}, median", median(times), " ms"),
    ]


def _times(port: int, paths: tuple[str, ...], count: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    for path in paths:
        _answer(connection, path)
    times = []
    for path in islice(cycle(paths), count):
        began = time.perf_counter()
        _answer(connection, path)
        times.append(1000 * (time.perf_counter() - began))
    connection.close()
    return times


def _answer(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} was answered with {answer.status}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the page's server did not start")
