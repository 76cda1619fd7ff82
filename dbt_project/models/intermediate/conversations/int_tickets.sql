with tickets as (

    select
        *,
        {{ global_key('ticket_id') }} as ticket_key
    from {{ ref('stg_tickets') }}

),

final as (

    select
        row_number() over (order by ticket_key) as ticket_number,
        ticket_key,
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
        coalesce(status, 'open') in ('spam', 'test', 'merged') as is_excluded
    from tickets

)

select * from final
