with final as (

    select
        touch_key,
        person_number,
        campaign,
        channel,
        brand,
        sent_at,
        period_start,
        status,
        is_delivered,
        is_unsubscribed,
        source_name
    from {{ ref('int_campaign_assignments') }}
    where not is_control

)

select * from final
