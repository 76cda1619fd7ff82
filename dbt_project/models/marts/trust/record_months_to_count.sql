{{ config(materialized="view", schema="intermediate") }}

with final as (
    select distinct period_start
    from {{ ref("int_months_to_refresh") }}
    where area in ('orders', 'service', 'social', 'messages', 'campaigns', 'surveys')
)

select * from final
