with sends as (

    select * from {{ ref('int_sends') }}
    where is_delivered and person_number is not null

),

unpriced as (

    select distinct
        campaign,
        period_start
    from {{ ref('campaign_reach') }}
    where spend is null

),

priced as (

    select sends.*
    from sends
    left join unpriced
        on
            sends.campaign = unpriced.campaign
            and sends.period_start = unpriced.period_start
    where unpriced.campaign is null

),

final as (

    {{ by_segments('priced', ['brand', 'channel', 'campaign'], {
        'person_count': 'count(distinct person_number)',
    }) }}

)

select * from final
