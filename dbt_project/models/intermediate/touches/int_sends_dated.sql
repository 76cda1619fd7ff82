{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget(\"'campaigns'\", 'touch_key', changed_keys('campaign_touches', 'touch_id')) }}",
    indexes=[
        {'columns': ['touch_key'], 'unique': true},
        {'columns': ['customer_key']},
        {'columns': ['campaign_key']},
        {'columns': ['period_start']},
        {'columns': ['loaded_at']}
    ]
) }}

with touches as (

    select
        *,
        {{ local_date('sent_at') }} as sent_date
    from {{ ref('int_campaign_touches_unioned') }}
    {{ only_loaded() }}

),

final as (

    select
        touch_key,
        customer_key,
        campaign_key,
        sent_at,
        sent_date,
        {{ month_start('sent_date') }} as period_start,
        channel,
        coalesce(status, 'delivered') <> 'bounced' as is_delivered,
        loaded_at
    from touches

)

select * from final
