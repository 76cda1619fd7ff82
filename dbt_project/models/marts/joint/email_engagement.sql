{%- set known = {
    'openings': 'opened',
    'clicks': 'clicked',
    'unsubscriptions': 'unsubscribed',
} -%}

with recipients as (

    select * from {{ ref('int_email_recipients') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        recipients.period_start,
        recipients.campaign,
        recipients.channel,
        recipients.brand,
        coalesce(persons.generation, 'unknown') as generation,
        {% for what, done in known.items() %}
            count(recipients.has_{{ done }}) as {{ what }}_known_count,
            count(*) filter (where recipients.has_{{ done }}) as {{ done }}_count,
        {% endfor %}
        count(*) as delivered_count
    from recipients
    left join persons on recipients.person_number = persons.person_number
    group by 1, 2, 3, 4, 5

)

select * from final
