"""Gate 1, arrival: what a source brought, held against its own history.

Not here: what ingestion refuses row by row, and what dbt tests (keys, relations, values).
"""

from expectations.limits import ArrivalLimits
from expectations.rules import Evidence
from expectations.suites.raw import emptied, quarantine, returns, rhythm, shape, vocabulary
from expectations.suites.raw.arrivals import Arrivals


def suite(arrivals: Arrivals, limits: ArrivalLimits) -> list[Evidence]:
    """Put together what can be asked of these arrivals."""
    themes = (rhythm, shape, vocabulary, returns, quarantine, emptied)
    asked = [theme.evidence(arrivals, limits) for theme in themes]
    return [evidence for evidence in asked if evidence is not None]
