"""The endpoints of an API in concord.toml: their keys, and what they become."""

import copy
from collections.abc import Mapping
from datetime import timedelta
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ingestion.sections import Filled, Section, outer, unknown, wrong
from ingestion.sources.rest.declarations import Cursor, Endpoint, Paging

# Which keys each way of paging takes, and which of them it needs.
PAGINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "none": ((), ()),
    "link_header": ((), ()),
    "next_link": (("path", "has_more", "end"), ("path",)),
    "cursor": (("path", "param", "body_path", "has_more", "end"), ("path",)),
    "last_record": (("path", "param", "has_more"), ("path", "param")),
    "page": (("param", "first", "total", "has_more"), ()),
    "offset": (("param", "total", "has_more", "size_param", "size"), ("size",)),
}


class PagingSection(Section):
    """`pages = {...}` of an endpoint, or of all."""

    type: Literal["none", "link_header", "next_link", "cursor", "last_record", "page", "offset"]
    path: Filled | None = None
    param: Filled | None = None
    body_path: Filled | None = None
    has_more: Filled | None = None
    end: Filled | None = None
    total: Filled | None = None
    first: int = Field(default=1, strict=True, ge=0)
    size_param: Filled | None = None
    size: int | None = Field(default=None, strict=True, ge=1)

    def paging(self) -> Paging:
        """Return the pages as the reading has them."""
        return Paging(**self.model_dump(exclude_none=True))


def _paging(given: Any) -> Any:
    """Refuse keys that a way of paging does not take, and the lack of one that it needs."""
    if not isinstance(given, Mapping) or given.get("type") not in PAGINGS:
        return given
    kind = given["type"]
    taken, needed = PAGINGS[kind]
    strangers = [key for key in given if key in PagingSection.model_fields and key != "type"]
    if foreign := [key for key in strangers if key not in taken]:
        problem = f"pages of type {kind!r} have no {foreign[0]}"
        raise wrong(problem, f"Remove it; they take {', '.join(taken) or 'no other key'}")
    if missing := [key for key in needed if key not in given]:
        raise wrong(f"pages of type {kind!r} need {missing[0]}", "Add it")
    if kind == "cursor" and ("param" in given) == ("body_path" in given):
        raise wrong("pages of type 'cursor' need param or body_path", "Give one of them")
    if "has_more" in given and "end" in given:
        raise wrong("has has_more and end at once", "Keep the one that the answers have")
    return given


Pages = Annotated[PagingSection, BeforeValidator(_paging)]


class CursorSection(Section):
    """`since = {...}` of an endpoint: it gives what changed since a time."""

    one_of = ("param", "body_path")

    param: Filled | None = Field(default=None, description="the parameter that takes the time")
    body_path: Filled | None = None
    text: Filled = "{since}"
    field: Filled = Field(description="the field of a record that holds the time of its change")
    format: Literal["iso", "date", "unix", "unix_ms"] = "iso"
    lag_minutes: int = Field(default=60, strict=True, ge=0, le=525_600)
    ascending: bool = Field(default=False, strict=True)
    most_pages: int | None = Field(default=None, strict=True, ge=1)
    until: Filled | None = None
    window_days: int | None = Field(default=None, strict=True, ge=1, le=3_660)

    @field_validator("most_pages")
    @classmethod
    def _needs_order(cls, pages: int, info: ValidationInfo) -> int:
        if not info.data.get("ascending"):
            raise wrong("is for records in the order of their times", "Set ascending = true")
        return pages

    @field_validator("until")
    @classmethod
    def _needs_no_order(cls, until: str, info: ValidationInfo) -> str:
        if info.data.get("ascending"):
            raise wrong("contradicts ascending", "Keep until: windows need no order of records")
        if not outer(info)["has_start"]:
            raise wrong("needs a day on which the first window begins", "Set start_date")
        return until

    @field_validator("window_days")
    @classmethod
    def _is_longer_than_the_lag(cls, days: int, info: ValidationInfo) -> int:
        if days * 1_440 <= info.data.get("lag_minutes", 0):
            raise wrong("is no longer than lag_minutes", "Make it longer: windows move by the rest")
        return days

    @model_validator(mode="after")
    def _has_both(self) -> "CursorSection":
        if (self.until is None) != (self.window_days is None):
            raise wrong("needs until and window_days together", "Give both, or none")
        return self

    @field_validator("text")
    @classmethod
    def _names_the_time(cls, text: str) -> str:
        if "{since}" not in text:
            raise wrong("has no place for the time", 'Write {since} there: "updated_at:>={since}"')
        return text

    def cursor(self) -> Cursor:
        """Return the cursor as the reading has it."""
        return Cursor(
            self.field,
            self.param,
            self.body_path,
            self.text,
            self.format,
            timedelta(minutes=self.lag_minutes),
            self.until,
            timedelta(days=self.window_days) if self.window_days else None,
            self.ascending,
            self.most_pages,
        )


