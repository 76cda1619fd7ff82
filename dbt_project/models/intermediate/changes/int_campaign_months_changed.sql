-- A changed send, cost or order moves the result of its campaign in all months of it.
with orders as (

    select
        campaign_key,
        period_start,
        loaded_at
    from {{ ref('int_orders_converted') }}
    where campaign_key is not null

),

sends as (

    select
        campaign_key,
        period_start,
        loaded_at
    from {{ ref('int_sends_dated') }}

),

costs as (

    select
        campaign_key,
        {{ month_start('cost_date') }} as period_start,
        loaded_at
    from {{ ref('int_campaign_costs_unioned') }}

),

activity as (

    select * from orders
    union all
    select * from sends
    union all
    select * from costs

),

changed as (

    select campaign_key from activity
    where loaded_at > {{ build_since() }}

    union

    select campaign_key from {{ ref('int_campaigns_unioned') }}
    where loaded_at > {{ build_since() }}

),

final as (

    select distinct period_start from activity
    where campaign_key in (select campaign_key from changed)

)

select * from final
