"""Building anew over what the build before has left."""

import pytest

from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

MODELS = "concord.staging +int_conversations"
_RECORD_DROPS = """
create table public.drops (process integer, name text);
create function public.record_drops() returns event_trigger language plpgsql as $$
begin
    insert into public.drops
    select pg_backend_pid(), object_identity from pg_event_trigger_dropped_objects()
    where object_type = 'view';
end $$;
create event trigger record_drops on sql_drop execute function public.record_drops();
"""


def test_no_two_threads_drop_views_that_have_a_reader_in_common(warehouse: DbtWarehouse):
    warehouse.build(MODELS)
    views = "select table_schema || '.' || table_name from information_schema.views"
    views += " where table_schema in ('staging', 'intermediate')"
    built = set(warehouse.rows(views))
    warehouse.execute(_RECORD_DROPS)

    warehouse.build(MODELS)

    assert set(warehouse.rows(views)) == built
    dropped = warehouse.rows("select distinct name from public.drops")
    assert built <= set(dropped)
    assert len(warehouse.rows("select distinct process from public.drops")) == 1
