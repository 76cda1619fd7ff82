"""Whether another source has the same ids for its customers, and nothing joins the two.

Persons themselves are recognised later, by dbt.
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import warning
from expectations.suites.raw.arrivals import Arrivals


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Find the customers' ids wherever they are, if there are other sources to compare with."""
    if not arrivals.others:
        return []
    return [_IDS.format(table=sql.Identifier("raw", name)) for name in arrivals.naming]


_IDS = sql.SQL(
    """
    select rows.source_name, rows.customer_id
    from {table} as rows
    cross join inputs
    where rows.source_name = inputs.source_name or rows.source_name = any(inputs.other_sources)
    """
)

# One row per other source that has some of 1,000 ids.
QUERY = sql.SQL(
    """
    with ids as (
        {parts}
    ),

    own as (
        select ids.customer_id
        from ids
        cross join inputs
        where ids.source_name = inputs.source_name and ids.customer_id is not null
        group by ids.customer_id
        order by md5(ids.customer_id)
        limit 1000
    ),

    shared as (
        select ids.source_name as other_name, count(distinct ids.customer_id) as id_count
        from ids
        inner join own on ids.customer_id = own.customer_id
        cross join inputs
        where ids.source_name <> inputs.source_name
        group by ids.source_name
    )

    select
        inputs.source_name,
        shared.other_name,
        shared.id_count,
        (select count(*) from own) as own_count,
        exists (
            select from raw.customers as ours
            inner join raw.customers as theirs
                on lower(trim(ours.email)) = lower(trim(theirs.email))
            where ours.source_name = inputs.source_name and theirs.source_name = shared.other_name
        ) or exists (
            select from raw.customer_identities as named
            where
                (named.source_name, named.identity_type) in (
                    (inputs.source_name, shared.other_name),
                    (shared.other_name, inputs.source_name)
                )
        ) as is_joined
    from shared
    cross join inputs
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of ids that two sources have."""
    return ExpectationSuite("joins", expectations=[warning("same ids", _SAME_IDS)])


_SAME_IDS = """
select
    other_name as place,
    format(
        'Of %s customers of source %s, %s have ids that source %s has too, and no person of the'
        ' two is known to be one',
        to_char(own_count, 'FM999,999,999,990'),
        source_name,
        to_char(id_count, 'FM999,999,999,990'),
        other_name
    ) as observed,
    'ids of two sources mean two persons unless concord.toml says otherwise' as expected,
    format(
        'add keys = "%s" to the source''s section if the ids mean the same customers, or'
        ' keys = "%s" if they don''t', other_name, source_name
    ) as remedy
from {batch}
where id_count >= 30 and 2 * id_count >= own_count and not is_joined
order by id_count desc, other_name
"""
