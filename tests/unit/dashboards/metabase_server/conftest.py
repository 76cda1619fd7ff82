"""An opened fake with an administrator's hands on it, judged by each of the two contracts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.fixtures.metabase_server import FakeMetabase, serving
from tests.fixtures.metabase_server.contract import official

from .hands import Hands


def _official() -> Any:
    reason = "the official documents are not here"
    marks = [pytest.mark.shared, pytest.mark.skipif(not official.are_present(), reason=reason)]
    return pytest.param("official", marks=marks)


@pytest.fixture(params=["small", _official()])
def contract(request: pytest.FixtureRequest) -> str:
    """Give each contract that judges: our own words, and the official documents."""
    return request.param


@pytest.fixture
def opened(contract: str) -> Iterator[Callable[..., Hands]]:
    """Give a function that serves a fake with these settings, in an administrator's hands."""
    with ExitStack() as stack:

        def open_one(**settings: Any) -> Hands:
            fake = FakeMetabase(**{"contract": contract, **settings})
            stack.enter_context(serving(fake))
            return Hands(fake, fake.api_key() if fake.is_set_up else None)

        yield open_one


@pytest.fixture
def hands(opened: Callable[..., Hands]) -> Hands:
    """Give an administrator's hands on the newest version."""
    return opened()


@pytest.fixture
def colleague(hands: Hands) -> Hands:
    """Give the hands of somebody who is in no group but All Users, on the same server."""
    return Hands(hands.fake, hands.fake.api_key(group_id=1))
