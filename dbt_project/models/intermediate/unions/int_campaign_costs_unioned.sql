with staged as (

    {{ union_staging('campaign_costs') }}

),

final as (

    select
        {{ global_key('campaign_id') }} as campaign_key,
        channel,
        cost_kind,
        cost_date,
        amount,
        currency,
        source_name,
        loaded_at
    from staged

)

select * from final
