"""The trust strip: how far the numbers can be trusted, in a few figures.

Pure functions from the published trust figures and the publication to texts. The figures
themselves are made in the warehouse.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.scorecard import definition, formatting
from dashboards.scorecard.records import Publication, Standing, TrustFigure
from dashboards.scorecard.statuses import Status

PASSED = Status("passed", "checks passed")
HELD = Status("held", "held")
UNCHECKED = Status("waiting", "not checked")
GAPS = {
    "without_person": "without person",
    "without_rate": "without rate",
    "without_parent": "without ticket or order",
}


@dataclass(frozen=True)
class TrustItem:
    """One figure of the strip; `detail` says what it is made of, a warning asks to be looked at."""

    label: str
    text: str
    detail: str = ""
    is_warning: bool = False


def trust_items(figures: Sequence[TrustFigure], standing: Standing) -> tuple[TrustItem, ...]:
    """Make the strip: persons, what is lacking, freshness per source, last refresh, gates."""
    if standing.published is None:
        return ()
    zone = standing.company.time_zone
    refreshed = TrustItem(
        _label("refresh"), formatting.moment(standing.published.happened_at, zone)
    )
    return (
        _identity(figures),
        *_shared(figures),
        *_refused(figures),
        _quarantine(figures),
        *_incomplete(figures),
        *_freshness(figures, zone),
        refreshed,
        _gates(standing.published),
    )


def quality(standing: Standing) -> Status:
    """Return the quality badge of every card: held, checked or not checked."""
    if standing.hold is not None:
        return HELD
    published = standing.published
    if published is None or not published.gates:
        return UNCHECKED
    return PASSED if all(gate.is_passed for gate in published.gates) else HELD


def _label(figure: str) -> str:
    return definition.load().trust_figures[figure]


def _of(figures: Sequence[TrustFigure], name: str) -> list[TrustFigure]:
    return sorted((item for item in figures if item.figure == name), key=lambda item: item.subject)


def _counted(item: TrustFigure, what: str = "") -> str:
    words = f"{what} {item.subject}" if what else item.subject
    return f"{words}: {formatting.number(item.numerator or 0)}"


def _some(texts: Sequence[str], most: int) -> str:
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def _total(figures: Sequence[TrustFigure], name: str) -> tuple[float, float] | None:
    """Add up a figure over its subjects; a figure for 'all' stands for itself."""
    found = [item for item in figures if item.figure == name]
    chosen = [item for item in found if item.subject == "all"] or found
    if not chosen or any(item.denominator is None for item in chosen):
        return None
    tops = sum(item.numerator or 0 for item in chosen)
    return tops, sum(item.denominator or 0 for item in chosen)


def _identity(figures: Sequence[TrustFigure]) -> TrustItem:
    total = _total(figures, "identity_match")
    label = _label("identity_match")
    if total is None or not total[1]:
        return TrustItem(label, "no data")
    if all(item.numerator is None for item in _of(figures, "identity_match")):
        return TrustItem(label, "no list of customers", "no source fills the entity customers")
    top, base = total
    joined = [_counted(item, "persons joined by") for item in _of(figures, "persons_joined")]
    records = f"{formatting.number(top)} of {formatting.counted(base, 'record')}"
    detail = "; ".join([records, *joined])
    return TrustItem(label, f"{formatting.number(100 * top / base, 1)}{formatting.THIN}%", detail)


def _shared(figures: Sequence[TrustFigure]) -> tuple[TrustItem, ...]:
    """Name each pair of sources with the persons whom both know, fewest first."""
    pairs = sorted(_of(figures, "persons_shared"), key=lambda item: item.numerator or 0)
    if not pairs:
        return ()
    texts = [f"{item.subject} {formatting.number(item.numerator or 0)}" for item in pairs]
    detail = "persons whom both sources know"
    is_warning = not pairs[0].numerator
    if is_warning:
        detail += "; where there is none, keys in concord.toml may say that ids are the same"
    return (TrustItem(_label("persons_shared"), _some(texts, 2), detail, is_warning),)


def _refused(figures: Sequence[TrustFigure]) -> tuple[TrustItem, ...]:
    """Count the identifiers by which nobody is recognised, where there are any."""
    found = _of(figures, "identifiers_refused")
    if not found:
        return ()
    total = formatting.number(sum(item.numerator or 0 for item in found))
    return (TrustItem(_label("identifiers_refused"), total, "; ".join(map(_counted, found))),)


def _quarantine(figures: Sequence[TrustFigure]) -> TrustItem:
    total = _total(figures, "quarantine")
    if total is None:
        return TrustItem(_label("quarantine"), "no data")
    rows, received = total
    text = f"{formatting.number(rows)} of {formatting.counted(received, 'row')}"
    return TrustItem(_label("quarantine"), text, "rejected rows of those received")


def _incomplete(figures: Sequence[TrustFigure]) -> tuple[TrustItem, ...]:
    """Count by kind what records lack, and name their entities; nothing where all is there."""
    lacking = [item for item in figures if item.figure in GAPS and item.numerator]
    if not lacking:
        return ()
    totals = {
        words: sum(item.numerator or 0 for item in lacking if item.figure == figure)
        for figure, words in GAPS.items()
    }
    text = ", ".join(f"{formatting.number(n)} {words}" for words, n in totals.items() if n)
    details = [
        f"{formatting.number(item.numerator or 0)} of {formatting.number(item.denominator or 0)}"
        f" {item.subject.replace('_', ' ')} {GAPS[item.figure]}"
        for item in lacking
    ]
    return (TrustItem(_label("incomplete"), text, "; ".join(details)),)


def _freshness(figures: Sequence[TrustFigure], zone: str) -> tuple[TrustItem, ...]:
    found = sorted(
        (item.subject, item.measured_at)
        for item in figures
        if item.figure == "freshness" and item.measured_at is not None
    )
    if not found:
        return ()
    texts = [f"{subject} {formatting.day(at, zone)}" for subject, at in found]
    return (TrustItem(_label("freshness"), _some(texts, 3), ", ".join(texts)),)


def _gates(published: Publication) -> TrustItem:
    if not published.gates:
        return TrustItem(_label("gates"), "not checked")
    passed = sum(gate.is_passed for gate in published.gates)
    checks = sum(gate.checks for gate in published.gates)
    text = f"{passed} of {len(published.gates)} passed, {formatting.counted(checks, 'check')}"
    detail = "; ".join(
        f"{gate.gate} {'passed' if gate.is_passed else 'blocked'}" for gate in published.gates
    )
    return TrustItem(_label("gates"), text, detail)
