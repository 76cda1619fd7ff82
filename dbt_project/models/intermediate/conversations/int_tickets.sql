with tickets as (

    select
        *,
        {{ global_key('ticket_id', of='tickets') }} as ticket_key
    from {{ ref('stg_tickets') }}

),

-- Of a ticket that several sources list, the source counts whose ids it has.
ranked as (

    select
        *,
        row_number() over (
            partition by ticket_key
            order by
                case when ticket_key = {{ global_key('ticket_id') }} then 0 else 1 end,
                source_name
        ) as position
    from tickets

),

campaigns as (

    select * from {{ ref('int_campaign_keys') }}

),

agents as (

    select * from {{ ref('int_ticket_agents') }}

),

final as (

    select
        row_number() over (order by ranked.ticket_key) as ticket_number,
        ranked.ticket_key,
        {{ global_key('customer_id', 'ranked', of='customers') }} as customer_key,
        ranked.created_at,
        ranked.solved_at,
        ranked.status,
        ranked.kind,
        ranked.channel,
        ranked.brand,
        ranked.topic,
        ranked.priority,
        agents.team,
        campaigns.campaign_key,
        ranked.first_reply_due_at,
        ranked.solve_due_at,
        agents.is_opened_by_agent,
        ranked.source_name,
        coalesce(ranked.status, 'open') in ('spam', 'test', 'merged') as is_excluded
    from ranked
    left join campaigns
        on ranked.source_name = campaigns.source_name and ranked.campaign_id = campaigns.campaign_id
    left join agents on ranked.ticket_key = agents.ticket_key
    where ranked.position = 1

)

select * from final
