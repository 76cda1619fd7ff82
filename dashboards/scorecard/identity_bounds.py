"""How far a figure could move if orders of nobody were known to be somebody's.

Reads `identity_bounds` through a `Reader`; the figures themselves are computed before publication.
"""

from psycopg import sql

from dashboards.scorecard import formatting
from dashboards.scorecard.cards import CardView
from dashboards.scorecard.queries import SCHEMA, Reader
from dashboards.scorecard.records import WHOLE_COMPANY, Company

MART = "identity_bounds"


def identity_bounds(reader: Reader, card: CardView, company: Company) -> str:
    """Say what the figure would be if such orders were all new persons', or all known ones'.

    Empty for a segment, and where there is no such order.
    """
    if card.row is None or card.state != "value" or card.segment != WHOLE_COMPANY:
        return ""
    if not reader.has(MART):
        return ""
    query = sql.SQL(
        "select order_count, value_if_new, value_if_known from {}"
        " where metric_id = %(metric_id)s and period_start = %(start)s"
    ).format(sql.Identifier(SCHEMA, MART))
    values = {"metric_id": card.metric_id, "start": card.row.period_start}
    for found in reader.dicts(query, values):
        new, known = (
            formatting.joined(
                formatting.measure(value, card.row.unit, card.definition.decimals, company.currency)
            )
            for value in (found["value_if_new"], found["value_if_known"])
        )
        orders = formatting.counted(found["order_count"], "order")
        return f"{new} if {orders} without a person came from new ones, {known} if from known ones"
    return ""
