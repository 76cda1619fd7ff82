"""Risk: a company with one source sees a page of empty cards, or cards vanish without a word."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from dashboards.scorecard import definition
from dashboards.scorecard.definition import LINE, MOST_LINES, ScorecardDefinition, lines
from dashboards.scorecard.fitting import Published, fitted, missing
from dashboards.scorecard.records import Absence
from tests.unit.dashboards.test_cards import DEFINITION

LOADED = definition.load()
METRICS = {
    place.metric_id: replace(DEFINITION, metric_id=place.metric_id, name=f"{place.metric_id} named")
    for place in LOADED.candidates
}
SHOP = {
    "retention_rate",
    "cohort_retention",
    "reactivation_rate",
    "new_customers",
    "repeat_purchase_rate",
    "net_revenue_retention",
    "rfm_segment",
}
DESK = {"csat", "first_reply_time", "full_resolution_time"}
NETWORK = {"net_sentiment", "social_response_rate_24h", "social_reply_time"}


def published(measured: Collection[str], **reasons: str) -> Published:
    absences = {
        metric: Absence(metric, f"no data of {needed}", needed)
        for metric, needed in reasons.items()
    }
    return Published(METRICS, series(measured), absences)


def series(metrics: Collection[str]) -> set[tuple[str, str, str]]:
    return {(metric, "company", "all") for metric in metrics}


def shown(found: ScorecardDefinition) -> dict[str, list[str]]:
    return {row.title: [card.metric_id for card in row.cards] for row in found.rows}


def test_with_all_data_the_scorecard_is_the_one_that_is_defined() -> None:
    found = fitted(LOADED, published(METRICS.keys()))
    assert found.places == LOADED.places
    assert missing(LOADED, found, published(METRICS.keys())) == ""


def test_without_any_data_each_card_stays_and_says_why() -> None:
    assert fitted(LOADED, published(set())).places == LOADED.places


def test_a_desk_alone_sees_what_it_measures() -> None:
    found = fitted(LOADED, published(DESK))
    assert found.north_star.metric_id == "csat"
    assert shown(found) == {"Experience & promise": ["first_reply_time", "full_resolution_time"]}


def test_a_shop_alone_sees_what_it_measures() -> None:
    found = fitted(LOADED, published(SHOP))
    assert found.north_star.metric_id == "retention_rate"
    assert shown(found) == {
        "Retention": ["cohort_retention", "reactivation_rate", "new_customers"],
        "Loyalty": ["repeat_purchase_rate", "net_revenue_retention", "rfm_segment"],
    }


def test_a_network_alone_sees_what_it_measures() -> None:
    found = fitted(LOADED, published(NETWORK))
    assert found.north_star.metric_id == "net_sentiment"
    assert shown(found) == {
        "Experience & promise": ["social_response_rate_24h", "social_reply_time"]
    }


def test_a_card_without_data_gives_way_to_the_next_of_its_row() -> None:
    found = fitted(LOADED, published(METRICS.keys() - {"csat"}))
    assert shown(found)["Experience & promise"] == [
        "social_response_rate_24h",
        "open_complaint_send_rate",
        "first_reply_time",
    ]


def test_the_lines_of_empty_rows_go_to_who_has_more_to_show() -> None:
    service = [card.metric_id for card in LOADED.rows[3].candidates]
    found = fitted(LOADED, published({*service, "retention_rate", "new_customers"}))
    assert found.north_star.metric_id == "retention_rate"
    assert shown(found) == {
        "Retention": ["new_customers"],
        "Experience & promise": service[: LINE * (MOST_LINES - 1)],
    }
    assert lines(len(row.cards) for row in found.rows) <= MOST_LINES


@pytest.mark.parametrize("measured", [SHOP, DESK, NETWORK, METRICS.keys()])
def test_no_metric_has_two_cards_and_each_has_a_title(measured: Collection[str]) -> None:
    places = fitted(LOADED, published(measured)).places
    assert len({place.metric_id for place in places}) == len(places)
    assert all(place.title for place in places)


def test_a_card_without_a_title_bears_the_metrics_name() -> None:
    found = fitted(LOADED, published(DESK))
    assert found.rows[0].cards[0].title == "first_reply_time named"


def test_one_line_says_what_other_data_would_add() -> None:
    reasons = dict.fromkeys(("retention_rate", "cohort_retention"), "orders")
    reasons |= dict.fromkeys(("repeat_purchase_rate", "rfm_segment"), "orders")
    known = published(DESK, **reasons, nps="survey responses")
    found = fitted(LOADED, known)
    assert missing(LOADED, found, known) == (
        "With orders: Retention rate, Back in month 3, Repeat purchase rate and 1 more."
        " With survey responses: Net promoter score."
    )


def test_what_only_time_brings_is_not_asked_for() -> None:
    early = Absence("cohort_retention", "horizon not reached", None)
    known = Published(METRICS, series(SHOP - {"cohort_retention"}), {"cohort_retention": early})
    assert missing(LOADED, fitted(LOADED, known), known) == "Not yet: Back in month 3."


def test_cards_that_a_company_has_chosen_stay_with_data_or_without() -> None:
    rows = [{"title": "Service", "cards": [{"metric": "csat"}, {"metric": "nps", "title": "NPS"}]}]
    own = definition.chosen(LOADED, rows, {"metric": "first_reply_time"})
    known = published(SHOP, csat="satisfaction ratings")
    found = fitted(own, known)
    assert found.north_star.metric_id == "first_reply_time"
    assert shown(found) == {"Service": ["csat", "nps"]}
    assert [card.title for card in found.rows[0].cards] == ["csat named", "NPS"]
    assert missing(own, found, known) == ""


def test_rows_of_ones_own_keep_a_north_star_that_they_dont_show() -> None:
    own = definition.chosen(LOADED, [{"title": "R", "cards": [{"metric": "retention_rate"}]}])
    assert fitted(own, published(SHOP)).north_star.metric_id == "new_customers"


def test_joint_figures_are_those_that_there_are_each_of_its_own_segment() -> None:
    cards = LOADED.joint.cards
    known = {**METRICS, **{card.metric_id: METRICS["nps"] for card in cards}}
    measured = {("retention_after", "event", "broken_promise"), ("crisis_count", "company", "all")}
    found = fitted(LOADED, Published(known, measured, {}))
    assert [card.title for card in found.joint.cards] == ["Kept after a broken promise", "Crises"]
    assert fitted(LOADED, Published(known, set(), {})).joint.cards == ()
