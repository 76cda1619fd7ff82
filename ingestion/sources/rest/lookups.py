"""The tables in which columns are looked up: keys and values of another endpoint's records.

Which endpoint a column is looked up in is declared in `declarations`; when it is read belongs to
`reading`.
"""

from collections.abc import Collection, Iterable

import pyarrow as pa

from ingestion.errors import MappingFault, SourceAnswerBroken
from ingestion.mapping.declarations import Lookup
from ingestion.mapping.lookups import lookup_table
from ingestion.mapping.records import Records
from ingestion.sources.objects import ObjectRecords
from ingestion.sources.rest.declarations import Endpoint, EndpointLookup
from ingestion.sources.rest.pages import Page


def lookup_tables(
    source: str, endpoint: Endpoint, lookups: Collection[EndpointLookup], pages: Iterable[Page]
) -> dict[Lookup, pa.Table]:
    """Return the table of each lookup in an endpoint's records; no more than these are kept."""
    objects = {
        each: ObjectRecords(dict.fromkeys((*each.key, each.value), True), each.rows)
        for each in lookups
    }
    parts = {each: [lookup_table(each, ())] for each in lookups}
    received = 0
    for page in pages:
        received += len(page.records)
        for each, tables in parts.items():
            records = objects[each].of(page.records)
            _require_objects(source, endpoint, records)
            tables.append(lookup_table(each, [records]))
    missing = {name for each in objects.values() for name in each.missing()}
    missing |= {each.rows for each, read in objects.items() if each.rows and not read.rows}
    if received and missing:
        problem = f"no record of {endpoint.path} has {', '.join(map(repr, sorted(missing)))}"
        raise MappingFault(source, problem, "Correct the lookup in it")
    return {each: pa.concat_tables(tables).combine_chunks() for each, tables in parts.items()}


def _require_objects(source: str, endpoint: Endpoint, records: Records) -> None:
    """Raise an error of the first record without fields: what it is the key of would be missed."""
    for reject in records.rejects:
        problem = f"record {reject.line} of {endpoint.path}, in which is looked up, {reject.reason}"
        raise SourceAnswerBroken(source, problem, "Ask who runs the API, or remove the lookup")
