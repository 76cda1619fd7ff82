"""The demo companies that the tests look at, simulated once."""

from datetime import UTC, datetime

import pytest

from ingestion.demo.company import Company, simulate
from ingestion.demo.truths import Truths, truths

AS_OF = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def as_of() -> datetime:
    return AS_OF


@pytest.fixture(scope="session")
def company() -> Company:
    """Give the company in its full size."""
    return simulate(seed=7, persons=20_000, months=24, as_of=AS_OF)


@pytest.fixture(scope="session")
def small() -> Company:
    """Give a company that is quick to write and to serve."""
    return simulate(seed=7, persons=800, months=3, as_of=AS_OF)


@pytest.fixture(scope="session")
def known(company: Company) -> Truths:
    return truths(company)
