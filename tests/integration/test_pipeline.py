"""Risk: a load that is killed, repeated or raced leaves the warehouse half true."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from ingestion import loading
from ingestion.contract import ENTITIES, Entity
from ingestion.errors import IngestionError, SourceUnreachable, UnbalancedLoad
from ingestion.sources.base import Extract, Reject, arrow_schema
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres

CUSTOMERS = ENTITIES["customers"]
EMPTIED = "select line, reason, emptied from quarantine.emptied_values order by line"


def customers(*ids: str, **columns: Any) -> pa.Table:
    rows = [{"customer_id": each, **columns} for each in ids]
    return pa.Table.from_pylist(rows, schema=arrow_schema(CUSTOMERS))


@dataclass
class Given:
    """A source that gives what the test hands it, and remembers the state it got."""

    extracts: Iterable[Extract]
    name: str = "crm"
    kind: str = "files"
    got: list[Mapping[str, Any]] = field(default_factory=list)

    def tables(self) -> tuple[Entity, ...]:
        return (CUSTOMERS,)

    def check(self) -> str:
        return "fine"

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        self.got.append(state)
        yield from self.extracts


@pytest.fixture
def url(copied: Copied) -> str:
    return copied(loading.prepare)


def _query(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def _everything(url: str) -> list[list[tuple[Any, ...]]]:
    return [
        _query(url, "select customer_id, email, row_hash from raw.customers order by 1"),
        _query(url, "select line, reason from quarantine.rejected_rows order by 1"),
        _query(url, "select received, loaded, quarantined, inserted from concord.loads"),
        _query(url, "select state from concord.source_state"),
        _landings(url),
    ]


def _landings(url: str) -> list[tuple[Any, ...]]:
    return _query(url, "select nspname from pg_namespace where nspname like 'landing%'")


CHILD = """
import os, signal, sys
from pathlib import Path
from adbc_driver_postgresql import dbapi
from ingestion.loading import ledger, load, pipeline
from ingestion.sources import build

url, folder, moment = sys.argv[1:]

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

if moment == "landed":
    pipeline._commit = die
elif moment == "merged":
    ledger.write_state = die
elif moment == "landing":
    ingest = dbapi.Cursor.adbc_ingest

    def ingest_and_die(*args, mode, **kwargs):
        ingest(*args, mode=mode, **kwargs)
        if mode == "append":
            die()

    dbapi.Cursor.adbc_ingest = ingest_and_die
section = {
    "kind": "files",
    "entities": [
        {
            "entity": "customers",
            "path": "customers.csv",
            "columns": {"customer_id": "id", "email": "email", "birth_year": "born"},
        }
    ],
}
load(build("crm", section, Path(folder)), url)
"""


@pytest.mark.parametrize("moment", ["landing", "landed", "merged"])
def test_a_load_that_is_killed_and_run_again_ends_like_an_undisturbed_one(
    url: str, tmp_path: Path, moment: str
):
    def run(moment: str) -> int:
        command = [sys.executable, "-c", dedent(CHILD), url, str(tmp_path), moment]
        return subprocess.run(command, check=False, timeout=120).returncode

    before = _everything(url)
    (tmp_path / "customers.csv").write_text("id,email,born\n1,a@x,1980\n2,b@x,19\n,c@x,\n")
    os.utime(tmp_path / "customers.csv", (10**9, 10**9))
    assert run(moment) == -signal.SIGKILL
    assert _everything(url)[:4] == before[:4]
    assert run("never") == 0
    rows, rejects, loads, state, landings = _everything(url)
    assert [row[:2] for row in rows] == [("1", "a@x"), ("2", "b@x")]
    assert rejects == [(4, "is required and empty")]
    assert _query(url, EMPTIED) == [(3, "is less than 1900", 1)]
    assert (loads, landings) == ([(3, 2, 1, 2)], [])
    assert len(state) == 1
    assert run("never") == 0
    assert _everything(url) == [rows, rejects, loads, state, landings]
    assert _query(url, EMPTIED) == [(3, "is less than 1900", 1)]


def test_rows_that_went_missing_stop_the_load(url: str):
    source = Given([Extract(CUSTOMERS, "a", customers("1"), (), received=2, state={"at": 1})])
    before = _everything(url)
    with pytest.raises(UnbalancedLoad):
        loading.load(source, url)
    assert _everything(url)[:4] == before[:4]


NO_ROOM = """
create function no_room() returns event_trigger language plpgsql as
    $$ begin raise exception 'there is no room'; end $$;
