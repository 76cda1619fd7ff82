with sends as (

    select * from {{ ref('int_sends') }}
    where is_delivered and person_number is not null

),

reach as (

    select * from {{ ref('campaign_reach') }}
    where spend is not null

),

priced as (

    select
        sends.period_start,
        sends.campaign,
        sends.channel,
        sends.brand,
        sends.person_number
    from sends
    inner join reach
        on
            sends.campaign = reach.campaign
            and sends.channel = reach.channel
            and sends.period_start = reach.period_start

),

final as (

    {{ by_segments('priced', ['brand', 'channel', 'campaign'], {
        'person_count': 'count(distinct person_number)',
    }) }}

)

select * from final
