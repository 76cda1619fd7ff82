"""A connector in concord.toml: its options, a user's own columns, and the mapping that they make.

The source that a connector declares is filled in and read as one of kind "rest"; what is wrong with
it then is told by the keys that the user wrote.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field, ValidationInfo, create_model, field_validator

from ingestion.errors import ConfigurationFaults, Fault
from ingestion.faults import key_of, read_section
from ingestion.mapping.settings.sources import MappedSourceSection
from ingestion.sections import Day, Section, outer, unknown
from ingestion.sources.connectors.declaration import Connector, Option
from ingestion.sources.rest import settings as rest
from ingestion.sources.rest.declarations import RestMapping
from ingestion.sources.rest.source import RestSource

DOCS = "docs/connectors.md"
OPTION = re.compile(r"\$\{(\w+)\}")
TYPES: dict[str, Any] = {
    "text": str,
    "whole number": int,
    "date": Day,
    "list of texts": list[str],
}
# What users may say of any API, whatever the connector says.
OF_ANY_API = (*MappedSourceSection.model_fields, "start_date", "limits")


class OwnColumns(Section):
    """`[sources.<name>.entities.<entity>]`: columns that a user maps otherwise, or beside ours.

    `where` has conditions beside ours. With `endpoint`, both count for that one alone of those
    that fill the entity.
    """

    columns: dict[str, Any] = Field(description="[sources.<name>.entities.<entity>.columns]")
    where: list[Any] = Field(default_factory=list)
    endpoint: str | None = None


class ConnectorSection(MappedSourceSection):
    """One `[sources.<name>]` of a connector; its options come to this as further fields."""

    kind: str
    start_date: Any = None
    limits: Any = None
    leave_out: list[str] = Field(default_factory=list)
    entities: dict[str, OwnColumns] = Field(default_factory=dict)

    @field_validator("leave_out", "entities")
    @classmethod
    def _are_filled(cls, given: Any, info: ValidationInfo) -> Any:
        fillers = outer(info)["fillers"]
        for entity in given:
            if entity not in fillers:
                problem = f"{outer(info)['kind']} fills no entity {entity!r}"
                raise unknown(problem, entity, sorted(fillers))
        return given

    @field_validator("entities")
    @classmethod
    def _have_endpoints(cls, given: dict[str, OwnColumns], info: ValidationInfo) -> Any:
        for entity, own in given.items():
            known = outer(info)["fillers"][entity]
            if own.endpoint and own.endpoint not in known:
                problem = f"no endpoint {own.endpoint!r} fills {entity}"
                raise unknown(problem, own.endpoint, known)
        return given


def build(name: str, section: Mapping[str, Any], connector: Connector) -> RestSource:
    """Return the source that a section describes; ConfigurationFaults names all its faults."""
    return RestSource(read_mapping(name, section, connector), kind=section["kind"])


def read_mapping(name: str, section: Mapping[str, Any], connector: Connector) -> RestMapping:
    """Make the mapping of a connector's API; ConfigurationFaults names every fault."""
    key = key_of("sources", name)
    read = read_section(
        _model(connector), section, key, DOCS, kind=section["kind"], fillers=_fillers(connector)
    )
    given = {option: getattr(read, option) for option in connector.options}
    declared = _with_sign_in(connector.declared, given, key)
    source = filled(declared, given)
    for each in OF_ANY_API:
        if each in section:
            source[each] = _joined(source.get(each), section[each])
    source["kind"] = "rest"
    source["entities"] = list(_with_own_columns(source["entities"], read))
    source["endpoints"] = _needed(source["endpoints"], source["entities"])
    try:
        return rest.read_mapping(name, source)
    except ConfigurationFaults as error:
        told = _FaultKeys(key, declared, source["entities"])
        # What counts for several sections is at fault in each, and was written once.
        faults = dict.fromkeys(told.as_written(each) for each in error.faults)
        raise ConfigurationFaults(list(faults)) from None


def _fillers(connector: Connector) -> dict[str, list[str]]:
    """Return the endpoints that fill each entity; what removes rows fills nothing."""
    fillers: dict[str, list[str]] = {}
    for each in connector.declared["entities"]:
        if each.get("removes"):
            continue
        fillers.setdefault(each["entity"], []).append(each["endpoint"])
    return fillers


def _model(connector: Connector) -> type[ConnectorSection]:
    """Return the model of a connector's section in concord.toml."""
    fields: dict[str, Any] = {name: _field(each) for name, each in connector.options.items()}
    return create_model("Section", __base__=ConnectorSection, **fields)


