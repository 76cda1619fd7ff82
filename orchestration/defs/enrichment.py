"""Analytics over the warehouse: what SQL can't do, between the dbt layers."""

import dagster as dg

from analytics.text.scoring import score_new_texts
from orchestration import progress
from orchestration.defs.resources import Concord
from orchestration.translators import DATA_ENGINEERING, TEXT_SCORES

STAGED_MESSAGES = dg.AssetKey(["staging", "stg_messages"])


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


@dg.definitions
def enrichment() -> dg.Definitions:
    """Give the analytics assets."""
    return dg.Definitions(assets=[text_scores])
