"""Risk: an answer to a Typeform counts for another question, on another scale, or not at all.

The vendor's answers follow https://www.typeform.com/developers/responses/ (Retrieve responses, JSON
response explanation), read in November 2026.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults, MappingFault
from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import Asked, serving
from tests.fixtures.vendor_api import Listing, Pages, Turn, Vendor, after_key

SECTION = {
    "kind": "typeform",
    "address": "{url}",
    "form": "u6nXL7",
    "token": "a-token",
    "nps_question": "recommend",
    "comment_question": "why",
    "rating_question": "satisfied",
    "rating_max": 5,
}


def vendor() -> Vendor:
    """Return a Typeform with one response to all questions."""
    pages = Pages(newest_first, counts)
    since = ("since", "submitted_at")
    form = Vendor(
        (Listing("responses", "/forms/u6nXL7/responses", "items", pages, since),),
        {"Authorization": "Bearer a-token"},
    )
    response(form, "r1", 9, 4)
    return form


def newest_first(asked: Asked, found: list[Any], size: int) -> int:
    found.sort(key=lambda each: each["submitted_at"], reverse=True)
    return after_key("before", "token")(asked, found, size)


def counts(turn: Turn) -> dict[str, Any]:
    return {"total_items": turn.total, "page_count": -(-turn.total // 3)}


def response(form: Vendor, token: str, *answers: int | None, **changed: Any) -> None:
    """Put a response with answers to the questions of recommendation and satisfaction."""
    asked = [("abc1", "nps", "recommend"), ("abc2", "rating", "satisfied")]
    words = {"field": {"id": "abc3", "type": "long_text", "ref": "why"}, "type": "text"}
    given = {
        "landing_id": token,
        "token": token,
        "response_id": token,
        "landed_at": "2026-05-01T08:58:00Z",
        "submitted_at": "2026-05-01T09:00:00Z",
        "hidden": {"customer": "C7"},
        "answers": [
            {**words, "text": "Quick help"},
            *(
                {"field": {"id": id, "type": kind, "ref": ref}, "type": "number", "number": number}
                for (id, kind, ref), number in zip(asked, answers, strict=False)
                if number is not None
            ),
        ],
    }
    form.put("responses", given | changed, key="token")


@pytest.fixture
def form():
    with serving(vendor()) as form:
        yield form


def test_a_recommendation_comes_with_the_words_beside_it(form):
    assert load(source_of(form, SECTION)).one("survey_responses") == {
        "response_id": "r1",
        "answered_at": datetime(2026, 5, 1, 9, tzinfo=UTC),
        "score": 9,
        "scale_max": 10,
        "comment": "Quick help",
    }


def test_a_rating_keeps_its_own_score_and_scale(form):
    loaded = load(source_of(form, {**SECTION, "rating_max": 7}))
    assert loaded.of("satisfaction_ratings", "rating_id", "score", "scale_max") == [("r1", 4, 7)]


def test_a_question_may_be_named_by_its_id(form):
    loaded = load(source_of(form, {**SECTION, "nps_question": "abc1", "comment_question": "abc3"}))
    assert loaded.of("survey_responses", "score", "comment") == [(9, "Quick help")]


def test_0_is_an_answer_and_a_skipped_question_is_none(form):
    response(form, "r2", 0)
    response(form, "r3", None, 0)
    loaded = load(source_of(form, SECTION))
    assert sorted(loaded.of("survey_responses", "response_id", "score")) == [("r1", 9), ("r2", 0)]
    assert sorted(loaded.of("satisfaction_ratings", "rating_id", "score")) == [("r1", 4), ("r3", 0)]


def test_three_lines_find_the_question_of_the_type_nps_and_no_other(form):
    asked = {key: SECTION[key] for key in ("kind", "address", "form", "token")}
    loaded = load(source_of(form, asked))
    assert set(loaded.rows) == {"survey_responses"}
    assert loaded.of("survey_responses", "score", "comment") == [(9, None)]


def test_a_misspelt_question_is_an_error(form):
    with pytest.raises(MappingFault, match="recomend"):
        load(source_of(form, {**SECTION, "nps_question": "recomend"}))


def test_a_rating_of_which_nobody_says_the_scale_is_a_fault(form):
    section = {key: each for key, each in SECTION.items() if key != "rating_max"}
    with pytest.raises(ConfigurationFaults, match=r"satisfaction_ratings.*scale_max"):
        source_of(form, section)


def test_the_next_load_asks_for_what_is_new_and_all_pages_of_it(form):
    source = source_of(form, SECTION)
    state = load(source).state
    for day in range(2, 7):
        response(form, f"r{day}", 10, submitted_at=f"2026-05-0{day}T09:00:00Z")
    before = len(form.asked)
    again = load(source, state)
    assert again.of("survey_responses", "response_id") == ["r6", "r5", "r4", "r3", "r2"]
    asked = [(each.params["since"], each.params.get("before")) for each in form.asked[before:]]
    since = "2026-05-01T08:00:00Z"
    assert asked == [(since, None), (since, "r4"), (since, "r1")]


def test_who_answered_is_one_line_of_a_hidden_field(form):
    own = {"survey_responses": {"columns": {"customer_id": "hidden.customer"}}}
    loaded = load(source_of(form, {**SECTION, "entities": own}))
    assert loaded.of("survey_responses", "customer_id") == ["C7"]
