{%- set scopes = {'': 'sentiment_label', '_by_brand': 'sentiment_label, brand'} -%}

with mentions as (

    select * from {{ ref('int_mentions') }}

),

messages as (

    select * from {{ ref('stg_messages') }}

),

heard as (

    select
        mentions.*,
        messages.audience,
        messages.likes,
        messages.reposts,
        messages.replies,
        messages.text,
        case mentions.sentiment_label when 'positive' then 1 when 'negative' then -1 else 0 end
            as sentiment_balance
    from mentions
    inner join messages
        on
            mentions.source_name = messages.source_name
            and mentions.message_id = messages.message_id

),

-- Who praises, or scolds, several times a month on one channel is heard by the same people.
ranked as (

    select
        *,
        {% for suffix, side in scopes.items() %}
            row_number() over (
                partition by
                    person_number,
                    case when person_number is null then message_number end,
                    channel,
                    period_start,
                    {{ side }}
                order by coalesce(audience, -1) desc, message_number
            ) as {{ 'position' ~ suffix }},
        {% endfor %}
        coalesce(audience, 0) as followers
    from heard

),

final as (

    select
        *,
        case when position = 1 then followers else 0 end as reach,
        case when position_by_brand = 1 then followers else 0 end as reach_by_brand
    from ranked

)

select * from final
