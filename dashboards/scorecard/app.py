"""The web application: addresses, answers and headers.

What a page shows is read by `page` and `drilldown`, how it looks is in the templates.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from dashboards.scorecard import contract, definition
from dashboards.scorecard.drilldown import metric_page
from dashboards.scorecard.page import Filters, metrics_page, parse_filters, scorecard_page
from dashboards.scorecard.queries import Reader, open_reader
from dashboards.scorecard.rendering import environment, render
from dashboards.scorecard.security import HEADERS

PAGE_OF_ROWS = 50
LAST_ROW = 2**31
READ = ["GET", "HEAD"]


def create_app(url: str, names: Collection[str] = ()) -> FastAPI:
    """Make the scorecard's web application over the warehouse at `url`.

    It answers only where it is called by one of the `names`, or by any if none is given.
    """
    app = FastAPI(title="Concord", docs_url=None, redoc_url=None, openapi_url=None)
    static = Path(__file__).parent / "static"
    app.mount("/static", StaticFiles(directory=static), name="static")
    _add_names(app, names)
    _add_headers(app)
    _add_faults(app)
    _add_pages(app, url)
    _add_data(app, url)
    return app


def _add_names(app: FastAPI, names: Collection[str]) -> None:
    """Be deaf to other names: a site elsewhere may let its own name point at this machine."""

    @app.middleware("http")
    async def called_by_name(request: Request, call_next: Callable) -> Response:
        called = request.headers.get("host")
        if not names or called is None or _host(called) in names:
            return await call_next(request)
        text = "If it should be, give the name to concord serve with --name."
        return _fault(421, "The scorecard is not known by this name", text)


def _host(authority: str) -> str | None:
    with suppress(ValueError):
        return urlsplit(f"//{authority}").hostname
    return None


def _add_headers(app: FastAPI) -> None:
    @app.middleware("http")
    async def secure(request: Request, call_next: Callable) -> Response:
        response: Response = await call_next(request)
        response.headers.update(HEADERS)
        return response


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


def _add_pages(app: FastAPI, url: str) -> None:
    layout = definition.load()

    def answer(template: str, filters: Filters, read: Callable[[Reader], object]) -> HTMLResponse:
        with open_reader(url) as reader:
            page = read(reader)
        if page is None:
            return _fault(404, "There is no such metric", "The scorecard leads to every metric.")
        return HTMLResponse(render(template, page, filters))

    @app.api_route("/", methods=READ, response_class=HTMLResponse)
    def scorecard(period: str = "", segment: str = "") -> HTMLResponse:
        chosen = parse_filters(period, segment)
        return answer("scorecard.html.j2", chosen, lambda r: scorecard_page(r, chosen, layout))

    @app.api_route("/metrics", methods=READ, response_class=HTMLResponse)
    def metrics(period: str = "", segment: str = "") -> HTMLResponse:
        chosen = parse_filters(period, segment)
        return answer("metrics.html.j2", chosen, lambda r: metrics_page(r, chosen, layout))

    @app.api_route("/metric/{metric_id}", methods=READ, response_class=HTMLResponse)
    def metric(
        metric_id: str,
        period: str = "",
        segment: str = "",
        offset: int = Query(0, ge=0, le=LAST_ROW),
    ) -> HTMLResponse:
        chosen = parse_filters(period, segment)
        window = (offset, PAGE_OF_ROWS)
        return answer(
            "metric.html.j2", chosen, lambda r: metric_page(r, metric_id, chosen, layout, window)
        )


def _add_data(app: FastAPI, url: str) -> None:
    @app.api_route("/scorecard.json", methods=READ)
    def scorecard_json() -> Response:
        with open_reader(url) as reader:
            rows = [contract.as_object(row) for row in reader.everything()]
        headers = {contract.VERSION_HEADER: contract.VERSION}
        return Response(contract.to_json(rows), media_type="application/json", headers=headers)

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
