"""Signals that changed to worsening, each with the time of the publication that first said so.

Recorded in the transaction that publishes; `published.signal_changes` shows them to whoever sends
alerts. Their table is defined in `ledgers`.
"""

import psycopg


def record(connection: psycopg.Connection) -> int:
    """Record the series whose newest complete month is the first to worsen; return how many.

    A month that was recorded once is not recorded again, whatever late-arriving rows do to it.
    """
    return connection.execute(
        """
        with complete as (
            select
                metric_id,
                segment_name,
                segment_value,
                period_start,
                signal,
                lag(signal) over series as signal_before,
                row_number() over (
                    partition by metric_id, segment_name, segment_value
                    order by period_start desc
                ) as age
            from published.scorecard
            where not is_partial
            window series as (
                partition by metric_id, segment_name, segment_value order by period_start
            )
        )

        insert into concord.signal_changes (metric_id, segment_name, segment_value, period_start)
        select metric_id, segment_name, segment_value, period_start
        from complete
        where age = 1 and signal = 'worsening' and signal_before is distinct from 'worsening'
        on conflict do nothing
        """
    ).rowcount
