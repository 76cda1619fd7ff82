-- Of a campaign that several sources list, the source counts whose ids it has.
with campaigns as (

    select
        *,
        {{ global_key('campaign_id', of='campaigns') }} as campaign_key,
        {{ global_key('campaign_id') }} as own_key
    from {{ ref('stg_campaigns') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by campaign_key
            order by case when campaign_key = own_key then 0 else 1 end, source_name
        ) as position
    from campaigns

),

final as (

    select
        campaign_key,
        name,
        channel,
        brand,
        starts_on,
        ends_on
    from ranked
    where position = 1

)

select * from final
