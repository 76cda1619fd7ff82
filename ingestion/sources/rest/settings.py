"""An API in concord.toml: its keys beside those of the mapping, and what they become."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from string import Formatter
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from ingestion.faults import key_of, read_section
from ingestion.http import LOOPBACK, Api
from ingestion.mapping.settings.columns import ColumnSection
from ingestion.mapping.settings.entities import EntitySection
from ingestion.mapping.settings.sources import MappedSourceSection
from ingestion.sections import Filled, Section, outer, unknown, wrong
from ingestion.sources.rest.authentication import AUTHENTICATIONS, AuthSection, NoAuthSection
from ingestion.sources.rest.declarations import Cursor, Endpoint, Paging, RestEntity, RestMapping

DOCS = "docs/sources.md"
# Raise it when the same configuration and answers begin to give other rows.
MAPPING_VERSION = 1
# Which keys each way of paging takes, and which of them it needs.
PAGINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "none": ((), ()),
    "link_header": ((), ()),
    "next_link": (("path",), ("path",)),
    "cursor": (("path", "param", "body_path", "has_more"), ("path",)),
    "page": (("param", "first", "total", "has_more"), ()),
    "offset": (("param", "total", "has_more", "size_param", "size"), ("size",)),
}


class PagingSection(Section):
    """`pages = {...}` of an endpoint, or of all."""

    type: Literal["none", "link_header", "next_link", "cursor", "page", "offset"]
    path: Filled | None = None
    param: Filled | None = None
    body_path: Filled | None = None
    has_more: Filled | None = None
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
    return given


Pages = Annotated[PagingSection, BeforeValidator(_paging)]


class CursorSection(Section):
    """`since = {...}` of an endpoint: it gives what changed since a time."""

    param: Filled = Field(description="the query parameter that takes the time")
    field: Filled = Field(description="the field of a record that holds the time of its change")
    format: Literal["iso", "date", "unix", "unix_ms"] = "iso"
    lag_minutes: int = Field(default=60, strict=True, ge=0, le=525_600)

    def cursor(self) -> Cursor:
        """Return the cursor as the reading has it."""
        return Cursor(self.field, self.param, self.format, timedelta(minutes=self.lag_minutes))


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


class EndpointSection(Section):
    """One `[[sources.<name>.endpoints]]`."""

    name: Filled = Field(description='what entities call it, such as "tickets"')
    path: Annotated[str, AfterValidator(_path)] = Field(description='such as "/tickets"')
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, Any] = Field(default_factory=dict)
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


class RestColumnSection(ColumnSection):
    """One column of an entity that an API fills."""

    @field_validator("lookup", mode="before")
    @classmethod
    def _has_no_files(cls, _: Any) -> None:
        problem = "finds values in a file, and an API has none"
        raise wrong(problem, "Map the column from a field of the record")


class RestEntitySection(EntitySection):
    """One `[[sources.<name>.entities]]`."""

    column_section: ClassVar[type[ColumnSection]] = RestColumnSection

    endpoint: str
    rows: str | None = None
    complete: bool = False

    @field_validator("endpoint")
    @classmethod
    def _is_known(cls, endpoint: str, info: ValidationInfo) -> str:
        known = [each.name for each in outer(info).get("endpoints", ())]
        if known and endpoint not in known:
            raise unknown(f"there is no endpoint {endpoint!r}", endpoint, known)
        for key in ("group", "latest_by"):
            if info.data.get(key) and _gives_changes(endpoint, info):
                problem = f"gives what changed, and {key} needs all rows"
                raise wrong(problem, f"Remove {key}, or remove `since` from the endpoint")
        return endpoint

    @field_validator("complete")
    @classmethod
    def _brings_all(cls, complete: bool, info: ValidationInfo) -> bool:
        if complete and _gives_changes(info.data.get("endpoint", ""), info):
            problem = "its endpoint gives what changed, and not all rows"
            raise wrong(problem, "Remove it, or remove `since` from the endpoint")
        return complete


def _gives_changes(endpoint: str, info: ValidationInfo) -> bool:
    by_name = {each.name: each for each in outer(info).get("endpoints", ())}
    each = by_name.get(endpoint)
    while each is not None:
        if each.since:
            return True
        each = by_name.get(each.parent)
    return False


class LimitsSection(Section):
    """`[sources.<name>.limits]`: how much an answer may hold, and how often the API is asked."""

    answer_megabytes: int = Field(default=Api.answer_megabytes, strict=True, ge=1)
    calls_per_minute: int | None = Field(default=None, strict=True, ge=1)


def _day(given: Any) -> Any:
    """Refuse numbers, which pydantic reads as seconds; take the day of a time."""
    if not isinstance(given, date | str):
        raise wrong("is not a date", "Write one such as 2024-01-31")
    return given.date() if isinstance(given, datetime) else given


def _auth(given: Any, _info: ValidationInfo) -> AuthSection:
    kind = given.get("type") if isinstance(given, Mapping) else None
    if kind not in AUTHENTICATIONS:
        raise unknown(f"{kind!r} is no way to sign in", str(kind), tuple(AUTHENTICATIONS))
    return AUTHENTICATIONS[kind].model_validate(given)


class RestSection(MappedSourceSection):
    """One `[sources.<name>]` of kind "rest"."""

    kind: Literal["rest"]
    auth: Annotated[Any, BeforeValidator(_auth)] = NoAuthSection()
    base_url: str = Field(description='the address, such as "https://desk.example/api/v2"')
    headers: dict[str, str] = Field(default_factory=dict)
    start_date: Annotated[date | None, BeforeValidator(_day)] = None
    limits: LimitsSection = LimitsSection()
    pages: Pages | None = None
    endpoints: list[Any] = Field(
        min_length=1, description="[[sources.<name>.endpoints]]; docs/sources.md shows how"
    )
    entities: list[Any] = Field(
        min_length=1, description="[[sources.<name>.entities]]; docs/sources.md shows how"
    )

    @field_validator("base_url")
    @classmethod
    def _keeps_secrets(cls, url: str, info: ValidationInfo) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.query:
            raise wrong("is not a web address", 'Write one such as "https://desk.example/api"')
        if parts.username or parts.password:
            raise wrong("holds a name or a password", "Give them under `auth`")
        auth = info.data.get("auth", NoAuthSection())
        if parts.scheme == "http" and auth.secrets and parts.hostname not in LOOPBACK:
            raise wrong("would send secrets unencrypted", "Use https")
        return url

    @field_validator("endpoints")
    @classmethod
    def _read_endpoints(cls, given: list[Any], _info: ValidationInfo) -> list[EndpointSection]:
        endpoints = TypeAdapter(list[EndpointSection])
        return endpoints.validate_python(given, context={"endpoints": []})

    @field_validator("entities")
    @classmethod
    def _read_entities(cls, given: list[Any], info: ValidationInfo) -> list[RestEntitySection]:
        entities = TypeAdapter(list[RestEntitySection])
        return entities.validate_python(given, context={**outer(info), **info.data})

    def sections(self) -> Iterator[RestEntity]:
        """Yield the entities with their endpoints and mappings."""
        named: Counter[tuple[str, str]] = Counter()
        for each in self.entities:
            named[each.entity, each.endpoint] += 1
            number = named[each.entity, each.endpoint]
            section = f"{each.endpoint} ({number})" if number > 1 else each.endpoint
            mapping = each.mapping(self.notation, self.null_values)
            yield RestEntity(section, each.endpoint, mapping, each.rows, each.complete)


def read_mapping(name: str, section: Mapping[str, Any]) -> RestMapping:
    """Make the mapping of an API; ConfigurationFaults names every fault."""
    read = read_section(RestSection, section, key_of("sources", name), DOCS)
    shown = {key: value for key, value in section.items() if key not in ("auth", "limits")}
    text = json.dumps([MAPPING_VERSION, shown], sort_keys=True, default=str)
    pause = 60 / read.limits.calls_per_minute if read.limits.calls_per_minute else 0
    size = read.limits.answer_megabytes
    api = Api(name, read.base_url, read.auth.auth(name), read.auth.secrets, size, pause)
    return RestMapping(
        name,
        api,
        hashlib.sha256(text.encode()).hexdigest(),
        read.headers,
        tuple(each.endpoint(read.pages) for each in read.endpoints),
        tuple(read.sections()),
        read.start_date,
    )
