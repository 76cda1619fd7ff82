with responses as (

    select
        *,
        {{ global_key('response_id') }} as response_key,
        {{ global_key('customer_id', of='customers') }} as customer_key,
        {{ local_date('answered_at') }} as answered_date
    from {{ ref('stg_survey_responses') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

final as (

    select
        responses.response_key,
        links.person_number,
        responses.answered_at,
        {{ month_start('responses.answered_date') }} as period_start,
        responses.score,
        coalesce(responses.scale_max, 10) = 10 as is_usable,
        coalesce(responses.survey_kind, 'relational') as survey_kind,
        responses.channel,
        responses.brand,
        responses.source_name
    from responses
    left join links on responses.customer_key = links.customer_key
    where links.is_excluded is null or not links.is_excluded

)

select * from final
