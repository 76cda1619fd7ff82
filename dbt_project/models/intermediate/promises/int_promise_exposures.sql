with named as (

    select
        campaign_key,
        campaign_id as campaign
    from {{ ref('int_campaign_keys') }}

    union

    select
        campaign_key,
        name as campaign
    from {{ ref('int_campaigns') }}

),

campaigns as (

    select distinct
        promises.promise_id,
        promises.valid_from,
        promises.valid_to,
        named.campaign_key
    from {{ source('concord', 'promises') }} as promises
    inner join {{ source('concord', 'promise_campaigns') }} as campaigns
        on promises.promise_id = campaigns.promise_id
    inner join named on lower(trim(campaigns.campaign)) = lower(trim(named.campaign))

),

final as (

    select
        campaigns.promise_id as event,
        sends.person_number,
        sends.sent_at as began_at,
        sends.sent_at as happened_at
    from campaigns
    inner join {{ ref('int_sends') }} as sends
        on
            campaigns.campaign_key = sends.campaign
            and {{ local_date('sends.sent_at') }} >= campaigns.valid_from
            and (
                campaigns.valid_to is null
                or {{ local_date('sends.sent_at') }} <= campaigns.valid_to
            )
    where sends.is_delivered

)

select * from final
