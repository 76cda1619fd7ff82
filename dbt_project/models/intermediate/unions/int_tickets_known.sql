with staged as (

    {{ union_staging('tickets') }}

),

final as (

    select
        {{ global_key('ticket_id') }} as ticket_key,
        {{ global_key('customer_id') }} as customer_key,
        created_at,
        solved_at,
        status,
        kind,
        channel,
        brand,
        topic,
        {{ global_key('agent_id') }} as agent_key,
        {{ global_key('campaign_id') }} as campaign_key,
        source_name,
        loaded_at,
        coalesce(status, 'open') in ('spam', 'test', 'merged') as is_excluded
    from staged

)

select * from final
