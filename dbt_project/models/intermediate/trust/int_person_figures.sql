with counts as (

    select * from {{ ref('int_record_counts') }}

),

identities as (

    select * from {{ ref('int_identity_counts') }}

),

persons as (

    select
        count(*) as person_count,
        count(*) filter (where is_customer) as customer_count
    from {{ ref('int_persons') }}

),

-- Where no source lists its customers, nobody can say whose a record is.
final as (

    select
        'identity_match' as figure,
        'all' as subject,
        case when max(persons.customer_count) > 0 then sum(counts.matched_count) end as numerator,
        sum(counts.record_count) as denominator,
        max(counts.newest_at) as measured_at
    from counts
    cross join persons

    union all

    select
        'orders_without_person' as figure,
        'all' as subject,
        sum(record_count - named_count) as numerator,
        sum(record_count) as denominator,
        max(newest_at) as measured_at
    from counts
    where entity = 'orders'

    union all

    select
        case
            when identities.refusal is null then 'persons_joined'
            else 'identifiers_refused'
        end as figure,
        identities.key_kind || coalesce(' ' || identities.refusal, '') as subject,
        case
            when identities.refusal is null then identities.person_count
            else identities.record_count
        end as numerator,
        case
            when identities.refusal is null then persons.person_count
            else identities.identifier_count
        end as denominator,
        null as measured_at
    from identities
    cross join persons

    union all

    select
        'persons_shared' as figure,
        source_name || ' + ' || other_name as subject,
        shared_count as numerator,
        smaller_count as denominator,
        null as measured_at
    from {{ ref('int_source_pairs') }}

)

select * from final
