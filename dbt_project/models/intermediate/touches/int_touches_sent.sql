-- A message that bounced reached nobody.
with sends as (

    select * from {{ ref('int_sends') }}
    where is_delivered

),

final as (

    select
        touch_key,
        person_number,
        sent_at as touched_at,
        case when status = 'delivered' then 'sent' else status end as kind,
        'marketing' as department,
        'outbound' as role,
        channel,
        false as is_public,
        campaign,
        cast(null as {{ dbt.type_string() }}) as ticket_key,
        source_name
    from sends
    where person_number is not null

)

select * from final