def _field(option: Option) -> tuple[Any, Any]:
    kind = TYPES[option.type]
    if option.required:
        description = f"{option.meaning}, such as {option.example}"
        least = 1 if kind in (str, list[str]) else None
        return kind, Field(min_length=least, description=description)
    return kind | None, option.default


def _with_sign_in(declared: dict[str, Any], given: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Keep the first of several ways to sign in of which all options are given."""
    ways = declared.get("auth")
    if not isinstance(ways, list):
        return declared
    if possible := [each for each in ways if _is(each, given)]:
        return {**declared, "auth": possible[0]}
    needed = ", or ".join(" and ".join(OPTION.findall(each["needs"])) for each in ways)
    raise ConfigurationFaults([Fault(key, "has nothing to sign in with", f"Give {needed}")])


def filled(template: Any, given: Mapping[str, Any]) -> Any:
    """Return a part of a declaration with the options' values in the place of their names."""
    if isinstance(template, Mapping):
        there = {key: each for key, each in template.items() if _is(each, given)}
        return {key: filled(each, given) for key, each in there.items() if key != "needs"}
    if isinstance(template, list):
        return [filled(each, given) for each in template if _is(each, given)]
    if not isinstance(template, str):
        return template
    if alone := OPTION.fullmatch(template):
        return given[alone[1]]
    return OPTION.sub(lambda found: str(given[found[1]]), template)


def _is(template: Any, given: Mapping[str, Any]) -> bool:
    """Return whether a part is there: not where its text or its `needs` has a missing option."""
    text = template.get("needs") if isinstance(template, Mapping) else template
    named = OPTION.findall(text) if isinstance(text, str) else ()
    return all(given[name] is not None for name in named)


def _joined(ours: Any, theirs: Any) -> Any:
    """Return what a user says together with what the connector does; the user's word goes first."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        return {**ours, **theirs}
    if isinstance(ours, list) and isinstance(theirs, list):
        return [*theirs, *ours]
    return theirs


def _with_own_columns(
    entities: list[dict[str, Any]], read: ConnectorSection
) -> Iterator[dict[str, Any]]:
    for each in entities:
        if each["entity"] in read.leave_out:
            continue
        own = None if each.get("removes") else read.entities.get(each["entity"])
        if own is None or own.endpoint not in (None, each["endpoint"]):
            yield each
        else:
            own_keys = {"columns": own.columns} | ({"where": own.where} if own.where else {})
            yield {**each, **{key: _joined(each.get(key), own_keys[key]) for key in own_keys}}


def _needed(
    endpoints: list[dict[str, Any]], entities: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the endpoints that fill something, or that such ones need."""
    names = {each["endpoint"] for each in entities} | set(_looked_up(entities))
    for each in reversed(endpoints):
        if each["name"] in names and "parent" in each:
            names.add(each["parent"])
    return [each for each in endpoints if each["name"] in names]


def _looked_up(part: Any) -> Iterator[str]:
    """Yield the endpoints in whose records a part of the entities looks values up."""
    if isinstance(part, Mapping):
        lookup = part.get("lookup")
        if isinstance(lookup, Mapping) and "endpoint" in lookup:
            yield lookup["endpoint"]
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        yield from _looked_up(each)


class _FaultKeys:
    """Finds what a user wrote of that which a fault of the filled-in source is about."""

    def __init__(
        self, key: str, declared: Mapping[str, Any], entities: list[dict[str, Any]]
    ) -> None:
        self._key = key
        self._source = declared
        self._entities = entities

    def as_written(self, fault: Fault) -> Fault:
        """Return a fault by the user's own key."""
        below = fault.key.removeprefix(f"{self._key}.")
        if found := re.match(r"entities\[(\d+)\]", below):
            entity = self._entities[int(found[1])]["entity"]
            return replace(fault, key=f"{self._key}.entities.{entity}{below[found.end() :]}")
        option = OPTION.search(str(self._declared(below)))
        return replace(fault, key=key_of(self._key, option[1])) if option else fault

    def _declared(self, key: str) -> Any:
        """Return what the connector has at a key of its source, or at the nearest above it."""
        here: Any = self._source
        for part in re.findall(r"[\w-]+", key):
            if isinstance(here, Mapping) and part in here:
                here = here[part]
            elif isinstance(here, list) and part.isdigit():
                here = here[int(part)]
            else:
                break
        return "" if here is self._source else here
