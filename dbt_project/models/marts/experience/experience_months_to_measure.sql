{{ config(materialized="view", schema="intermediate") }}

with final as (
    select distinct period_start
    from {{ ref("int_months_to_refresh") }}
    where area in ('service', 'social')
)

select * from final
