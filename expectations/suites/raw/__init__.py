"""Gate 1, arrival: what a source brought, compared with its own history.

Not here: what ingestion refuses row by row, and what dbt tests (keys, relations, values).
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.raw import (
    amounts,
    clocks,
    emptiness,
    history,
    identities,
    joins,
    loads,
    placeholders,
    scales,
    vocabulary,
)
from expectations.suites.raw.arrivals import Arrivals, inputs, look_at_arrivals

__all__ = ["inputs", "look_at_arrivals", "suites"]


def suites(arrivals: Arrivals) -> list[tuple[sql.Composable, ExpectationSuite]]:
    """Return what can be asked of these arrivals: queries, and the suites for their rows."""
    if not arrivals.estimated_rows:
        return []
    themes = (
        *(history, clocks, emptiness, amounts, vocabulary, placeholders, scales, joins),
        identities,
    )
    parts = [(theme, theme.parts(arrivals)) for theme in themes]
    asked = [
        (theme.QUERY.format(parts=sql.SQL(" union all ").join(found)), theme.suite())
        for theme, found in parts
        if found
    ]
    return [*asked, (loads.QUERY, loads.suite())]
