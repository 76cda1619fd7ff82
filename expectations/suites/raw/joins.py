"""Whether another source has the same ids for its customers, and nothing joins the two.

Persons themselves are recognised later, by dbt.
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import warning
from expectations.suites.raw.arrivals import Arrivals

QUERY = sql.SQL("{parts}")


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Find the customers' ids wherever they are, if there are other sources to compare with."""
    if not arrivals.others:
        return []
    ids = [_IDS.format(table=sql.Identifier("raw", name)) for name in arrivals.naming]
    return [
        _QUERY.format(
            ids=sql.SQL(" union all ").join(ids),
            known=_KNOWN if arrivals.has_identifiers else _NOTHING_KNOWN,
            have_persons=_HAVE_PERSONS if arrivals.has_persons else sql.SQL("false"),
        )
    ]


_IDS = sql.SQL(
    """
    select rows.source_name, rows.customer_id
    from {table} as rows
    cross join inputs
    where rows.source_name = inputs.source_name or rows.source_name = any(inputs.other_sources)
    """
)

# How the e-mails and phones of earlier runs are compared.
_KNOWN = sql.SQL("select kind, written_hash, key_hash, refusal from analytics.identifiers")
_NOTHING_KNOWN = sql.SQL(
    """
    select null::text as kind, null::text as written_hash, null::text as key_hash,
        null::text as refusal
    where false
    """
)

# Persons of the last run, recognised by whatever it was.
_HAVE_PERSONS = sql.SQL(
    """
    exists (
        select from intermediate.int_person_sources as ours
        inner join intermediate.int_person_sources as theirs using (person_number)
        where ours.source_name = inputs.source_name and theirs.source_name = shared.other_name
    )
    """
)

# One row per other source that has some of 1,000 ids. What no run has normalised yet is compared by
# what is likely: a phone by its last nine digits, anything else in small letters.
_QUERY = sql.SQL(
    """
    with ids as (
        {ids}
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
    ),

    written as (
        select source_name, 'email' as kind, email as identifier from raw.customers
        union all
        select source_name, 'phone', phone from raw.customers
        union all
        select source_name, lower(trim(identity_type)), identity_value
        from raw.customer_identities
    ),

    known as (
        {known}
    ),

    identifiers as (
        select
            written.source_name,
            written.kind,
            known.key_hash,
            case written.kind
                when 'phone' then right(regexp_replace(written.identifier, '\\D', '', 'g'), 9)
                else ltrim(lower(trim(written.identifier)), '@')
            end as likely
        from written
        cross join inputs
        left join known
            on written.kind = known.kind and md5(written.identifier) = known.written_hash
        where
            known.refusal is null
            and (
                known.key_hash is not null
                or written.kind <> 'phone'
                or inputs.has_phone_country
                or lower(trim(written.identifier)) ~ '^([+]|00|[0-9a-f]{{32,}}$)'
            )
    )

    select
        inputs.source_name,
        shared.other_name,
        shared.id_count,
        (select count(*) from own) as own_count,
        {have_persons} or exists (
            select from raw.customer_identities as named
            where
                (named.source_name, named.identity_type) in (
                    (inputs.source_name, shared.other_name),
                    (shared.other_name, inputs.source_name)
                )
        ) or exists (
            select from identifiers as ours
            inner join identifiers as theirs using (key_hash)
            where ours.source_name = inputs.source_name and theirs.source_name = shared.other_name
        ) or exists (
            select from identifiers as ours
            inner join identifiers as theirs using (kind, likely)
            where
                ours.source_name = inputs.source_name and theirs.source_name = shared.other_name
                and length(likely) >= 7
                and (ours.key_hash is null or theirs.key_hash is null)
        ) as is_joined
    from shared
    cross join inputs
    where shared.id_count >= 30 and 2 * shared.id_count >= (select count(*) from own)
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
where not is_joined
order by id_count desc, other_name
"""
