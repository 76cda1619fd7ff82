{{ config(
    materialized='table',
    indexes=[
        {'columns': ['customer_key'], 'unique': true},
        {'columns': ['person_id']},
        {'columns': ['build_since']}
    ]
) }}

with records as (

    select
        *,
        {{ dbt.hash('customer_key') }} as node
    from {{ ref('int_person_records') }}

),

components as (

    select * from {{ ref('int_person_components') }}

),

grouped as (

    select
        records.*,
        coalesce(components.component, records.node) as component
    from records
    left join components on records.node = components.node

),

persons as (

    select
        component,
        {{ dbt.hash('min(customer_key)') }} as person_id,
        max(case when is_excluded then 1 else 0 end) = 1 as is_excluded,
        max(loaded_at) as loaded_at
    from grouped
    group by component

),

last_build as (

    {{ last_links() }}

),

final as (

    select
        grouped.customer_key,
        persons.person_id,
        grouped.is_handle_record,
        persons.is_excluded,
        case
            when
                persons.loaded_at > {{ build_since() }}
                or last_build.person_id is null
                or last_build.person_id <> persons.person_id
                or last_build.is_excluded <> persons.is_excluded
                then {{ build_since() }}
            else last_build.build_since
        end as build_since
    from grouped
    inner join persons on grouped.component = persons.component
    left join last_build on grouped.customer_key = last_build.customer_key

)

select * from final
