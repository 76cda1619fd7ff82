{{ config(materialized='view') }}

with records as (

    select * from {{ ref('int_person_records') }}

),

components as (

    select * from {{ ref('int_person_components') }}

),

-- Records of one person may disagree: the smallest record that knows decides, in every build.
final as (

    select
        records.*,
        components.component,
        row_number() over (
            partition by components.component
            order by
                case when records.birth_year is null then 1 else 0 end,
                case when records.generation is null then 1 else 0 end,
                records.customer_key
        ) as position
    from records
    inner join components on records.node = components.node

)

select * from final
