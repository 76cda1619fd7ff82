with records as (

    select * from {{ ref('int_person_records') }}

),

components as (

    select * from {{ ref('int_person_components') }}

),

-- Most records are linked to no other one, and are a person each. Records of one person may
-- disagree: the smallest record that knows decides, in every build.
final as (

    select
        records.*,
        coalesce(components.component, records.record_number) as component,
        row_number() over (
            partition by coalesce(components.component, records.record_number)
            order by
                case when records.birth_year is null then 1 else 0 end,
                case when records.generation is null then 1 else 0 end,
                records.customer_key
        ) as position
    from records
    left join components on records.record_number = components.record_number

)

select * from final
