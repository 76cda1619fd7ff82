"""A fake on a real warehouse, as a role that may select one table of it."""

import uuid
from urllib.parse import urlsplit

import psycopg
import pytest

SALES = """
    create schema sales;
    create schema secrets;
    create table sales.orders (month date, shop text, n integer, amount numeric);
    create table sales.hidden (n integer);
    create table secrets.people (email text);
    insert into sales.orders values
        ('2025-01-01', 'web', 3, 10.5), ('2025-02-01', 'store', 4, 20), ('2025-02-01', 'web', 5, 1);
"""


@pytest.fixture
def contract():
    """Give one contract: what cards answer doesn't hang on who judges the requests."""
    return "small"


@pytest.fixture
def details(database_url):
    """Give the connection of a role that may select one table."""
    server = urlsplit(database_url)
    # Roles are the whole server's, and other tests may run on it now.
    role = f"reader_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(database_url) as connection:
        connection.execute(SALES)
        connection.execute(f"create role {role} login password 'r3ader'")
        connection.execute(f"grant usage on schema sales to {role}")
        connection.execute(f"grant select on sales.orders to {role}")
    yield {
        "host": server.hostname,
        "port": server.port or 5432,
        "dbname": server.path.strip("/"),
        "user": role,
        "password": "r3ader",
    }
    with psycopg.connect(database_url) as connection:
        connection.execute(f"drop owned by {role}")
        connection.execute(f"drop role {role}")


@pytest.fixture
def hands(opened, database_url):
    return opened(warehouse_url=database_url)


@pytest.fixture
def database(hands, details):
    return hands.database(**details)
