with costs as (

    select * from {{ ref('int_campaign_costs') }}
    where {{ is_reported_month('period_start') }}

),

final as (

    select
        campaign_key as campaign,
        coalesce(channel, 'unknown') as channel,
        period_start,
        {{ known_sum("case when cost_kind = 'media' then amount else 0 end") }} as media_spend,
        {{ known_sum("case when cost_kind = 'labour' then amount else 0 end") }} as labour_spend,
        {{ known_sum("case when cost_kind = 'tools' then amount else 0 end") }} as tools_spend,
        {{ known_sum('amount') }} as known_spend
    from costs
    group by 1, 2, 3

)

select * from final
