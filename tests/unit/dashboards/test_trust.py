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
    assert reported["Records matched to a person"] == "no data"
    assert reported["Quarantine"] == "no data"
    assert reported["Gates"] == "not checked"


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
