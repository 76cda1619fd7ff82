with staged as (

    {{ union_staging('campaign_touches') }}

),

final as (

    select
        {{ global_key('touch_id') }} as touch_key,
        {{ global_key('campaign_id') }} as campaign_key,
        {{ global_key('customer_id') }} as customer_key,
        sent_at,
        channel,
        status,
        source_name,
        loaded_at
    from staged

)

select * from final
