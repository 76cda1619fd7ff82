"""Gate 2, publishable: what nobody may see broken.

Not here: what dbt tests (keys, relations, accepted values, the logic of a metric).
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.marts import cards, jumps, presence, reconciliation
from expectations.suites.marts.board import Board, inputs, look_at_board

__all__ = ["inputs", "look_at_board", "suites"]


def suites(board: Board) -> list[tuple[sql.Composable, ExpectationSuite]]:
    """Return what is asked of this scorecard: queries, and the suites for their rows."""
    return [
        (cards.QUERY, cards.suite()),
        (presence.query(board), presence.suite()),
        (reconciliation.query(board), reconciliation.suite()),
        (jumps.query(board), jumps.suite()),
    ]
