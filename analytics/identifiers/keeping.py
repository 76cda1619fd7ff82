"""Normalise the identifiers of the warehouse that no run has normalised yet.

Reads staging and writes analytics.identifiers, one row per kind and identifier as a source wrote
it. No address is kept: hashes alone. Other rules make every row anew.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import md5

import psycopg

from analytics import tables
from analytics.identifiers.normalising import Rules, normalised

_BLOCK = 20_000

_TABLE = """
create table if not exists analytics.identifiers (
    kind text not null,
    written_hash text not null,
    key_hash text not null,
    refusal text,
    rules text not null,
    primary key (kind, written_hash)
)
"""

_NEW = """
with written as (
    select 'email' as kind, email as identifier from staging.stg_customers
    union
    select 'phone', phone from staging.stg_customers
    union
    select lower(trim(identity_type)), identity_value from staging.stg_customer_identities
)

select written.kind, written.identifier
from written
where
    written.kind in ('email', 'phone')
    and written.identifier is not null
    and not exists (
        select from analytics.identifiers as known
        where known.kind = written.kind and known.written_hash = md5(written.identifier)
    )
"""


@dataclass(frozen=True)
class Report:
    """How many identifiers one run normalised, and how many of them recognise nobody."""

    normalised: int
    refused: int


def prepare(url: str) -> None:
    """Make analytics.identifiers where it doesn't exist yet."""
    tables.prepare(url, _TABLE)


def normalise_new(
    url: str, rules: Rules, on_progress: Callable[[int], None] = lambda done: None
) -> Report:
    """Normalise every staged identifier that was not by these rules; `on_progress` gets a count."""
    prepare(url)
    done = refused = 0
    with psycopg.connect(url) as reading, psycopg.connect(url) as writing:
        with writing.transaction():
            writing.execute(
                "delete from analytics.identifiers where rules <> %s", (rules.fingerprint,)
            )
        for block in _new(reading):
            refused += _write(writing, rules, block)
            done += len(block)
            on_progress(done)
        if done:
            # The next model joins all of it: see dbt_project/macros/portable/analyze.sql.
            writing.execute("analyze analytics.identifiers")
    return Report(done, refused)


def _new(connection: psycopg.Connection) -> Iterator[list[tuple[str, str]]]:
    """Read kinds and identifiers, a block at a time: all of them may not fit in memory."""
    with connection.cursor(name="new_identifiers") as cursor:
        cursor.execute(_NEW)
        while block := cursor.fetchmany(_BLOCK):
            yield block


def _write(connection: psycopg.Connection, rules: Rules, block: Sequence[tuple[str, str]]) -> int:
    """Write a block, and return how many of it are refused."""
    copy = "copy analytics.identifiers (kind, written_hash, key_hash, refusal, rules) from stdin"
    refused = 0
    with connection.transaction(), connection.cursor().copy(copy) as rows:
        for kind, written in block:
            identifier = normalised(kind, written, rules)
            key_hash = _hash(f"{kind}:{identifier.compared}")
            refusal = identifier.refusal
            rows.write_row((kind, _hash(written), key_hash, refusal, rules.fingerprint))
            refused += refusal is not None
    return refused


def _hash(text: str) -> str:
    """Hash as the warehouse does."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()