create event trigger no_room on ddl_command_start when tag in ('CREATE SCHEMA')
    execute function no_room();
"""


def test_a_landing_that_fails_is_reported_in_plain_words_and_leaves_no_rows(url: str):
    with psycopg.connect(url) as connection:
        connection.execute(NO_ROOM)
    source = Given([Extract(CUSTOMERS, "a", customers("1"), (), 1)])
    with pytest.raises(IngestionError) as caught:
        loading.load(source, url)
    assert str(caught.value) == (
        "crm: its rows could not be written into the warehouse (there is no room). "
        "The warehouse is as it was; correct the cause, and load again"
    )
    assert _landings(url) == []


def test_a_source_that_fails_midway_is_reported_in_its_own_words_and_leaves_no_rows(url: str):
    def broken() -> Iterator[Extract]:
        yield Extract(CUSTOMERS, "a", customers("1"), (), 1)
        raise SourceUnreachable("crm", "nobody answers", "Try again")

    with pytest.raises(SourceUnreachable, match="nobody answers"):
        loading.load(Given(broken()), url)
    assert _landings(url) == []


def test_an_interrupt_stays_one_and_leaves_no_rows(url: str):
    def interrupted() -> Iterator[Extract]:
        yield Extract(CUSTOMERS, "a", customers("1"), (), 1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loading.load(Given(interrupted()), url)
    assert _landings(url) == []


def test_state_comes_back_and_only_changed_rows_move(url: str):
    first = Given([Extract(CUSTOMERS, "a", customers("1", "2"), (), 2, state={"at": 1})])
    loading.load(first, url)
    second = Given(
        [
            Extract(CUSTOMERS, "a", customers("1"), (), 1),
            Extract(CUSTOMERS, "b", customers("2", email="b@x"), (), 1, state={"at": 2}),
        ]
    )
    report = loading.load(second, url)
    assert second.got == [{"at": 1}]
    assert [(part.updated, part.unchanged) for part in report.parts] == [(0, 1), (1, 0)]
    assert _query(url, "select count(distinct loaded_at) from raw.customers") == [(2,)]


def test_sources_of_one_kind_keep_their_rows_apart(url: str):
    for name in ("crm", "Über-CRM 2", "a" * 80):
        loading.load(Given([Extract(CUSTOMERS, "a", customers("1"), (), 1)], name), url)
    assert _query(url, "select count(*) from raw.customers") == [(3,)]


def test_preparing_a_warehouse_waits_for_no_load_that_is_on(url: str):
    impatient = f"{url}?options=-c%20lock_timeout%3D1s"
    with psycopg.connect(url) as loading_somewhere:
        loading_somewhere.execute("lock table raw.customers, concord.loads in row exclusive mode")
        loading.prepare(impatient)


def test_two_loads_of_one_source_at_once_both_end_well(url: str):
    extract = Extract(CUSTOMERS, "a", customers(*map(str, range(1000))), (), 1000)
    reports = []
    with ThreadPoolExecutor(2) as pool:
        script = dedent(RACER)
        command = [sys.executable, "-c", script, url]
        runs = [pool.submit(subprocess.run, command, check=True, timeout=120) for _ in range(2)]
        reports = [run.result().returncode for run in runs]
    assert reports == [0, 0]
    loading.load(Given([extract]), url)
    assert _query(url, "select count(*) from raw.customers") == [(1000,)]


RACER = """
import sys
import pyarrow as pa
from ingestion import loading
from ingestion.contract import ENTITIES
from ingestion.sources.base import Extract, arrow_schema

class Source:
    name, kind = "crm", "files"
    def extract(self, state):
        entity = ENTITIES["customers"]
        rows = [{"customer_id": str(number)} for number in range(1000)]
        batch = pa.Table.from_pylist(rows, schema=arrow_schema(entity))
        yield Extract(entity, "a", batch, (), 1000)

loading.prepare(sys.argv[1])
loading.load(Source(), sys.argv[1])
"""


def test_columns_that_are_new_in_the_contract_are_added(url: str):
    loading.load(Given([Extract(CUSTOMERS, "a", customers("1"), (), 1)]), url)
    with psycopg.connect(url) as connection:
        connection.execute("alter table raw.customers drop column generation")
    loading.prepare(url)
    assert _query(url, "select customer_id, generation from raw.customers") == [("1", None)]


EARLIER_VERSION = """
create schema raw_files;
create schema staging;
alter table raw.customers set schema raw_files;
drop schema raw cascade;
alter table raw_files.customers alter row_hash type text, drop generation;
create view staging.stg_files__customers as
    select customer_id, email, phone, birth_year, created_at, is_staff, is_test,
        source_name, loaded_at
    from raw_files.customers;
