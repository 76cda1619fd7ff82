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

sent_to as (

    {{ by_segments('priced', ['brand', 'channel', 'campaign'], {
        'person_count': 'count(distinct person_number)',
    }) }}

),

ads as (

    {{ by_segments(ref('campaign_reach'), ['brand', 'channel', 'campaign'], {
        'person_count': 'sum(ads_reach)',
    }, 'spend is not null and ads_reach > 0') }}

),

-- Whom an ad reached nobody knows by name: they stand beside those who got a send.
final as (

    select
        period_start,
        segment_name,
        segment_value,
        cast(
            coalesce(sent_to.person_count, 0) + coalesce(ads.person_count, 0)
            as {{ dbt.type_bigint() }}
        ) as person_count
    from sent_to
    full outer join ads using (period_start, segment_name, segment_value)

)

select * from final
