{{ config(materialized='table', indexes=[{'columns': ['person_id'], 'unique': true}]) }}

with records as (

    select * from {{ ref('int_person_records') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

-- Records of one person may disagree: the smallest record that knows decides, in every build.
ranked as (

    select
        links.person_id,
        links.is_handle_record,
        records.birth_year,
        records.generation,
        records.first_seen_at,
        row_number() over (
            partition by links.person_id
            order by
                case when records.birth_year is null then 1 else 0 end,
                case when records.generation is null then 1 else 0 end,
                records.customer_key
        ) as position
    from links
    inner join records on links.customer_key = records.customer_key
    where not links.is_excluded

),

final as (

    select
        person_id,
        max(case when position = 1 then generation end) as generation,
        max(case when position = 1 then birth_year end) as birth_year,
        sum(case when is_handle_record then 0 else 1 end) as customer_count,
        sum(case when is_handle_record then 1 else 0 end) as handle_count,
        min(first_seen_at) as first_seen_at
    from ranked
    group by person_id

)

select * from final