"""


def test_an_earlier_version_s_rows_are_kept_and_all_sources_loaded_anew(url: str):
    """It had a schema for each kind of source, and ledgers that say what was loaded there."""
    reject = Reject(2, "birth_year", "is less than 1900", "2,19")
    old, new = (Extract(CUSTOMERS, name, customers(name), (), 1) for name in ("deleted", "a"))
    extracts = [Extract(CUSTOMERS, "b", customers("b"), (reject,), 2, state={"at": 1}), new]
    loading.load(Given([old, *extracts]), url)
    loaded_at = _query(url, "select customer_id, loaded_at from raw.customers order by 1")
    with psycopg.connect(url) as connection:
        connection.execute(EARLIER_VERSION)
    loading.prepare(url)
    assert _everything(url)[1:] == [[]] * 4
    again = Given(extracts)
    report = loading.load(again, url)
    assert (again.got, report.total("unchanged"), report.total("quarantined")) == ([{}], 2, 1)
    loading.prepare(url)
    assert _query(url, "select customer_id, loaded_at from raw.customers order by 1") == loaded_at
    assert _query(url, "select state from concord.source_state") == [({"at": 1},)]
    assert _query(url, "select nspname from pg_namespace where nspname like 'raw%'") == [("raw",)]


EARLIER_LEDGER = """
alter table concord.loads drop folded, drop filtered, drop overwritten, drop removed;
alter table concord.loads add check (received = loaded + quarantined);
insert into concord.loads
select 'old', 'crm', 'files', 'customers', 'a', 10, 9, 1, 2, 1, 1, now(), now();
"""


def test_a_ledger_of_an_earlier_version_tells_folded_rows_from_loaded_ones(url: str):
    with psycopg.connect(url) as connection:
        connection.execute(EARLIER_LEDGER)
    for _ in range(2):
        loading.prepare(url)
        found = _query(url, "select received, loaded, folded, quarantined from concord.loads")
        assert found == [(10, 4, 5, 1)]


def test_without_raw_tables_every_source_is_loaded_anew(url: str):
    extracts = [Extract(CUSTOMERS, "a", customers("1"), (), 1, state={"at": 1})]
    loading.load(Given(extracts), url)
    loaded = _everything(url)
    with psycopg.connect(url) as connection:
        connection.execute("drop schema raw cascade")
    loading.prepare(url)
    again = Given(extracts)
    loading.load(again, url)
    assert (again.got, _everything(url)) == ([{}], loaded)


def test_a_text_is_hashed_when_it_is_loaded_and_again_when_it_changes(url: str):
    entity = ENTITIES["messages"]
    for text in ("one", "two", "  ", None):
        row = {"message_id": "1", "text": text}
        batch = pa.Table.from_pylist([row], schema=arrow_schema(entity))
        loading.load(Given([Extract(entity, "a", batch, (), 1)]), url)
        expected = text and text.strip() and hashlib.md5(text.encode()).hexdigest()
        assert _query(url, "select text_hash from raw.messages") == [(expected or None,)]


def test_every_entity_has_its_raw_table(url: str):
    found = _query(url, "select tablename from pg_tables where schemaname = 'raw'")
    assert {name for (name,) in found} == set(ENTITIES)


def test_status_shows_the_latest_load_and_what_is_in_quarantine(url: str):
    reject = Reject(7, "birth_year", "is less than 1900", "3,c\0,19")
    for ids in (("1",), ("1", "2")):
        batch = customers(*ids)
        extract = Extract(CUSTOMERS, "a", batch, (reject,), len(ids) + 1)
        loading.load(Given([extract]), url)
    status = loading.status(url)
    (latest,) = status.loads
    assert (latest.received, latest.loaded, latest.quarantined) == (3, 2, 1)
    (count,) = status.quarantine
    assert (count.source_name, count.entity, count.field, count.rows) == (
        "crm",
        "customers",
        "birth_year",
        1,
    )


def test_nothing_is_written_to_files(url: str, tmp_path: Path, monkeypatch):
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir(), here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    loading.load(Given([Extract(CUSTOMERS, "a", customers("1"), (), 1)]), url)
    assert list(home.iterdir()) == list(here.iterdir()) == []
