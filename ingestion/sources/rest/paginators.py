"""How pages follow each other: dlt's paginators, and those that it has not.

When a server that comes to no end is left belongs to `pages`.
"""

from functools import cache
from typing import Any

from dlt.common import jsonpath
from dlt.common.utils import str2bool
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    BaseReferencePaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
    SinglePagePaginator,
)
from requests import Request, Response

from ingestion.sources.rest.declarations import Paging

# A child has a paginator for each record of its parent, and parsing a path takes as long as a call.
compiled = cache(jsonpath.compile_path)


class LastRecordPaginator(BaseReferencePaginator):
    """Asks for what comes after the last record of a page; an empty page is the end."""

    def __init__(self, path: str, param: str) -> None:
        super().__init__()
        self._path = compiled(path)
        self._param = param

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Take the field of the last record; ValueError if that has none."""
        found = jsonpath.find_values(self._path, data[-1]) if data else []
        if data and not (found and isinstance(found[0], str | int)):
            raise ValueError("the last record lacks the field")
        self._next_reference = str(found[0]) if found else None

    def update_request(self, request: Request) -> None:
        request.params = {**(request.params or {}), self._param: self._next_reference}


class FlaggedPaginator(BasePaginator):
    """Follows another paginator until a yes or no in the answer says that this page is the last."""

    def __init__(self, inner: BasePaginator, path: str, is_end: bool) -> None:
        """Read the flag at a path: a yes is the end, or else a no."""
        super().__init__()
        self._inner = inner
        self._path = compiled(path)
        self._is_end = is_end

    def init_request(self, request: Request) -> None:
        self._inner.init_request(request)

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Look at the flag, then for the next page; ValueError if there has to be one and isn't."""
        self._has_next_page = self._flag(response) is not self._is_end
        if self._has_next_page:
            self._inner.update_state(response, data)
            if not self._inner.has_next_page:
                raise ValueError("there is more, and no way to it")

    def update_request(self, request: Request) -> None:
        self._inner.update_request(request)

    def _flag(self, response: Response) -> bool:
        found = jsonpath.find_values(self._path, response.json())
        given = found[0] if found else None
        if not isinstance(given, bool | str):
            raise ValueError("there is no yes or no")
        return given if isinstance(given, bool) else str2bool(given)


def paginator_of(paging: Paging) -> BasePaginator:
    """Return what follows an endpoint's pages from the first one."""
    match paging.type:
        case "none":
            return SinglePagePaginator()
        case "page":
            return PageNumberPaginator(
                base_page=paging.first,
                page_param=paging.param or "page",
                total_path=compiled(paging.total) if paging.total else None,
                has_more_path=paging.has_more,
            )
        case "offset":
            return OffsetPaginator(
                paging.size or 1,
                offset_param=paging.param or "offset",
                limit_param=paging.size_param or "limit",
                total_path=compiled(paging.total) if paging.total else None,
                has_more_path=paging.has_more,
            )
    reference = _by_reference(paging)
    flag = paging.has_more or paging.end
    return FlaggedPaginator(reference, flag, bool(paging.end)) if flag else reference


def _by_reference(paging: Paging) -> BasePaginator:
    """Return what finds the next page in an answer."""
    match paging.type:
        case "link_header":
            return HeaderLinkPaginator()
        case "next_link":
            return JSONLinkPaginator(compiled(paging.path))
        case "cursor":
            return JSONResponseCursorPaginator(
                compiled(paging.path), paging.param, paging.body_path
            )
    return LastRecordPaginator(paging.path, paging.param or "")
