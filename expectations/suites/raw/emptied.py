"""Whether a file that held rows holds none any more: an export that ran, and found nothing."""

from psycopg import sql

from expectations.limits import ArrivalLimits
from expectations.outcome import WARNING
from expectations.rules import Evidence, Rule, Words, literal
from expectations.suites.raw.arrivals import Arrivals

_FEWEST = 20
_EMPTIED = Words(
    "{table_name}",
    "{file} of source {source_name} holds no row of {table_name} now, and brought"
    " {rows_before:,} at once before",
    "what was loaded stays, and nothing new has come",
    "check that the export still finds its rows; on a day without any, nothing is to be done",
)


def evidence(arrivals: Arrivals, limits: ArrivalLimits) -> Evidence | None:
    """Ask one row per file that held nothing when it was read whole, and gained nothing since."""
    if not arrivals.has_loads:
        return None
    rule = Rule("emptied file", "rows_before", _EMPTIED, WARNING, maximum=_FEWEST)
    query = _QUERY.format(source_name=literal(arrivals.source_name))
    return Evidence("emptied", query, ("source_name", "table_name", "file"), (rule,))


_QUERY = sql.SQL(
    """
    select
        source_name,
        entity as table_name,
        file,
        max(received) as rows_before
    from (
        select
            *,
            max(case when not is_append then finished_at end)
                over (partition by entity, file) as last_read_whole_at
        from concord.loads
        where source_name = {source_name} and kind = 'files'
    ) as loads
    group by source_name, entity, file
    having sum(case when finished_at >= last_read_whole_at then received else 0 end) = 0
    """
)
