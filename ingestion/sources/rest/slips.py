"""Slips in the declaration of an API, as its answers show them: what no record has, and its order.

What is wrong with single records belongs to the mapping.
"""

from collections.abc import Collection

from ingestion.errors import MappingFault
from ingestion.sources.rest.declarations import Cursor, Endpoint
from ingestion.sources.rest.endpoints import placeholders


def without_fields(source: str, endpoint: Endpoint, missing: Collection[str]) -> MappingFault:
    """Return the fault of fields that no record has."""
    problem = f"no record of {endpoint.path} has {', '.join(map(repr, missing))}"
    return MappingFault(source, problem, "Correct the mapping, or mark the column `optional`")


def without_parents(source: str, endpoint: Endpoint) -> MappingFault:
    """Return the fault of a path whose fields no record of the parent has."""
    names = ", ".join(map(repr, placeholders(endpoint.path)))
    problem = f"no record of {endpoint.parent} has {names}, which {endpoint.path} needs"
    return MappingFault(source, problem, "Correct the path of the endpoint")


def without_answers(source: str, endpoint: Endpoint, asked: int) -> MappingFault:
    """Return the fault of a path that leads to nothing for any record of the parent."""
    problem = f"{endpoint.path} is not there (404 or 410) for any of {asked:,} {endpoint.parent}"
    remedy = "Correct the path of the endpoint, or give the credentials the right to read it"
    return MappingFault(source, problem, remedy)


def without_times(source: str, endpoint: Endpoint, cursor: Cursor) -> MappingFault:
    """Return the fault of a time of the change that no record has."""
    problem = f"no record of {endpoint.path} has a time in {cursor.field!r}"
    return MappingFault(source, problem, "Correct `since` of the endpoint")


def out_of_order(source: str, endpoint: Endpoint, cursor: Cursor) -> MappingFault:
    """Return the fault of records that come in another order than that of their times."""
    problem = f"records of {endpoint.path} are not in the order of {cursor.field!r}"
    return MappingFault(source, problem, "Ask for that order in `params`, or remove `ascending`")
