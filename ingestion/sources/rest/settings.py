"""An API in concord.toml: its keys beside those of the mapping, and what they become."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationInfo, field_validator

from ingestion.addresses import web_address
from ingestion.faults import key_of, read_section
from ingestion.http import Api
from ingestion.mapping.settings.sources import MappedSourceSection
from ingestion.retries import Busy
from ingestion.sections import Day, Filled, Section, outer, unknown, wrong
from ingestion.sources.rest.authentication import AUTHENTICATIONS, AuthSection
from ingestion.sources.rest.declarations import RestEntity, RestMapping
from ingestion.sources.rest.endpoints import EndpointSection, Pages
from ingestion.sources.rest.sections import AnyEntitySection, RestEntitySection

DOCS = "docs/sources.md"
# Raise it when the same configuration and answers begin to give other rows.
MAPPING_VERSION = 3
# What changes no answer, so that nothing is read anew for it.
HOW_ASKED = ("auth", "limits", "busy")


class LimitsSection(Section):
    """`[sources.<name>.limits]`: how much an answer may hold, and how often the API is asked."""

    answer_megabytes: int = Field(default=Api.answer_megabytes, strict=True, ge=1)
    calls_per_minute: int | None = Field(default=None, strict=True, ge=1)


class BusySection(Section):
    """`busy = {...}`: what in a refusal says that the API is asked too much."""

    path: Filled = Field(description="the place of the code in the answer")
    codes: list[str | int] = Field(min_length=1, description="those that say it, such as [4, 17]")
    minutes: int = Field(default=1, strict=True, ge=1, le=10)

    def busy(self) -> Busy:
        """Return it as the calls have it."""
        return Busy(self.path, frozenset(map(str, self.codes)), self.minutes * 60)


def _auth(given: Any, _info: ValidationInfo) -> AuthSection:
    kind = given.get("type") if isinstance(given, Mapping) else None
    if kind not in AUTHENTICATIONS:
        raise unknown(f"{kind!r} is no way to sign in", str(kind), tuple(AUTHENTICATIONS))
    return AUTHENTICATIONS[kind].model_validate(given)


class RestSection(MappedSourceSection):
    """One `[sources.<name>]` of kind "rest"."""

    kind: Literal["rest"]
    auth: Annotated[Any, BeforeValidator(_auth)] = AuthSection()
    base_url: str = Field(description='the address, such as "https://desk.example/api/v2"')
    headers: dict[str, str] = Field(default_factory=dict)
    start_date: Day | None = None
    limits: LimitsSection = LimitsSection()
    busy: BusySection | None = None
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
        if urlsplit(url).username or urlsplit(url).password:
            raise wrong("holds a name or a password", "Give them under `auth`")
        auth = info.data.get("auth", AuthSection())
        secrets = "secrets" if auth.secrets else ""
        return web_address(url, "https://desk.example/api", secrets=secrets)

    @field_validator("endpoints")
    @classmethod
    def _read_endpoints(cls, given: list[Any], info: ValidationInfo) -> list[EndpointSection]:
        endpoints = TypeAdapter(list[EndpointSection])
        # A start that is faulty isn't missing.
        has_start = info.data.get("start_date", "faulty") is not None
        context = {"endpoints": [], "has_start": has_start}
        return endpoints.validate_python(given, context=context)

    @field_validator("entities")
    @classmethod
    def _read_entities(cls, given: list[Any], info: ValidationInfo) -> list[RestEntitySection]:
        entities = TypeAdapter(list[AnyEntitySection])
        read = entities.validate_python(given, context={**outer(info), **info.data})
        filled = {each.entity for each in read if not each.removes}
        if strangers := [each.entity for each in read if each.entity not in filled]:
            problem = f"no section brings the {strangers[0]} that one removes"
            raise wrong(problem, "Add the section that does, or drop `removes`")
        return read

    def sections(self) -> Iterator[RestEntity]:
        """Yield the entities with their endpoints and mappings."""
        named: Counter[tuple[str, str]] = Counter()
        for each in self.entities:
            named[each.entity, each.endpoint] += 1
            number = named[each.entity, each.endpoint]
            section = f"{each.endpoint} ({number})" if number > 1 else each.endpoint
            mapping = each.mapping(self.notation, self.null_values)
            yield RestEntity(
                section=section,
                mapping=mapping,
                is_complete=each.complete,
                removes=each.removes,
                endpoint=each.endpoint,
                rows=each.rows,
                overrides=each.overrides,
            )


def read_mapping(name: str, section: Mapping[str, Any]) -> RestMapping:
    """Make the mapping of an API; ConfigurationFaults names every fault."""
    read = read_section(RestSection, section, key_of("sources", name), DOCS)
    shown = {key: value for key, value in section.items() if key not in HOW_ASKED}
    text = json.dumps([MAPPING_VERSION, shown], sort_keys=True, default=str)
    pause = 60 / read.limits.calls_per_minute if read.limits.calls_per_minute else 0
    auth = read.auth
    api = Api(
        name,
        read.base_url,
        auth.auth(name),
        auth.secrets,
        read.limits.answer_megabytes,
        pause,
        auth.signed_by,
        read.busy.busy() if read.busy else None,
    )
    return RestMapping(
        name,
        api,
        hashlib.sha256(text.encode()).hexdigest(),
        read.headers,
        tuple(each.endpoint(read.pages) for each in read.endpoints),
        tuple(read.sections()),
        read.start_date,
    )
