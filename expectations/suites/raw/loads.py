"""What became of the rows and files of the latest loads: refused rows, files that hold none.

Which rows are refused, and which values are left out of rows, belongs to ingestion.
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import blocking, warning

# One row per piece of a load, entity and file. Rows that are another entity's, or nobody's, aren't
# judged, nor are pieces of the latest load before the source was begun anew.
QUERY = sql.SQL(
    """
    select
        latest.*,
        latest.load_id = latest.latest_load_id
        and latest.finished_at >= coalesce(latest.last_read_whole_at, latest.finished_at)
        as is_latest
    from (
        select
            loads.*,
            loads.received - loads.filtered as own_rows,
            inputs.maximum_quarantined_share,
            inputs.maximum_folded_share,
            first_value(loads.load_id)
            over (partition by loads.entity order by loads.finished_at desc) as latest_load_id,
            max(case when not loads.is_append then loads.finished_at end)
            over (partition by loads.entity, loads.file) as last_read_whole_at
        from concord.loads as loads
        inner join inputs on loads.source_name = inputs.source_name
    ) as latest
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of loads."""
    return ExpectationSuite(
        "loads",
        expectations=[
            blocking("quarantine", _QUARANTINE),
            blocking("unreadable column", _UNREADABLE),
            blocking("overwritten rows", _OVERWRITTEN),
            warning("refused file", _REFUSED),
            warning("emptied file", _EMPTIED),
        ],
    )


_QUARANTINE = """
select
    loads.entity as place,
    format(
        'Of the %s rows of %s that source %s brought last, %s went to quarantine,'
        ' most often for: %s',
        to_char(sum(loads.own_rows), 'FM999,999,999,990'),
        loads.entity,
        loads.source_name,
        to_char(sum(loads.quarantined), 'FM999,999,999,990'),
        coalesce((
            select rejected.field || ', ' || rejected.reason
            from quarantine.rejected_rows as rejected
            where
                rejected.source_name = loads.source_name
                and rejected.entity = loads.entity
                and rejected.load_id = loads.load_id
            group by rejected.field, rejected.reason
            order by count(*) desc, rejected.field || ', ' || rejected.reason
            limit 1
        ), 'not recorded')
    ) as observed,
    format(
        'at most %s %% are let through', to_char(100 * loads.maximum_quarantined_share, 'FM990')
    ) as expected,
    'correct the export or the source''s mapping and load again; quarantine.rejected_rows holds'
    || ' each row with its reason' as remedy
from (select * from {batch}) as loads
where loads.is_latest
group by loads.source_name, loads.entity, loads.load_id, loads.maximum_quarantined_share
having
    sum(loads.own_rows) >= 100
    and sum(loads.quarantined) > loads.maximum_quarantined_share * sum(loads.own_rows)
order by place
"""

_UNREADABLE = """
select
    loads.entity || '.' || emptied.field as place,
    format(
        'Of the %s rows of %s that source %s brought last, %s had a %s that can''t be read, most'
        ' often for: %s',
        to_char(loads.received, 'FM999,999,999,990'),
        loads.entity,
        loads.source_name,
        to_char(emptied.emptied, 'FM999,999,999,990'),
        emptied.field,
        emptied.reason
    ) as observed,
    format(
        'at most %s %% are let through', to_char(100 * loads.maximum_quarantined_share, 'FM990')
    ) as expected,
    'correct the export or the source''s mapping and load again; null_values names texts that mean'
    || ' no value' as remedy
from (
    select source_name, entity, load_id, maximum_quarantined_share, sum(own_rows) as received
    from {batch}
    where is_latest
    group by source_name, entity, load_id, maximum_quarantined_share
) as loads
inner join (
    select
        source_name, entity, load_id, field, sum(emptied) as emptied,
        (array_agg(reason order by emptied desc, reason))[1] as reason
    from quarantine.emptied_values
    group by source_name, entity, load_id, field
) as emptied
    on
        loads.source_name = emptied.source_name
        and loads.entity = emptied.entity
        and loads.load_id = emptied.load_id
where
    loads.received >= 100
    and emptied.emptied > loads.maximum_quarantined_share * loads.received
order by place
"""

_OVERWRITTEN = """
select
    entity as place,
    format(
        'Of the %s rows of %s that source %s brought last, %s were replaced by others of the same'
        ' file with the same key and other values',
        to_char(sum(own_rows), 'FM999,999,999,990'),
        entity,
        source_name,
        to_char(sum(overwritten), 'FM999,999,999,990')
    ) as observed,
    format('at most %s %% are let through', to_char(100 * maximum_folded_share, 'FM990'))
    as expected,
    'map a key that tells these rows apart; if the latest row of a key is the one that counts, say'
    || ' latest_by in the source''s section, or raise maximum_folded_share under [gates] in'
    || ' concord.toml' as remedy
from {batch}
where is_latest
group by source_name, entity, load_id, maximum_folded_share
having sum(own_rows) >= 100 and sum(overwritten) > maximum_folded_share * sum(own_rows)
order by place
"""

_REFUSED = """
select distinct
    rejected.file as place,
    format(
        'Nothing of %s is loaded, a file of source %s: %s',
        rejected.file, rejected.source_name, rtrim(rejected.reason, '.')
    ) as observed,
    'figures are without what is in it, or with what an earlier load brought' as expected,
    'correct it and run again' as remedy
from quarantine.rejected_rows as rejected
where
    rejected.is_file
    and rejected.source_name in (select source_name from {batch})
order by place
"""

_EMPTIED = """
select
    entity as place,
    format(
        '%s of source %s holds no row of %s now, and brought %s at once before',
        file, source_name, entity, to_char(max(own_rows), 'FM999,999,999,990')
    ) as observed,
    case
        when sum(removed) filter (where finished_at >= last_read_whole_at) > 0
            then format(
                'by that %s rows have left the warehouse',
                to_char(sum(removed) filter (where finished_at >= last_read_whole_at),
                    'FM999,999,999,990')
            )
        else 'what was loaded stays, and nothing new has come'
    end as expected,
    'check that the export still finds its rows, and that `where` takes none for another''s; on a'
    || ' day without any, nothing is to be done' as remedy
from {batch}
where kind = 'files'
group by source_name, entity, file
having
    sum(case when finished_at >= last_read_whole_at then own_rows else 0 end) = 0
    and max(own_rows) > 20
order by place
"""
