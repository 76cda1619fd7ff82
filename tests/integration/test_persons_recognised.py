"""Risk: two persons are taken for one, or one for two, and every figure by person is wrong."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from analytics.identifiers.normalising import Rules
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT

pytestmark = pytest.mark.postgres

BUILT = "+int_persons +int_identity_evidence"


def customers(*identifiers: tuple[str | None, str | None]) -> list[dict[str, Any]]:
    """Return a customer record for each pair of e-mail and phone."""
    return [
        {"customer_id": f"c{number}", "email": email, "phone": phone}
        for number, (email, phone) in enumerate(identifiers)
    ]


def persons(warehouse: DbtWarehouse, rows: Iterable[dict[str, Any]], **variables: Any) -> int:
    """Load customer records, build, and return how many persons they are."""
    warehouse.load("customers", rows, LOADED_AT)
    warehouse.build(BUILT, **AS_OF, **variables)
    ((count,),) = warehouse.rows("select count(*) from intermediate.int_persons")
    return count


def refusals(warehouse: DbtWarehouse) -> set[str]:
    rows = warehouse.rows(
        "select reason from intermediate.int_identity_evidence where not is_accepted"
    )
    return {reason for (reason,) in rows}


def test_a_number_of_noughts_makes_nobody_one_person(warehouse: DbtWarehouse) -> None:
    assert persons(warehouse, customers((None, "0000000"), (None, "0000000"))) == 2
    assert refusals(warehouse) == {"refused: this phone is no valid number"}


def test_a_number_written_in_two_ways_is_one_persons(warehouse: DbtWarehouse) -> None:
    written = (None, "+44 (0)20 7946 0958"), (None, "+442079460958")
    assert persons(warehouse, customers(*written)) == 1


def test_another_country_of_numbers_counts_for_rows_loaded_before(warehouse: DbtWarehouse) -> None:
    written = (None, "030 1234567"), (None, "+49 30 1234567")
    assert persons(warehouse, customers(*written)) == 2
    assert persons(replace(warehouse, rules=Rules(phone_country="DE")), ()) == 1
    assert persons(replace(warehouse, rules=Rules(phone_country="AT")), ()) == 2


def test_a_new_record_at_each_purchase_is_one_person(warehouse: DbtWarehouse) -> None:
    guests = [(f"guest{n}@example.org", None) for n in range(100) for _ in range(6)]
    assert persons(warehouse, customers(*guests)) == 100
    # Somebody moved, and has two numbers more.
    moved = [("mover@example.org", f"+49 30 123456{n % 3}") for n in range(12)]
    assert (
        persons(
            warehouse, [{**row, "customer_id": f"m{n}"} for n, row in enumerate(customers(*moved))]
        )
        == 101
    )


def test_a_reception_with_forty_phones_is_forty_persons(warehouse: DbtWarehouse) -> None:
    guests = [("lobby@hotel.example", f"+49 30 12345{n:02}") for n in range(40)]
    assert persons(warehouse, customers(*guests)) == 40
    assert refusals(warehouse) == {
        "refused: records with more than 5 other identifiers share this email"
    }
    assert persons(warehouse, (), shared_key_limit=40) == 1


def test_a_phone_of_many_addresses_and_handles_is_nobodys(warehouse: DbtWarehouse) -> None:
    rows = customers(
        *((f"p{n}@example.org" if n < 3 else None, "+49 30 1234567") for n in range(7))
    )
    handles = [
        {"customer_id": f"c{n}", "identity_type": "chirp", "identity_value": f"@p{n}"}
        for n in range(3, 7)
    ]
    warehouse.load("customer_identities", handles, LOADED_AT)
    assert persons(warehouse, rows) == 7


def test_a_teams_mailbox_is_nobodys(warehouse: DbtWarehouse) -> None:
    shared = ("team@acme.example", "+49 30 1234567"), ("Team@acme.example", "+49 30 7654321")
    assert persons(warehouse, customers(*shared)) == 2
    assert refusals(warehouse) == {"refused: this email is a role mailbox"}
    assert persons(replace(warehouse, rules=Rules(role_mailboxes=())), ()) == 1


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
def test_hashed_addresses_recognise_as_addresses_do(
    warehouse: DbtWarehouse, algorithm: str
) -> None:
    hashed = [
        hashlib.new(algorithm, f"{name}@example.org".encode()).hexdigest() for name in ("a", "b")
    ]
    rows = customers((hashed[0], None), (hashed[0].upper(), None), (hashed[1], None))
    assert persons(warehouse, rows) == 2
    assert refusals(warehouse) == set()


def test_a_record_without_any_usable_identifier_is_a_person_by_itself(
    warehouse: DbtWarehouse,
) -> None:
    nothing = hashlib.md5(b"", usedforsecurity=False).hexdigest()
    assert (
        persons(warehouse, customers((nothing, ""), (nothing, " "), (" ", None), ("-", "-"))) == 4
    )
