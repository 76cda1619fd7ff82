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
    fields = (name for each in lookups for name in (*each.key, each.value))
    objects = ObjectRecords(dict.fromkeys(fields, True))
    parts = {each: [lookup_table(each, ())] for each in lookups}
    for page in pages:
        records = objects.of(page.records)
        _require_objects(source, endpoint, records)
        for each, tables in parts.items():
            tables.append(lookup_table(each, [records]))
    if objects.rows and (missing := objects.missing()):
        problem = f"no record of {endpoint.path} has {', '.join(map(repr, missing))}"
        raise MappingFault(source, problem, "Correct the lookup in it")
    return {each: pa.concat_tables(tables).combine_chunks() for each, tables in parts.items()}


def _require_objects(source: str, endpoint: Endpoint, records: Records) -> None:
    """Raise an error of the first record without fields: what it is the key of would be missed."""
    for reject in records.rejects:
        problem = f"record {reject.line} of {endpoint.path}, in which is looked up, {reject.reason}"
        raise SourceAnswerBroken(source, problem, "Ask who runs the API, or remove the lookup")
