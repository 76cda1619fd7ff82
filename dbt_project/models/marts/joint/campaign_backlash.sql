with campaigns as (

    select
        campaign_key as campaign,
        name as campaign_name,
        coalesce(channel, 'unknown') as channel,
        coalesce(brand, 'unknown') as brand,
        starts_on,
        ends_on,
        {{ month_start('ends_on') }} as period_start
    from {{ ref('int_campaigns') }}
    where ends_on < {{ local_date(as_of()) }}

),

days as (

    select * from {{ ref('int_mention_days') }}

),

sends as (

    select
        campaign,
        cast(sum(delivered_count) as {{ dbt.type_bigint() }}) as delivered_count
    from {{ ref('campaign_reach') }}
    group by campaign

),

-- What is usual is what the 8 weeks before it had a day, without the days of a crisis.
counted as (

    select
        campaigns.campaign,
        count(*) filter (where calendar_date >= starts_on) as day_count,
        sum(case when calendar_date >= starts_on then negative_count else 0 end) as negative_count,
        count(*) filter (where calendar_date < starts_on and not is_in_crisis) as usual_day_count,
        sum(case when calendar_date < starts_on and not is_in_crisis then negative_count else 0 end)
            as usual_count
    from campaigns
    inner join days
        on
            campaigns.brand = days.brand
            and {{ add_days('campaigns.starts_on', -56) }} <= days.calendar_date
            and campaigns.ends_on >= days.calendar_date
    group by campaigns.campaign

),

final as (

    select
        campaigns.*,
        coalesce(sends.delivered_count, 0) as delivered_count,
        counted.day_count,
        counted.usual_day_count,
        cast(counted.negative_count as {{ dbt.type_bigint() }}) as negative_count,
        cast(
            cast(counted.usual_count as {{ dbt.type_float() }})
            * counted.day_count / counted.usual_day_count as {{ dbt.type_numeric() }}
        ) as expected_count,
        counted.campaign is not null as is_judged
    from campaigns
    left join sends on campaigns.campaign = sends.campaign
    left join counted
        on
            campaigns.campaign = counted.campaign
            and counted.day_count > 0
            and counted.usual_day_count >= 28

)

select * from final
