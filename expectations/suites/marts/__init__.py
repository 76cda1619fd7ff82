"""Gate 2, publishable: what nobody may see broken.

Not here: what dbt tests (keys, relations, accepted values, the logic of a metric).
"""

from expectations.limits import PublishLimits
from expectations.rules import Evidence
from expectations.suites.marts import cards, jumps, presence, reconciliation
from expectations.suites.marts.board import Board


def suite(board: Board, limits: PublishLimits) -> list[Evidence]:
    """Put together what can be asked of this scorecard; nothing before there is one."""
    if not board.is_there:
        return []
    asked = [
        cards.evidence(board),
        presence.evidence(board),
        reconciliation.evidence(board),
        jumps.evidence(board, limits),
    ]
    return [evidence for evidence in asked if evidence is not None]
