"""Risk: an answer in a Formbricks counts twice, for nobody, or though it was skipped.

The vendor's answers follow the OpenAPI document of https://formbricks.com/docs/api-v2-reference
(version 2.0.0, read in November 2026), but for the total in `meta`, which Formbricks' own source
leaves out of this list.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults, MappingFault
from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {
    "kind": "formbricks",
    "address": "{url}",
    "api_key": "a-key",
    "survey": "s1",
    "nps_question": "recommend",
    "comment_question": "why",
    "rating_question": "satisfied",
    "rating_max": 5,
}


def vendor() -> Vendor:
    """Return a Formbricks with one response to all questions."""
    pages = Pages(position("skip"))
    since = ("startDate", "updatedAt")
    path = "/api/v2/management/responses"
    survey = Vendor(
        (Listing("responses", path, "data", pages, since, size=250),), {"x-api-key": "a-key"}
    )
    response(survey, "r1", recommend=9, why="Quick help", satisfied=4)
    return survey


def response(survey: Vendor, id: str, /, *, at: str = "2026-05-01T09", **data: Any) -> None:
    survey.put(
        "responses",
        {
            "id": id,
            "createdAt": "2026-05-01T09:00:00.000Z",
            "updatedAt": f"{at}:05:00.000Z",
            "finished": True,
            "surveyId": "s1",
            "contactId": "c7",
            "contactAttributes": {"email": "ann@example.com", "userId": "U7"},
            "data": data,
        },
    )


@pytest.fixture
def survey():
    with serving(vendor()) as survey:
        yield survey


def test_a_recommendation_says_who_how_likely_when_and_why(survey):
    assert load(source_of(survey, SECTION)).one("survey_responses") == {
        "response_id": "r1",
        "customer_id": "c7",
        "answered_at": datetime(2026, 5, 1, 9, tzinfo=UTC),
        "score": 9,
        "scale_max": 10,
        "comment": "Quick help",
    }


def test_a_rating_keeps_its_own_score_and_scale(survey):
    loaded = load(source_of(survey, {**SECTION, "rating_max": 7}))
    assert loaded.of("satisfaction_ratings", "rating_id", "score", "scale_max") == [("r1", 4, 7)]


def test_0_is_an_answer_and_a_skipped_question_is_none(survey):
    response(survey, "r2", recommend=0, satisfied="")
    response(survey, "r3", recommend="dismissed")
    loaded = load(source_of(survey, SECTION))
    assert loaded.of("survey_responses", "response_id", "score") == [("r1", 9), ("r2", 0)]
    assert loaded.of("satisfaction_ratings", "rating_id") == ["r1"]
    assert not any(loaded.rejects.values())


def test_only_the_survey_that_is_meant_is_asked_for(survey):
    load(source_of(survey, SECTION))
    assert {each.params["surveyId"] for each in survey.asked} == {"s1"}


def test_an_answer_that_was_changed_comes_again(survey):
    source = source_of(survey, SECTION)
    state = load(source).state
    response(survey, "r1", at="2026-05-03T09", recommend=3)
    again = load(source, state)
    assert survey.asked[-1].params["startDate"] == "2026-04-30T09:05:00Z"
    assert survey.asked[-1].params["filterDateField"] == "updatedAt"
    assert again.of("survey_responses", "response_id", "score") == [("r1", 3)]


def test_all_pages_are_read(survey):
    for number in range(2, 252):
        response(survey, f"r{number}", recommend=10)
    assert len(load(source_of(survey, SECTION)).of("survey_responses")) == 251


def test_who_answered_is_a_customer_with_an_address_or_the_users_own_id(survey):
    own = {"survey_responses": {"columns": {"customer_id": "contactAttributes.userId"}}}
    loaded = load(source_of(survey, {**SECTION, "entities": own}))
    assert loaded.one("customers") == {"customer_id": "c7", "email": "ann@example.com"}
    assert loaded.of("survey_responses", "customer_id") == ["U7"]


def test_a_misspelt_question_is_an_error(survey):
    with pytest.raises(MappingFault, match="recomend"):
        load(source_of(survey, {**SECTION, "nps_question": "recomend"}))


def test_a_rating_of_which_nobody_says_the_scale_is_a_fault(survey):
    section = {key: each for key, each in SECTION.items() if key != "rating_max"}
    with pytest.raises(ConfigurationFaults, match=r"satisfaction_ratings.*scale_max"):
        source_of(survey, section)
