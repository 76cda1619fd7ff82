{{ config(materialized='table', indexes=[{'columns': ['person_id'], 'unique': true}]) }}

with links as (

    select * from {{ ref('int_person_links') }}
    where not is_excluded

),

records as (

    select * from {{ ref('int_person_records') }}

),

final as (

    select
        links.person_id,
        max(links.generation) as generation,
        max(links.birth_year) as birth_year,
        sum(case when links.is_handle_record then 0 else 1 end) as customer_count,
        sum(case when links.is_handle_record then 1 else 0 end) as handle_count,
        min(records.first_seen_at) as first_seen_at
    from links
    inner join records on links.customer_key = records.customer_key
    group by links.person_id

)

select * from final
