with mentions as (

    select
        brand,
        began_at,
        count(*) as negative_count,
        sum(audience) as reach,
        string_agg(case when position <= 3 then message_key end, ', ' order by position)
            as sample_message_keys
    from {{ ref('int_crisis_mentions') }}
    group by brand, began_at

),

replies as (

    select * from {{ ref('int_crisis_replies') }}

),

-- A crisis is linked to what at least three of its mentions, and a tenth, speak of.
subjects as (

    select subjects.*
    from {{ ref('int_crisis_subjects') }} as subjects
    inner join mentions
        on
            subjects.brand = mentions.brand
            and subjects.began_at = mentions.began_at
            and mentions.negative_count <= 10 * subjects.subject_mention_count
    where subjects.position = 1 and subjects.subject_mention_count >= 3

),

final as (

    select
        crises.brand,
        crises.began_at,
        crises.detected_at,
        crises.peaked_at,
        crises.ended_at,
        crises.period_start,
        cast(crises.peak_count as {{ dbt.type_bigint() }}) as peak_count,
        cast(crises.peak_expected as {{ dbt.type_numeric() }}) as peak_expected,
        coalesce(mentions.negative_count, 0) as negative_count,
        cast(mentions.reach as {{ dbt.type_bigint() }}) as reach,
        mentions.sample_message_keys,
        campaign.subject_key as campaign_key,
        campaign.subject_name as campaign_name,
        campaign.subject_mention_count as campaign_mention_count,
        {% for kind in ['promise', 'product'] %}
            {{ kind }}.subject_name as {{ kind }},
            {{ kind }}.subject_mention_count as {{ kind }}_mention_count,
        {% endfor %}
        replies.first_reply_at,
        {{ minutes_between('crises.began_at', 'crises.detected_at') }} as detection_minutes,
        {{ minutes_between('crises.began_at', 'replies.first_reply_at') }} as first_reply_minutes,
        {{ minutes_between('crises.began_at', 'crises.ended_at') }} / 1440 as days_to_baseline,
        true as is_crisis,
        replies.first_reply_at is not null as is_replied,
        crises.ended_at is not null as is_over
    from {{ ref('int_crises') }} as crises
    left join mentions using (brand, began_at)
    left join replies using (brand, began_at)
    {% for kind in ['campaign', 'promise', 'product'] %}
        left join subjects as {{ kind }}
            on
                crises.brand = {{ kind }}.brand
                and crises.began_at = {{ kind }}.began_at
                and {{ kind }}.subject_kind = '{{ kind }}'
    {% endfor %}

)

select * from final
