"""The web application: addresses, answers and headers.

What a page shows is read by `page` and `drilldown`, how it looks is in the templates, how long
an answer is kept is in `answers`.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.scorecard import contract, definition
from dashboards.scorecard.answers import Answer, Answers
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.drilldown import metric_page
from dashboards.scorecard.page import Filters, metrics_page, parse_filters, scorecard_page
from dashboards.scorecard.queries import Reader, open_reader
from dashboards.scorecard.rendering import environment, render
from dashboards.scorecard.security import HEADERS
from dashboards.scorecard.story import story

PAGE_OF_ROWS = 50
LAST_ROW = 2**31
READ = ["GET", "HEAD"]


def create_app(
    url: str, host_names: Collection[str] = (), layout: ScorecardDefinition | None = None
) -> FastAPI:
    """Make the scorecard's web application over the warehouse at `url`.

    It answers requests to one of the `host_names` only, or to any if none is given. `layout` is
    the definition with the cards that a company has chosen.
    """
    app = FastAPI(title="Concord", docs_url=None, redoc_url=None, openapi_url=None)
    static = Path(__file__).parent / "static"
    app.mount("/static", StaticFiles(directory=static), name="static")
    app.add_middleware(Guard, host_names=host_names)
    _add_faults(app)
    answers = Answers(url)
    _add_pages(app, url, answers, layout or definition.load())
    _add_data(app, url, answers)
    return app


class Guard:
    """Reject unknown Host headers (DNS rebinding), and send our headers with every response."""

    def __init__(self, app: ASGIApp, host_names: Collection[str]) -> None:
        self.app = app
        self.host_names = host_names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                # Browsers may keep what has a tag, if they ask each time whether it is still right.
                is_kept = "etag" in headers
                headers["Cache-Control"] = "private, no-cache" if is_kept else "no-store"
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self._is_known(Headers(scope=scope).get("host")):
            await self.app(scope, receive, send_with_headers)
        else:
            text = "If it should be, give the name to concord serve with --name."
            rejected = _fault(421, "The scorecard is not known by this name", text)
            await rejected(scope, receive, send_with_headers)

    def _is_known(self, host: str | None) -> bool:
        return not self.host_names or host is None or _host_name(host) in self.host_names


def _host_name(host: str) -> str | None:
    with suppress(ValueError):
        return urlsplit(f"//{host}").hostname
    return None


def _add_faults(app: FastAPI) -> None:
    """Answer faults with a page that says what to do, and never with a connection string."""

    @app.exception_handler(psycopg.OperationalError)
    def unreachable(request: Request, fault: Exception) -> HTMLResponse:
        return _fault(503, "The warehouse cannot be reached", "Start it with concord up.")

    @app.exception_handler(psycopg.DataError)
    @app.exception_handler(RequestValidationError)
    def unusable(request: Request, fault: Exception) -> HTMLResponse:
        return _fault(400, "This address is malformed", "It holds what no address of ours does.")

    @app.exception_handler(ValueError)
    def malformed(request: Request, fault: Exception) -> HTMLResponse:
        return _fault(400, "This address is malformed", str(fault))

    @app.exception_handler(404)
    def missing(request: Request, fault: Exception) -> HTMLResponse:
        return _fault(404, "There is no such page", "The scorecard leads to every metric.")


def _fault(status: int, title: str, text: str) -> HTMLResponse:
    html = environment().get_template("fault.html.j2").render(title=title, text=text, inline=None)
    return HTMLResponse(html, status_code=status)


async def _rendered(
    url: str,
    answers: Answers,
    request: Request,
    template: str,
    filters: Filters,
    read: Callable[[Reader], object],
) -> Response:
    """Render what is read; `read` returns None for what is not there."""

    def make() -> Answer:
        with open_reader(url) as reader:
            page = read(reader)
        if page is None:
            raise HTTPException(404)
        return Answer(render(template, page, filters).encode())

    kept = await answers.get((request.url.path, request.url.query), make)
    return kept.to(request)


def _add_pages(app: FastAPI, url: str, answers: Answers, layout: ScorecardDefinition) -> None:
    answer = partial(_rendered, url, answers)

    @app.api_route("/", methods=READ, response_class=HTMLResponse)
    async def scorecard(request: Request, period: str = "", segment: str = "") -> Response:
        chosen = parse_filters(period, segment)
        return await answer(
            request, "scorecard.html.j2", chosen, lambda r: scorecard_page(r, chosen, layout)
        )

    @app.api_route("/metrics", methods=READ, response_class=HTMLResponse)
    async def metrics(request: Request, period: str = "", segment: str = "") -> Response:
        chosen = parse_filters(period, segment)
        return await answer(
            request, "metrics.html.j2", chosen, lambda r: metrics_page(r, chosen, layout)
        )

    @app.api_route("/metric/{metric_id}", methods=READ, response_class=HTMLResponse)
    async def metric(
        request: Request,
        metric_id: str,
        period: str = "",
        segment: str = "",
        offset: int = Query(0, ge=0, le=LAST_ROW),
    ) -> Response:
        chosen = parse_filters(period, segment)
        window = (offset, PAGE_OF_ROWS)

        def read(reader: Reader) -> object:
            return metric_page(reader, metric_id, chosen, layout, window)

        return await answer(request, "metric.html.j2", chosen, read)

    @app.api_route("/person/{person_id:path}", methods=READ, response_class=HTMLResponse)
    async def person(
        request: Request, person_id: str, period: str = "", segment: str = ""
    ) -> Response:
        chosen = parse_filters(period, segment)
        return await answer(
            request, "person.html.j2", chosen, lambda r: story(r, person_id, chosen, layout)
        )


def _add_data(app: FastAPI, url: str, answers: Answers) -> None:
    @app.api_route("/scorecard.json", methods=READ)
    async def scorecard_json(request: Request) -> Response:
        def make() -> Answer:
            with open_reader(url) as reader:
                text = contract.to_json(map(contract.as_object, reader.everything()))
            headers = {contract.VERSION_HEADER: contract.VERSION}
            return Answer(text.encode(), "application/json", headers)

        return (await answers.get(request.url.path, make)).to(request)

    @app.api_route("/health", methods=READ)
    def health() -> JSONResponse:
        with open_reader(url) as reader:
            standing = reader.standing()
        published = standing.published
        return JSONResponse(
            {
                "status": "ok",
                "published_at": published.happened_at.isoformat() if published else None,
                "is_held": standing.hold is not None,
            }
        )
