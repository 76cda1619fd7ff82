with mentions as (

    select * from {{ ref('int_mentions') }}

),

parents as (

    select * from {{ ref('int_message_parents') }}

),

orders as (

    select * from {{ ref('int_orders') }}
    where not is_return and {{ is_reported_month('period_start') }}

),

buyers as (

    select * from {{ ref('int_purchase_intervals') }}
    where is_first

),

-- A reply to the brand, or a word under the brand's post, was asked for.
praises as (

    select
        mentions.message_key as act_key,
        'mention' as act_kind,
        mentions.person_number,
        mentions.period_start,
        mentions.sent_at as acted_at,
        mentions.channel,
        mentions.brand
    from mentions
    left join parents on mentions.parent_number = parents.message_number
    left join parents as roots on mentions.root_number = roots.message_number
    where
        mentions.sentiment_label = 'positive'
        and mentions.campaign_key is null
        and mentions.person_number is not null
        and not coalesce(parents.is_by_company, false)
        and not coalesce(roots.is_by_company, false)

),

referrals as (

    select
        orders.order_key as act_key,
        'referral' as act_kind,
        orders.referrer_person_number as person_number,
        orders.period_start,
        orders.ordered_at as acted_at,
        orders.channel,
        orders.brand
    from orders
    inner join buyers
        on
            orders.person_number = buyers.person_number
            and orders.order_date = buyers.first_order_date
    where orders.referrer_person_number <> orders.person_number

),

final as (

    select * from praises

    union all

    select * from referrals

)

select * from final
