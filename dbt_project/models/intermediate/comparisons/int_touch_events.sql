-- The first touch of a month by each channel, and of these the first of the department.
with touches as (

    select
        'service' as department,
        coalesce(channel, 'unknown') as channel,
        {{ month_start(local_date('first_reply_at')) }} as period_start,
        person_number,
        opened_at as began_at,
        first_reply_at as happened_at
    from {{ ref('int_conversations') }}
    where first_reply_at is not null

    union all

    select
        'marketing' as department,
        channel,
        period_start,
        person_number,
        sent_at as began_at,
        sent_at as happened_at
    from {{ ref('int_sends') }}
    where is_delivered

),

by_channel as (

    select
        department,
        channel,
        period_start,
        person_number,
        min(began_at) as began_at,
        min(happened_at) as happened_at
    from touches
    where person_number is not null
    group by 1, 2, 3, 4

),

final as (

    select
        department || ' ' || channel as event,
        period_start,
        person_number,
        began_at,
        happened_at
    from by_channel

    union all

    select
        department as event,
        period_start,
        person_number,
        min(began_at) as began_at,
        min(happened_at) as happened_at
    from by_channel
    group by 1, 2, 3

)

select * from final
