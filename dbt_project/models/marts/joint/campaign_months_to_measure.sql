{{ config(materialized="view", schema="intermediate") }}

-- Orders bring campaigns their margin; conversations decide which complaints were open.
with final as (
    select distinct period_start
    from {{ ref("int_months_to_refresh") }}
    where area in ('campaigns', 'orders', 'service', 'social')
)

select * from final
