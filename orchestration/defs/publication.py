"""From marts that passed gate 2 to what people see: the published scorecard, its page, Metabase."""

import dagster as dg

import ingestion.loading
from dashboards.metabase.errors import MetabaseError, Outdated, ServerFailed, Unreachable
from dashboards.scorecard import export, publication
from dashboards.scorecard.records import Company, GateOutcome
from dashboards.scorecard.restatements import Arrived, Causes, Explained
from orchestration import ledger
from orchestration.defs.resources import Concord
from orchestration.layout import layout
from orchestration.metabase import publish_to_metabase
from orchestration.settings import Settings, load_settings
from orchestration.translators import (
    CUSTOMER_SERVICE,
    DAILY,
    MARKETING,
    METABASE,
    PAGE,
    PUBLISHED,
    RETRIES,
    SCORECARD,
)


@dg.definitions
def publications() -> dg.Definitions:
    """Give the published scorecard and its faces: the page, and a Metabase where there is one.

    Metabase comes beside the page and not before it: one that is down fails alone.
    """
    assets = [published_scorecard, scorecard_page]
    if load_settings().configuration.metabase is not None:
        assets.append(metabase)
    return dg.Definitions(assets=assets)


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
        concord.url,
        company(settings),
        gate_outcomes(concord.url, settings),
        settings.as_of,
        causes(concord),
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
    export.export(concord.url, "html", path, layout(concord.settings))
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(path)})


@dg.asset(
    key=METABASE,
    deps=[PUBLISHED],
    group_name="publication",
    owners=[MARKETING, CUSTOMER_SERVICE],
    freshness_policy=DAILY,
    kinds={"metabase"},
    retry_policy=RETRIES,
    description="The scorecard's dashboards, questions and rights in Metabase.",
)
def metabase(concord: Concord) -> dg.MaterializeResult:
    try:
        outcome = publish_to_metabase(concord.settings, concord.url)
    except (Unreachable, ServerFailed, Outdated) as error:
        raise dg.Failure(str(error)) from error
    except MetabaseError as error:
        # Trying again doesn't help against a wrong password or a name that is taken.
        raise dg.Failure(str(error), allow_retries=False) from error
    overwritten = [str(action) for action in outcome.report.overwritten]
    return dg.MaterializeResult(
        metadata={
            **{title: dg.MetadataValue.url(link) for title, link in outcome.links.items()},
            "changes": len(outcome.report.actions),
            "overwritten": dg.MetadataValue.json(overwritten),
        }
    )


def causes(concord: Concord) -> Causes:
    """Return what may have changed figures since they were published last."""
    since = publication.last_published_at(concord.url)
    return Causes(
        explanations=tuple(
            Explained(metric_id, each.first_month, each.last_month, each.reason)
            for each in concord.settings.configuration.explanations
            for metric_id in each.metric_ids
        ),
        arrivals=tuple(
            Arrived(each.entity, each.inserted, each.updated, each.removed)
            for each in ingestion.loading.arrivals(concord.url, since)
        ),
    )


def company(settings: Settings) -> Company:
    """Return what the page says of the company."""
    named = settings.company
    return Company(named.name, named.demo, named.currency, named.time_zone)


def gate_outcomes(url: str, settings: Settings) -> list[GateOutcome]:
    """Return what each gate said last, in the page's terms."""
    return [
        GateOutcome(
            f"{result.gate}: {result.subject}",
            result.is_passed,
            result.checks,
            result.words,
            result.accepted,
        )
        for result in ledger.latest_gates(url, settings.configuration.sources)
    ]
