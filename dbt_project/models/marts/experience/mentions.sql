with mentions as (

    select * from {{ ref('int_mentions_heard') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        mentions.message_key,
        mentions.conversation_key,
        persons.person_id,
        mentions.sent_at,
        mentions.period_start,
        coalesce(mentions.channel, 'unknown') as channel,
        coalesce(mentions.brand, 'unknown') as brand,
        coalesce(persons.generation, 'unknown') as generation,
        coalesce(mentions.campaign_key, 'none') as campaign,
        coalesce(mentions.language, 'unknown') as language,
        mentions.sentiment,
        mentions.sentiment_label,
        mentions.audience,
        mentions.likes,
        mentions.reposts,
        mentions.replies,
        mentions.text,
        case when mentions.sentiment_label is not null then 1 else 0 end as scored_count,
        case when mentions.sentiment_label = 'positive' then 1 else 0 end as positive_count,
        case when mentions.sentiment_label = 'negative' then 1 else 0 end as negative_count,
        {% for suffix in ['', '_by_brand'] %}
            case when sentiment_label = 'negative' then reach{{ suffix }} else 0 end
                as {{ 'negative_reach' ~ suffix }},
            sentiment_balance * reach{{ suffix }} as {{ 'net_reach' ~ suffix }},
        {% endfor %}
        mentions.sentiment_balance
    from mentions
    left join persons on mentions.person_number = persons.person_number

)

select * from final
