"""Signals that turned to worsening, each with the publication that first said so.

Noted in the transaction that publishes, by comparing what readers saw with what they will see;
`published.signal_turns` shows them to whoever sends alerts.
"""

import psycopg

TABLE = """
create table if not exists concord.signal_turns (
    metric_id text,
    segment_name text,
    segment_value text,
    period_start date,
    turned_at timestamptz not null default clock_timestamp(),
    primary key (metric_id, segment_name, segment_value, period_start)
);
"""
VIEW = "create view published.signal_turns as select * from concord.signal_turns"


def note(connection: psycopg.Connection) -> int:
    """Note the latest complete months that are worsening now, and weren't before; return how many.

    A month counts only if the month before it in its series was not worsening: else nothing
    turned. A month that was noted once is not noted again, whatever late rows do to it.
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

        insert into concord.signal_turns (metric_id, segment_name, segment_value, period_start)
        select metric_id, segment_name, segment_value, period_start
        from complete
        where age = 1 and signal = 'worsening' and signal_before is distinct from 'worsening'
        on conflict do nothing
        """
    ).rowcount
