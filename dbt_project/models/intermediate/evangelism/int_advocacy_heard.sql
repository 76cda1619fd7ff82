-- Where no customer was ever heard or named as a referrer, silence is no data and not 0 %. Nobody
-- heard a text that no engine could judge.
with mentions as (

    select period_start
    from {{ ref('int_mentions') }}
    where
        sentiment_label is not null
        and person_number in (select person_number from {{ ref('int_purchase_intervals') }})

),

referrals as (

    select period_start
    from {{ ref('int_orders') }}
    where referrer_person_number is not null and not is_return

),

final as (

    select
        'mention' as act_kind,
        min(period_start) as period_start
    from mentions

    union all

    select
        'referral' as act_kind,
        min(period_start) as period_start
    from referrals

)

select * from final
