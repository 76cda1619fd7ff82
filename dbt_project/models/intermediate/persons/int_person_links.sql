{{ config(
    materialized='table',
    indexes=[
        {'columns': ['customer_key'], 'unique': true},
        {'columns': ['person_id']},
        {'columns': ['build_since']}
    ]
) }}

with ranked as (

    select * from {{ ref('int_person_records_ranked') }}

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

last_build as (

    {{ last_links() }}

),

-- Whatever else a record brings, a link changes only with what others read of it: a new record
-- that joins an old person leaves that person's months as they are.
final as (

    select
        ranked.customer_key,
        persons.person_id,
        ranked.is_handle_record,
        persons.is_excluded,
        persons.birth_year,
        persons.generation,
        case
            when
                last_build.person_id is null
                or last_build.person_id <> persons.person_id
                or last_build.is_excluded <> persons.is_excluded
                or coalesce(last_build.generation, '') <> coalesce(persons.generation, '')
                then {{ build_since() }}
            else last_build.build_since
        end as build_since
    from ranked
    inner join persons on ranked.component = persons.component
    left join last_build on ranked.customer_key = last_build.customer_key

)

select * from final
