"""From marts that passed gate 2 to what people see: the published scorecard and its page."""

import dagster as dg

from dashboards.scorecard import export, publication
from dashboards.scorecard.records import Company, GateOutcome
from orchestration import ledger
from orchestration.defs.resources import Concord
from orchestration.settings import Settings
from orchestration.translators import (
    CUSTOMER_SERVICE,
    DAILY,
    MARKETING,
    PAGE,
    PUBLISHED,
    SCORECARD,
)


@dg.definitions
def publications() -> dg.Definitions:
    """Give the published scorecard and the page that shows it."""
    return dg.Definitions(assets=[published_scorecard, scorecard_page])


@dg.asset(
    key=PUBLISHED,
    deps=[SCORECARD],
    group_name="publication",
    owners=[MARKETING, CUSTOMER_SERVICE],
    freshness_policy=DAILY,
    description="The scorecard and the rows behind its cards, as everybody may read them.",
)
def published_scorecard(concord: Concord) -> dg.MaterializeResult:
    settings = concord.settings
    written = publication.publish(
        concord.url, company(settings), gate_outcomes(concord.url), settings.as_of
    )
    return dg.MaterializeResult(metadata={f"{table} rows": n for table, n in written.items()})


@dg.asset(
    key=PAGE,
    deps=[PUBLISHED],
    group_name="publication",
    owners=[MARKETING, CUSTOMER_SERVICE],
    freshness_policy=DAILY,
    kinds={"html"},
    description="The scorecard page as one file that needs neither server nor network.",
)
def scorecard_page(concord: Concord) -> dg.MaterializeResult:
    path = concord.settings.workspace / "scorecard.html"
    export.export(concord.url, "html", path)
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(path)})


def company(settings: Settings) -> Company:
    """Return what the page says of the company."""
    named = settings.company
    return Company(named.name, named.demo, named.currency, named.time_zone)


def gate_outcomes(url: str) -> list[GateOutcome]:
    """Return what each gate said last, in the page's terms."""
    return [
        GateOutcome(f"{it.gate}: {it.subject}", it.is_passed, it.checks, it.words)
        for it in ledger.latest_gates(url)
    ]