def _path(path: str) -> str:
    if not path.startswith("/") or path.startswith("//"):
        raise wrong("is not a path below base_url", 'Begin it with one slash, such as "/tickets"')
    try:
        placeholders(path)
    except ValueError:
        raise wrong("has a brace that nothing closes", "Write a field as {id}") from None
    return path


def placeholders(path: str) -> list[str]:
    """Return the fields of the parent's record that stand in a path, in braces."""
    return [name for _, name, _, _ in Formatter().parse(path) if name is not None]


def place(body: Any, path: str, value: str) -> None:
    """Put a value at its place in a body; in a list, the path names that by a number.

    ValueError, IndexError, AttributeError or TypeError if there is no such place.
    """
    *above, last = path.split(".")
    for name in above:
        body = body[int(name)] if isinstance(body, list) else body.setdefault(name, {})
    body[int(last) if isinstance(body, list) else last] = value


def _params(given: dict[str, Any]) -> dict[str, Any]:
    """Write a yes or no as JSON does: servers know no True, and take False for a yes."""
    return {name: _param(value) for name, value in given.items()}


def _param(value: Any) -> Any:
    if isinstance(value, list):
        return [_param(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else value


class EndpointSection(Section):
    """One `[[sources.<name>.endpoints]]`."""

    name: Filled = Field(description='what entities call it, such as "tickets"')
    path: Annotated[str, AfterValidator(_path)] = Field(description='such as "/tickets"')
    method: Literal["GET", "POST"] = "GET"
    params: Annotated[dict[str, Any], AfterValidator(_params)] = Field(default_factory=dict)
    body: dict[str, Any] | None = None
    records: str = ""
    pages: Pages | None = None
    since: CursorSection | None = None
    parent: str | None = None

    @field_validator("name")
    @classmethod
    def _is_new(cls, name: str, info: ValidationInfo) -> str:
        names = outer(info)["endpoints"]
        if name in names:
            raise wrong(f"{name!r} is named more than once", "Give each endpoint its own name")
        names.append(name)
        return name

    @field_validator("body")
    @classmethod
    def _is_posted(cls, body: dict[str, Any] | None, info: ValidationInfo) -> dict[str, Any] | None:
        if body is not None and info.data.get("method") == "GET":
            raise wrong("is for requests with a body", 'Set method = "POST"')
        return body

    @field_validator("since")
    @classmethod
    def _has_its_place(
        cls, since: CursorSection | None, info: ValidationInfo
    ) -> CursorSection | None:
        if since and since.body_path and info.data.get("method") == "GET":
            raise wrong("body_path is for requests with a body", 'Set method = "POST", or param')
        if since and since.body_path:
            try:
                place(copy.deepcopy(info.data.get("body") or {}), since.body_path, "")
            except (ValueError, IndexError, AttributeError, TypeError):
                problem = f"the body has no place {since.body_path!r}"
                raise wrong(problem, "Name fields, and places in lists by number") from None
        return since

    @field_validator("parent")
    @classmethod
    def _comes_before(cls, parent: str | None, info: ValidationInfo) -> str | None:
        if parent is not None and info.data.get("since"):
            raise wrong("contradicts since", "Keep one: children of new records are asked for")
        known = [each for each in outer(info)["endpoints"] if each != info.data.get("name")]
        if parent is not None and parent not in known:
            problem = f"there is no endpoint {parent!r} before this one"
            raise unknown(problem, parent, known) if known else wrong(problem, "List it before")
        return parent

    def endpoint(self, pages: PagingSection | None) -> Endpoint:
        """Return the endpoint, with the source's way of paging if it has none of its own."""
        own = self.pages or pages
        return Endpoint(
            self.name,
            self.path,
            self.method,
            self.params,
            self.body,
            self.records,
            own.paging() if own else Paging(),
            self.since.cursor() if self.since else None,
            self.parent,
        )
