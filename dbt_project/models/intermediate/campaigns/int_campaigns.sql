with campaigns as (

    select * from {{ ref('stg_campaigns') }}

),

final as (

    select
        {{ global_key('campaign_id') }} as campaign_key,
        name,
        channel,
        brand
    from campaigns

)

select * from final
