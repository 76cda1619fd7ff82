"""Whether returns came as orders of their own, which count as purchases like any other."""

from psycopg import sql

from expectations.limits import ArrivalLimits
from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words, literal
from expectations.suites.raw.arrivals import Arrivals

_RETURNS = Words(
    "orders.gross_amount",
    "Source {source_name} brought {negative_rows:,} rows of orders with a gross_amount below 0",
    "an amount before refunds is none, and each of them counts as a purchase",
    "leave them out with `where` in the source's mapping, and map what was returned as the"
    " refunded_amount of its order",
)


def evidence(arrivals: Arrivals, limits: ArrivalLimits) -> Evidence | None:
    """Ask one row: how many of the new orders are below 0."""
    if not any(table.name == "orders" for table in arrivals.tables):
        return None
    rule = Rule("returns as orders", "negative_rows", _RETURNS, WARNING, maximum=0)
    query = _QUERY.format(
        source_name=literal(arrivals.source_name),
        table=sql.Identifier(arrivals.schema, "orders"),
        known_through=literal(arrivals.known_through),
    )
    return Evidence("returns", query, ("source_name",), (rule,))


_QUERY = sql.SQL(
    """
    select
        {source_name} as source_name,
        count(*) as negative_rows
    from {table}
    where
        source_name = {source_name}
        and gross_amount < 0
        and loaded_at > coalesce(cast({known_through} as timestamptz), '-infinity')
    """
)
