-- A ticket that an agent opened is no contact of the customer's.
with tickets as (

    select * from {{ ref('int_tickets') }}
    where
        not is_excluded
        and not coalesce(is_opened_by_agent, false)

),

links as (

    select * from {{ ref('int_person_links') }}
    where not is_excluded

),

final as (

    select
        tickets.ticket_key as touch_key,
        links.person_number,
        tickets.created_at as touched_at,
        'ticket' as kind,
        cast(null as {{ dbt.type_string() }}) as department,
        'contact' as role,
        coalesce(tickets.channel, 'unknown') as channel,
        false as is_public,
        coalesce(tickets.campaign_key, 'none') as campaign,
        tickets.ticket_key,
        tickets.source_name
    from tickets
    inner join links on tickets.customer_key = links.customer_key

)

select * from final
