"""How much of what arrived was refused; which rows are refused belongs to ingestion."""

from psycopg import sql

from expectations.limits import ArrivalLimits
from expectations.rules import Evidence, Rule, Words, literal
from expectations.suites.raw.arrivals import Arrivals

_LABELS = ("source_name", "table_name", "received", "quarantined", "main_reason", "allowed_percent")
_REFUSED = Words(
    "{table_name}",
    "Of the {received:,.0f} rows of {table_name} that source {source_name} brought last,"
    " {quarantined:,.0f} went to quarantine, most often for: {main_reason}",
    "at most {allowed_percent:.0f} % are let through",
    "correct the export or the source's mapping and load again; quarantine.rejected_rows holds"
    " each row with its reason",
)


def evidence(arrivals: Arrivals, limits: ArrivalLimits) -> Evidence | None:
    """Ask one row per entity of the source's latest load."""
    if not arrivals.has_loads:
        return None
    rule = Rule("quarantine", "refused_share", _REFUSED, maximum=limits.maximum_quarantined_share)
    query = _QUARANTINE.format(
        source_name=literal(arrivals.source_name),
        allowed_percent=literal(100 * limits.maximum_quarantined_share),
    )
    return Evidence("quarantine", query, _LABELS, (rule,))


_QUARANTINE = sql.SQL(
    """
    select
        loads.source_name,
        loads.entity as table_name,
        cast({allowed_percent} as double precision) as allowed_percent,
        cast(sum(loads.received) as bigint) as received,
        cast(sum(loads.quarantined) as bigint) as quarantined,
        case when sum(loads.received) >= 100
            then cast(sum(loads.quarantined) / sum(loads.received) as double precision)
        end as refused_share,
        coalesce((
            select rejected.field || ', ' || rejected.reason
            from quarantine.rejected_rows as rejected
            where
                rejected.source_name = loads.source_name
                and rejected.entity = loads.entity
                and rejected.load_id = loads.load_id
            group by rejected.field, rejected.reason
            order by count(*) desc, 1
            limit 1
        ), 'not recorded') as main_reason
    from concord.loads as loads
    where
        loads.source_name = {source_name}
        and loads.load_id = (
            select newest.load_id from concord.loads as newest
            where newest.source_name = loads.source_name and newest.entity = loads.entity
            order by newest.finished_at desc limit 1
        )
    group by loads.source_name, loads.entity, loads.load_id
    """
)
