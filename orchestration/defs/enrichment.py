"""Analytics over the warehouse: what SQL can't do, between the dbt layers."""

import dagster as dg

from analytics.credit import keeping as credit_of_paths
from analytics.crises import keeping as crises_of_brands
from analytics.identifiers.keeping import normalise_new
from analytics.identifiers.normalising import ROLE_MAILBOXES, Rules
from analytics.text.scoring import score_new_texts
from orchestration import progress
from orchestration.defs.resources import Concord
from orchestration.settings import Settings
from orchestration.translators import CREDIT, CRISES, DATA_ENGINEERING, IDENTIFIERS, TEXT_SCORES

STAGED_MESSAGES = dg.AssetKey(["staging", "stg_messages"])
STAGED_IDENTIFIERS = [
    dg.AssetKey(["staging", name]) for name in ("stg_customers", "stg_customer_identities")
]

PATHS = [dg.AssetKey(["intermediate", name]) for name in credit_of_paths.READ]
NEGATIVE_HOURS = [dg.AssetKey(["intermediate", name]) for name in crises_of_brands.READ]


@dg.asset(
    key=TEXT_SCORES,
    deps=[STAGED_MESSAGES],
    group_name="analytics",
    owners=[DATA_ENGINEERING],
    description="One row per text and engine: language and sentiment. Only new texts are scored.",
)
def text_scores(concord: Concord) -> dg.MaterializeResult:
    company = concord.settings.company
    names = [word for brand in company.brands for word in (brand.name, *brand.handles)]
    report = score_new_texts(
        concord.url,
        languages=company.languages,
        brand_names=names,
        on_progress=lambda done, total: progress.say(f"{done:,} of {total:,} new texts scored"),
    )
    return dg.MaterializeResult(
        metadata={"scored": report.scored, "unsupported": report.unsupported}
    )


@dg.asset(
    key=IDENTIFIERS,
    deps=STAGED_IDENTIFIERS,
    group_name="analytics",
    owners=[DATA_ENGINEERING],
    description="One row per e-mail or phone as it was written: by which hash it is compared.",
)
def identifiers(concord: Concord) -> dg.MaterializeResult:
    report = normalise_new(
        concord.url,
        identifier_rules(concord.settings),
        on_progress=lambda done: progress.say(f"{done:,} new identifiers normalised"),
    )
    return dg.MaterializeResult(
        metadata={"normalised": report.normalised, "refused": report.refused}
    )


@dg.asset(
    key=CREDIT,
    deps=PATHS,
    group_name="analytics",
    owners=[DATA_ENGINEERING],
    description="One row per month and state of a path to a sale: its removal effect.",
)
def credit(concord: Concord) -> dg.MaterializeResult:
    report = credit_of_paths.compute_credit(concord.url)
    return dg.MaterializeResult(metadata={"months": report.months, "states": report.states})


@dg.asset(
    key=CRISES,
    deps=NEGATIVE_HOURS,
    group_name="analytics",
    owners=[DATA_ENGINEERING],
    description="One row per crisis: negative mentions beyond what eight weeks explain.",
)
def crises(concord: Concord) -> dg.MaterializeResult:
    settings = concord.settings
    report = crises_of_brands.find_crises(concord.url, settings.time_zone, settings.as_of)
    return dg.MaterializeResult(
        metadata={
            "crises": report.crises,
            "brands": report.brands,
            "brands with too little history": report.too_little_history,
        }
    )


def identifier_rules(settings: Settings) -> Rules:
    """Return how e-mails and phones are read, as configured."""
    persons = settings.configuration.persons
    roles = ROLE_MAILBOXES if persons.role_mailboxes is None else persons.role_mailboxes
    return Rules(persons.phone_country, roles)


@dg.definitions
def enrichment() -> dg.Definitions:
    """Give the analytics assets."""
    return dg.Definitions(assets=[text_scores, identifiers, credit, crises])
