"""The scorecard's definition with the cards that concord.toml chooses."""

from dashboards.scorecard import definition
from dashboards.scorecard.definition import ScorecardDefinition
from orchestration.settings import Settings


def layout(settings: Settings) -> ScorecardDefinition:
    """Return what page, exports and Metabase show."""
    chosen = settings.configuration.scorecard
    star = chosen.north_star
    return definition.chosen(
        definition.load(),
        [row.model_dump() for row in chosen.rows],
        star.model_dump() if star else None,
    )
