"""What can go wrong when an answer is parsed."""

import gc
from decimal import Decimal

import pytest

from ingestion.parsing import parsed


def test_numbers_keep_their_digits():
    assert parsed(b'{"amount": 0.10000000000000000001}') == {
        "amount": Decimal("0.10000000000000000001")
    }


@pytest.mark.parametrize("body", [b'{"a": 1}', b'{"a": '])
def test_the_collector_is_on_again_whatever_an_answer_holds(body):
    assert gc.isenabled()
    try:
        parsed(body)
    except ValueError:
        assert body == b'{"a": '
    assert gc.isenabled()
