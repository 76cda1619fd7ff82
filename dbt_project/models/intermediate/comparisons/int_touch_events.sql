with touches as (

    select
        'service' as department,
        coalesce(channel, 'unknown') as channel,
        person_number,
        opened_at as began_at,
        first_reply_at as happened_at
    from {{ ref('int_conversations') }}
    where first_reply_at is not null

    union all

    select
        'marketing' as department,
        channel,
        person_number,
        sent_at as began_at,
        sent_at as happened_at
    from {{ ref('int_sends') }}
    where is_delivered

),

final as (

    {% for event in ['department', "department || ' ' || channel"] %}
        select
            {{ event }} as event,
            person_number,
            began_at,
            happened_at
        from touches
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
