"""Whether identities are of a kind by which persons are recognised.

A kind that is neither e-mail nor phone is a network's name or another source's: any is taken, and
one that is misspelt recognises nobody.
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import warning
from expectations.suites.raw.arrivals import Arrivals

QUERY = sql.SQL("{parts}")


def parts(arrivals: Arrivals) -> list[sql.Composable]:
    """Find kinds of which the values are e-mails or phones, or that are almost a source's name."""
    names = {entity.name for entity in arrivals.entities}
    return [_KINDS] if "customer_identities" in names else []


# One row per kind; a network that any source has messages of is one.
_KINDS = sql.SQL(
    """
    select
        inputs.source_name,
        rows.identity_type,
        count(*) as row_count,
        case
            when rows.identity_type = any(inputs.sources) then null
            when bool_and(rows.identity_value ~ '^[^@\\s]+@[^@\\s]+[.][^@\\s]+$') then 'email'
            when bool_and(rows.identity_value ~ '^\\s*([+]|00)[0-9 ()/.-]{7,}$') then 'phone'
            else (
                select min(name) from unnest(inputs.sources) as name
                where lower(name) = lower(trim(rows.identity_type))
            )
        end as likely
    from raw.customer_identities as rows
    cross join inputs
    where
        rows.source_name = inputs.source_name
        and lower(trim(rows.identity_type)) not in ('email', 'phone')
        and not exists (
            select from raw.messages
            where lower(messages.channel) = lower(trim(rows.identity_type))
        )
    group by inputs.source_name, inputs.sources, rows.identity_type
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of the kinds of identities."""
    return ExpectationSuite("identities", expectations=[warning("identity kind", _KIND)])


_KIND = """
select
    identity_type as place,
    format(
        'Source %s brought %s %s of customer_identities with the identity_type ''%s'', by which'
        ' nobody is recognised',
        source_name, to_char(row_count, 'FM999,999,999,990'),
        case when row_count = 1 then 'row' else 'rows' end, identity_type
    ) as observed,
    'email, phone, a network''s name or another source''s is expected' as expected,
    format('map it to %s in the source''s mapping, if it is that', likely) as remedy
from {batch}
where likely is not null
order by row_count desc, identity_type
"""
