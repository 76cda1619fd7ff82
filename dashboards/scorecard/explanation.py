"""One figure explained: what its page says, the query of its rows, and what the last run changed.

Reads through one `Reader`. How it is printed belongs to the command.
"""

from dataclasses import dataclass

from dashboards.scorecard.card_rows import rows_query
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.drilldown import MetricPage, RestatedFigure, metric_page
from dashboards.scorecard.page import Filters
from dashboards.scorecard.queries import Reader

SAMPLE = 5


@dataclass(frozen=True)
class Explanation:
    """A metric's page with a sample of its rows; `query` is empty where it has no rows."""

    page: MetricPage
    query: str
    changed: tuple[RestatedFigure, ...]
    """Published figures of the series that the last publication changed."""

    changed_before: tuple[RestatedFigure, ...]


def explanation(
    reader: Reader, metric_id: str, filters: Filters, definition: ScorecardDefinition
) -> Explanation | None:
    """Read what explains a metric's figure; None if the metric is not defined."""
    page = metric_page(reader, metric_id, filters, definition, (0, SAMPLE))
    if page is None:
        return None
    card, before = page.card, reader.published_before()
    return Explanation(
        page=page,
        query=rows_query(reader, card.definition, card.row) if card.row and page.table else "",
        changed=tuple(each for each in page.restated if before and each.restated_at > before),
        changed_before=tuple(
            each for each in page.restated if not before or each.restated_at <= before
        ),
    )
