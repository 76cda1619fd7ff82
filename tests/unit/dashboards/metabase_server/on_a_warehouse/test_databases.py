"""A connection that doesn't open, and tables that the role can't see, must not look right."""

import psycopg
import pytest

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("wrong", "key"),
    [({"port": 1}, "host"), ({"dbname": "nowhere"}, "dbname"), ({"user": "nobody"}, "user")],
)
def test_a_connection_that_does_not_open_is_no_database(hands, details, wrong, key):
    body = {"name": "W", "engine": "postgres", "details": {**details, **wrong}}
    reply = hands.post("database", body)
    assert reply.status == 400
    assert key in reply.body["errors"]
    assert hands.fake.databases == {}
    tried = {"details": {"engine": "postgres", "details": body["details"]}}
    assert hands.post("database/validate", tried).body["valid"] is False


def test_the_password_is_not_shown_and_stays_when_its_mask_comes_back(hands, details, database):
    shown = hands.get(f"database/{database}").body["details"]
    assert shown == {**details, "password": "**MetabasePass**"}
    changed = {**shown, "schema-filters-type": "inclusion", "schema-filters-patterns": "sales"}
    assert hands.put(f"database/{database}", {"details": changed}).status == 200
    assert hands.get(f"database/{database}/healthcheck").body == {"status": "ok"}
    assert hands.put(f"database/{database}", {"details": {**details, "user": "x"}}).status == 400
    assert "r3ader" not in str([hands.fake.databases, hands.get("database").body])


def test_a_setting_that_postgresql_does_not_have_is_noted(hands, details):
    hands.database(**details, **{"schema-filters-pattern": "sales"})
    assert [list(each.why) for each in hands.fake.refusals] == [["details.schema-filters-pattern"]]


def test_tables_show_when_the_sync_is_done_and_only_those_of_the_role(hands, database):
    seen = [hands.get(f"database/{database}").body["initial_sync_status"] for _ in range(3)]
    assert seen == ["incomplete", "incomplete", "complete"]
    tables = hands.get(f"database/{database}/metadata").body["tables"]
    assert [(each["schema"], each["name"]) for each in tables] == [("sales", "orders")]
    fields = {each["name"]: each["base_type"] for each in tables[0]["fields"]}
    assert fields == {
        "month": "type/Date",
        "shop": "type/Text",
        "n": "type/Integer",
        "amount": "type/Decimal",
    }
    listed = hands.get(f"database/{database}/fields").body
    assert {each["table_name"] for each in listed} == {"orders"}
    assert hands.get(f"database/{database}/schemas").body == ["sales"]
    assert hands.get(f"database/{database}/schema/sales").body == tables


def test_a_sync_shows_new_tables_later_under_ids_that_stay(hands, details, database, database_url):
    hands.fake.sync_polls = 1
    for _ in range(3):
        before = hands.get(f"database/{database}/metadata").body["tables"]
    with psycopg.connect(database_url) as connection:
        connection.execute(f"grant select on sales.hidden to {details['user']}")
    hands.post(f"database/{database}/sync_schema")
    assert hands.get(f"database/{database}/metadata").body["tables"] == before
    after = hands.get(f"database/{database}/metadata").body["tables"]
    assert [each["name"] for each in after] == ["hidden", "orders"]
    assert after[1] == before[0]


@pytest.mark.parametrize(
    ("kind", "patterns", "seen"),
    [("inclusion", "sal*", 1), ("inclusion", "other", 0), ("exclusion", "sales, x", 0)],
)
def test_a_filter_of_schemas_is_minded(hands, details, kind, patterns, seen):
    filters = {"schema-filters-type": kind, "schema-filters-patterns": patterns}
    database = hands.database(**details, **filters)
    for _ in range(3):
        tables = hands.get(f"database/{database}/metadata").body["tables"]
    assert len(tables) == seen
