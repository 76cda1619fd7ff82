"""Risk: a session that dbt keeps hands one model's leftovers to the next, or outlives the call."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest

from orchestration.dbt_sessions import clear
from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

OPENED = "select sessions from pg_stat_database where datname = current_database()"
LEFT = "select count(*) from pg_stat_activity where application_name = 'dbt'"


def test_a_build_logs_in_once_a_thread_and_leaves_nobody(database_url: str, tmp_path: Path) -> None:
    warehouse = DbtWarehouse(database_url, tmp_path)
    warehouse.prepare()
    ((before,),) = warehouse.rows(OPENED)
    warehouse.build("path:models/staging,resource_type:model")
    ((after,),) = warehouse.rows(OPENED)
    models = warehouse.rows("select from information_schema.views where table_schema = 'staging'")
    assert after - before < len(models)
    assert warehouse.rows(LEFT) == [(0,)]


def test_a_cleared_session_forgets_transaction_and_temporary_tables(database_url: str) -> None:
    connection: Any = SimpleNamespace(handle=psycopg2.connect(database_url), transaction_open=True)
    with connection.handle.cursor() as cursor:
        cursor.execute("create temporary table left_over (id int)")
        connection.handle.commit()
        cursor.execute("create table unfinished (id int)")
        clear(connection)
        cursor.execute("select to_regclass('left_over'), to_regclass('unfinished')")
        assert cursor.fetchone() == (None, None)
    assert not connection.transaction_open
    assert not connection.handle.autocommit
    connection.handle.close()


def test_a_broken_session_is_given_up(database_url: str, tmp_path: Path) -> None:
    handle = psycopg2.connect(database_url)
    handle.close()
    with pytest.raises(psycopg2.InterfaceError):
        clear(SimpleNamespace(handle=handle, transaction_open=True))
