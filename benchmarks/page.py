"""How soon the page answers one reader, and how often fifty of them while a run is on.

Over HTTP on loopback; each reader opens one page after another, as people do who come by: by a
connection of its own.
"""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from statistics import quantiles

import numpy as np

from benchmarks.company import ROOT, Company
from benchmarks.finding import Finding, at_least, at_most, seconds_of
from benchmarks.sizes import Sizes

_NAME = "page"
_HOST = "127.0.0.1"
_TIMEOUT_SECONDS = 60
_READERS = 50
_MONTHS = [f"{2025 + n // 12}-{1 + n % 12:02}-01" for n in range(22)]  # to October 2026
_SEGMENTS = ("", "brand:Alpha", "brand:Beta", "brand:Gamma", "brand:Delta")
_METRICS = (
    "retention_rate",
    "cohort_retention",
    "repeat_purchase_rate",
    "net_revenue_retention",
    "rfm_segment",
    "first_reply_time",
    "net_sentiment",
    "open_complaint_send_rate",
    "campaign_roi",
)


def one_reader(company: Company, sizes: Sizes) -> list[Finding]:
    """Time the newest scorecard, and scorecards and drill-downs that nobody has opened before."""
    filters = [f"?period={month}&segment={choice}" for month, choice in product(_MONTHS, _SEGMENTS)]
    opened = [f"/metric/{metric}{chosen}" for metric, chosen in product(_METRICS, filters)]
    asked: dict[str, Sequence[str]] = {
        "scorecard": ["/"] * sizes.requests,
        "scorecard of another month or brand": _any_of([f"/{chosen}" for chosen in filters], sizes),
        "drill-down": _any_of(opened, sizes),
    }
    aims = {"scorecard": at_most(50, " ms"), "drill-down": at_most(300, " ms")}
    with _served(lambda port: company.command("serve", "--port", str(port))) as port:
        late = {what: _late(port, paths) for what, paths in asked.items()}
    return [
        Finding(_NAME, f"{what}, p95 of one reader", value, " ms", aims.get(what))
        for what, value in late.items()
    ]


def fifty_readers(company: Company, work: Callable[[], object], sizes: Sizes) -> list[Finding]:
    """Let readers ask for the page and for constant bytes, alternately, while `work` goes on."""
    path = company.workspace / "constant.html"
    with _served(lambda port: company.command("serve", "--port", str(port))) as page:
        path.write_bytes(_answer(page, "/"))
        with _served(lambda port: _constant(port, path)) as constant:
            rates = _alternately((page, constant), work, sizes.reader_seconds)
    ours, bound = rates[page], rates[constant]
    what = f"{_READERS} readers during a run"
    share = f"{what}, of the answers of constant bytes"
    return [
        Finding(_NAME, what, ours, " a second"),
        Finding(_NAME, f"{what}, constant bytes", bound, " a second"),
        Finding(_NAME, share, ours / bound, "", at_least(0.5)),
    ]


def _alternately(
    ports: tuple[int, ...], work: Callable[[], object], seconds: float
) -> dict[int, float]:
    """Return the answers a second of each server, which all met the same parts of the work."""
    answers, rounds = dict.fromkeys(ports, 0), 0
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        while rounds == 0 or not working.done():
            for port in ports:
                answers[port] += _answers(port, seconds)
            rounds += 1
        working.result()
    return {port: count / (rounds * seconds) for port, count in answers.items()}


def _answers(port: int, seconds: float) -> int:
    """Count what all readers are answered in so many seconds."""
    end = time.monotonic() + seconds

    def read(_: int) -> int:
        count = 0
        while time.monotonic() < end:
            _answer(port, "/")
            count += 1
        return count

    with ThreadPoolExecutor(_READERS) as readers:
        return sum(readers.map(read, range(_READERS)))


def _late(port: int, paths: Sequence[str]) -> float:
    """Return the 95th percentile of the answers' milliseconds."""
    times = [1000 * seconds_of(partial(_answer, port, path)) for path in paths]
    return quantiles(times, n=20)[-1]


def _answer(port: int, path: str) -> bytes:
    with closing(http.client.HTTPConnection(_HOST, port, timeout=_TIMEOUT_SECONDS)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} was answered with {answer.status}")
    return body


def _any_of(paths: Sequence[str], sizes: Sizes) -> list[str]:
    """Return different paths in no order, the same ones each time."""
    return np.random.default_rng(1).permutation(paths)[: sizes.requests].tolist()


def _constant(port: int, path: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.constant", str(port), str(path)]


@contextmanager
def _served(command: Callable[[int], list[str]]) -> Iterator[int]:
    """Run a server on a free port as long as the block lasts."""
    port = _free_port()
    with subprocess.Popen(command(port), cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            _await(port)
            yield port
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return probe.getsockname()[1]


def _await(port: int) -> None:
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((_HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
