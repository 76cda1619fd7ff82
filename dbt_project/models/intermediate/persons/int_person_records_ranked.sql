{{ config(materialized='view') }}

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

-- Records of one person may disagree: the smallest record that knows decides, in every build.
final as (

    select
        *,
        row_number() over (
            partition by component
            order by
                case when birth_year is null then 1 else 0 end,
                case when generation is null then 1 else 0 end,
                customer_key
        ) as position
    from grouped

)

select * from final
