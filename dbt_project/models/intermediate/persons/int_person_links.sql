{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='customer_key',
    pre_hook="{{ forget_vanished_records() }}",
    indexes=[
        {'columns': ['customer_key'], 'unique': true},
        {'columns': ['person_id']},
        {'columns': ['build_since']}
    ]
) }}

with ranked as (

    select * from {{ ref('int_person_records_ranked') }}

),

records as (

    select * from {{ ref('int_person_records') }}

),

-- A customer whose handle becomes known stays the same person.
persons as (

    select
        component,
        {{ dbt.hash(
            'coalesce(min(case when not is_handle_record then customer_key end), min(customer_key))'
        ) }} as person_id,
        max(case when is_excluded then 1 else 0 end) = 1 as is_excluded,
        max(case when position = 1 then birth_year end) as birth_year,
        max(case when position = 1 then generation end) as generation
    from ranked
    group by component

),

links as (

    select
        ranked.customer_key,
        persons.person_id,
        ranked.is_handle_record,
        persons.is_excluded,
        persons.birth_year,
        persons.generation
    from ranked
    inner join persons on ranked.component = persons.component

    union all

    -- Most records are linked to no other one, and are a person each.
    select
        customer_key,
        node as person_id,
        is_handle_record,
        is_excluded,
        birth_year,
        generation
    from records
    where node not in (select node from {{ ref('int_person_components') }})

),

-- Whatever else a record brings, a link changes only with what others read of it: a new record
-- that joins an old person leaves that person's months as they are.
final as (

    select
        *,
        {{ build_since() }} as build_since
    from links

)

select * from final
{% if is_incremental() %}
    where not exists (
        select 1 from {{ this }} as stored
        where
            final.customer_key = stored.customer_key
            and final.person_id = stored.person_id
            and final.is_excluded = stored.is_excluded
            and coalesce(final.birth_year, 0) = coalesce(stored.birth_year, 0)
            and coalesce(final.generation, '') = coalesce(stored.generation, '')
    )
{% endif %}
