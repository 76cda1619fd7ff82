{{ config(materialized='table', indexes=[{'columns': ['person_id'], 'unique': true}]) }}

with links as (

    select * from {{ ref('int_person_links') }}
    where not is_excluded

),

final as (

    select
        person_id,
        max(generation) as generation,
        max(birth_year) as birth_year,
        sum(case when is_handle_record then 0 else 1 end) as customer_count,
        sum(case when is_handle_record then 1 else 0 end) as handle_count
    from links
    group by person_id

)

select * from final
