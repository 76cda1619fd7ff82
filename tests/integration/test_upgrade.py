"""Risk: tables of an earlier version are taken for marts, or readers lose what they see."""

import psycopg
import pytest

from orchestration import ledger

pytestmark = pytest.mark.postgres

EARLIER = """
create schema concord;
create table concord.builds (build_id bigint);
create schema staging;
create schema marts;
create table marts.retention_measures (value numeric);
create view staging.stg_files__orders as select 1 as order_id;
create schema published;
create table published.scorecard as select 1 as value;
"""


def test_models_of_an_earlier_version_go_and_the_published_figures_stay(database_url: str):
    with psycopg.connect(database_url) as connection:
        connection.execute(EARLIER)
    ledger.prepare(database_url)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select value from published.scorecard").fetchall() == [(1,)]
        connection.execute("create schema marts")
        connection.execute("create table marts.scorecard as select 2 as value")
    ledger.prepare(database_url)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select value from marts.scorecard").fetchall() == [(2,)]
