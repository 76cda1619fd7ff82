with staged as (

    {{ union_staging('satisfaction_ratings') }}

),

final as (

    select
        {{ global_key('rating_id') }} as rating_key,
        {{ global_key('ticket_id') }} as ticket_key,
        {{ global_key('customer_id') }} as customer_key,
        rated_at,
        offered_at,
        score,
        scale_max,
        channel,
        brand,
        {{ global_key('agent_id') }} as agent_key,
        source_name,
        loaded_at
    from staged

)

select * from final
