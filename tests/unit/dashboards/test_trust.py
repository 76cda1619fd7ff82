"""The trust strip: what stands there must not flatter."""

from datetime import UTC, datetime

from dashboards.scorecard.records import (
    Company,
    GateOutcome,
    Publication,
    Standing,
    TrustFigure,
)
from dashboards.scorecard.trust import quality, trust_items

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def standing(*gates: GateOutcome, held: bool = False) -> Standing:
    company = Company("Northwind")
    published = Publication(1, AT, "published", AT, company, 10, gates)
    hold = Publication(2, AT, "held", AT, company, 0, gates, ("why",))
    return Standing(published, hold if held else None)


def texts(*figures: TrustFigure) -> dict[str, str]:
    return {item.label: item.text for item in trust_items(figures, standing())}


def test_missing_figures_say_no_data_instead_of_nought() -> None:
    reported = texts()
    assert reported["Records of known customers"] == "no data"
    assert reported["Quarantine"] == "no data"
    assert reported["Gates"] == "not checked"


def test_records_without_a_list_of_customers_are_not_called_matched() -> None:
    figures = [TrustFigure("identity_match", "all", None, None, 240, AT)]
    assert texts(*figures)["Records of known customers"] == "no list of customers"


def test_sources_that_share_nobody_are_named_first_and_stand_out() -> None:
    figures = [
        TrustFigure("persons_shared", "desk + shop", 50, 1_200, 2_400, None),
        TrustFigure("persons_shared", "ads + shop", 0, 0, 240, None),
        TrustFigure("persons_shared", "ads + desk", 1, 2, 240, None),
    ]
    items = {item.label: item for item in trust_items(figures, standing())}
    item = items["Known to two sources"]
    assert item.text == "ads + shop 0, ads + desk 2 and 1 more"
    assert item.is_warning
    items = {item.label: item for item in trust_items(figures[:1], standing())}
    assert not items["Known to two sources"].is_warning


def test_refused_identifiers_are_added_up_with_their_reasons() -> None:
    figures = [
        TrustFigure("identifiers_refused", "phone is no valid number", 1, 40, 4_000, None),
        TrustFigure("identifiers_refused", "email is a role mailbox", 0.1, 12, 9_000, None),
    ]
    items = {item.label: item for item in trust_items(figures, standing())}
    assert items["Refused identifiers"].text == "52"
    assert items["Refused identifiers"].detail == (
        "email is a role mailbox: 12; phone is no valid number: 40"
    )
    assert "Refused identifiers" not in texts()


def test_quarantine_adds_up_over_sources() -> None:
    figures = [
        TrustFigure("quarantine", "shop", None, 3, 100, AT),
        TrustFigure("quarantine", "desk", None, 2, 900, AT),
    ]
    assert texts(*figures)["Quarantine"] == "5 of 1,000 rows"


def test_what_records_lack_is_added_up_by_kind_and_named_by_entity() -> None:
    figures = [
        TrustFigure("without_person", "orders", None, 0, 100, None),
        TrustFigure("without_rate", "orders", None, 5, 8, None),
        TrustFigure("without_parent", "messages", None, 2, 90, None),
        TrustFigure("without_parent", "order_lines", None, 1, 10, None),
    ]
    items = {item.label: item for item in trust_items(figures, standing())}
    incomplete = items["Incomplete records"]
    assert incomplete.text == "5 without rate, 3 without ticket or order"
    assert incomplete.detail == (
        "5 of 8 orders without rate; 2 of 90 messages without ticket or order;"
        " 1 of 10 order lines without ticket or order"
    )
    assert "Incomplete records" not in texts(*figures[:1])


def test_freshness_is_reported_per_source() -> None:
    figures = [TrustFigure("freshness", name, None, None, None, AT) for name in ("shop", "desk")]
    assert texts(*figures)["Newest data"] == "desk 21 Nov 2026, shop 21 Nov 2026"


def test_a_blocked_gate_is_counted_as_blocked() -> None:
    gates = (GateOutcome("arrival", True, 5), GateOutcome("publishable", False, 7, ("x",)))
    reported = {item.label: item.text for item in trust_items([], standing(*gates))}
    assert reported["Gates"] == "1 of 2 passed, 12 checks"


def test_the_badge_is_held_whenever_a_hold_stands_above_the_numbers() -> None:
    passed = GateOutcome("publishable", True, 7)
    assert quality(standing(passed)).word == "checks passed"
    assert quality(standing(passed, held=True)).word == "held"
    assert quality(standing()).word == "not checked"
