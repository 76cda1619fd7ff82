"""Risk: a promise is taken for another one than was meant, and measured."""

from typing import Any

import pytest
from pydantic import ValidationError

from orchestration.configuration import Configuration
from orchestration.promises import Promise

OWNED = {
    "id": "soon",
    "claim": "Soon",
    "valid_from": "2026-01-01",
    "marketing_owner": "A",
    "service_owner": "B",
}


def promise(**said: Any) -> Promise:
    return Promise.model_validate(OWNED | said)


def faults(**said: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        promise(**said)
    return str(caught.value)


def test_a_delivery_is_late_from_its_promised_instant_on_unless_said():
    assert promise(measure="delivery").threshold == (0, None)
    assert promise(measure="delivery", at_most=60).threshold == (60, None)


def test_an_experience_goes_by_the_name_that_its_source_gives_it():
    held = promise(measure="experience", experience="minutes_on_hold", at_most=5)
    assert held.measured == "experience minutes_on_hold"
    assert promise(measure="rating", scale_max=5, at_least=4).measured == "rating of 5"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"measure": "first_reply"}, "a promise has one threshold"),
        (
            {"measure": "rating", "scale_max": 5, "at_least": 4, "at_most": 5},
            "a promise has one threshold",
        ),
        ({"measure": "rating", "at_least": 4}, "scale_max is the best rating"),
        ({"measure": "first_reply", "at_most": 5, "scale_max": 5}, "scale_max is the best rating"),
        ({"measure": "first_reply", "at_least": 5}, "first_reply is a wait"),
        ({"measure": "delivery", "at_least": 5}, "delivery is a wait"),
        ({"measure": "experience", "at_most": 5}, "experience names what a source measures"),
        ({"measure": "rating", "experience": "x", "at_least": 4}, "experience names what"),
        ({"measure": "delivery", "valid_to": "2025-01-01"}, "valid_to is before valid_from"),
        ({"measure": "delivery", "id": "Two days"}, "should match pattern"),
        ({"measure": "luck", "at_most": 5}, "Input should be"),
    ],
)
def test_what_is_no_promise_is_refused_in_words(said: dict[str, Any], words: str):
    assert words in faults(**said)


def test_two_promises_of_one_id_are_refused():
    two = [OWNED | {"measure": "delivery"}, OWNED | {"measure": "delivery"}]
    with pytest.raises(ValidationError, match="soon is there twice"):
        Configuration.model_validate({"company": {"name": "Acme"}, "promises": two})
