"""What a source of any kind may say of itself.

Whose ids it has: its own, unless `keys` in its section names another source; what a key is in the
warehouse belongs to the dbt project. And whether it knows which messages were opened.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from ingestion.sections import Filled, Section, filled, unknown, wrong

# The things whose ids several sources may know.
SHARED = ("customers", "campaigns", "tickets", "agents")


def _of_everything(given: Any) -> Any:
    return dict.fromkeys(SHARED, filled(given)) if isinstance(given, str) else given


class KeysSection(Section):
    """`keys = {...}` of a source; a text is short for the same source everywhere."""

    customers: Filled | None = None
    campaigns: Filled | None = None
    tickets: Filled | None = None
    agents: Filled | None = None


class SourceSection(Section):
    """What a source of any kind may have in its section."""

    keys: Annotated[KeysSection | None, BeforeValidator(_of_everything)] = None
    knows_openings: bool | None = None


def openings(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, bool]:
    """Return of each source that says it whether it knows which messages were opened."""
    said = {name: section.get("knows_openings") for name, section in sections.items()}
    return {name: known for name, known in said.items() if isinstance(known, bool)}


def said_keys(section: Mapping[str, Any]) -> dict[str, str]:
    """Return by thing whose ids a source has, as far as a faulty section says it."""
    keys = section.get("keys")
    if isinstance(keys, str):
        return dict.fromkeys(SHARED, keys)
    named = keys.items() if isinstance(keys, Mapping) else ()
    return {thing: name for thing, name in named if thing in SHARED and isinstance(name, str)}


def key_spaces(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return by thing and source whose ids it has, for each source that says so or is named."""
    spaces: dict[str, dict[str, str]] = {thing: {} for thing in SHARED}
    for name, section in sections.items():
        for thing, owner in said_keys(section).items():
            spaces[thing] |= {owner: owner, name: owner}
    return spaces


def unsaid(sections: Mapping[str, Mapping[str, Any]], name: str, thing: str) -> tuple[str, ...]:
    """Return the sources of which nobody says whether they have the ids of the source `name`."""
    spaces = key_spaces(sections)[thing]
    if thing in said_keys(sections[name]):
        return ()
    return tuple(
        other
        for other, section in sections.items()
        if thing not in said_keys(section) and spaces.get(other, other) != spaces.get(name, name)
    )


def refuse_unknown_keys(sections: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the sections, if each names sources, and none whose own ids are another's."""
    errors = [
        InitErrorDetails(type=problem, loc=(name, "keys"), input=owner)
        for name, section in sections.items()
        for thing, owner in said_keys(section).items()
        if (problem := _not_an_owner(sections, thing, owner))
    ]
    if errors:
        raise ValidationError.from_exception_data("sources", errors)
    return sections


def _not_an_owner(
    sections: Mapping[str, Mapping[str, Any]], thing: str, owner: str
) -> PydanticCustomError | None:
    if owner not in sections:
        return unknown(f"there is no source {owner!r}", owner, tuple(sections))
    first = said_keys(sections[owner]).get(thing, owner)
    if first != owner:
        return wrong(f"{owner} has the {thing} of {first}", f"Name {first!r}")
    return None
