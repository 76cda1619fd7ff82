{{ config(materialized="view", schema="intermediate") }}

with final as (
    select period_start
    from {{ ref("int_months_to_refresh") }}
    where area = 'records'
)

select * from final
