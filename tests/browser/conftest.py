"""A browser and served pages for the tests in this folder."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from dashboards.scorecard.app import create_app
from dashboards.scorecard.export import export

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


# As long as Playwright is on, no test in this process can run an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give Debian's chromium; skip without it, except where CI must have it."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed, and CI must test in a browser")
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[str], str]]:
    """Give a function that serves the page over a warehouse and returns its address."""
    servers = []

    def start(url: str) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        config = uvicorn.Config(create_app(url), host="127.0.0.1", port=port, log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        return f"http://127.0.0.1:{port}"

    yield start
    for server, thread in servers:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give a function that opens an address and notes faults and foreign requests on the page.

    Every page opened must end without a console error and without a request elsewhere.
    """
    contexts, faults, asked = [], [], []

    def start(address: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()
    assert not faults
    assert not [url for url in asked if not url.startswith(("http://127.0.0.1:", "file:", "data:"))]


@pytest.fixture(scope="module")
def site(warehouse: str, serve: Callable[[str], str]) -> str:
    """Serve the warehouse of the module, and give its address."""
    return serve(warehouse)


@pytest.fixture(scope="module")
def file(warehouse: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Export the warehouse of the module as one file, and give its address."""
    path = tmp_path_factory.mktemp("export") / "scorecard.html"
    export(warehouse, "html", path)
    return path.as_uri()
