{%- set scopes = {
    '': 'person_number, period_start',
    '_by_brand': 'person_number, period_start, brand',
    '_by_channel': 'person_number, period_start, channel',
} -%}

with orders as (

    select * from {{ ref('int_orders') }}
    where not is_return

),

purchases as (

    select * from {{ ref('int_purchase_revenue') }}

),

firsts as (

    select * from {{ ref('int_purchase_intervals') }}
    where is_first

),

-- What brought somebody, the orders of the first day say: a friend, before any campaign.
brought as (

    select
        firsts.person_number,
        firsts.first_month,
        case
            when bool_or(orders.referrer_person_number is not null) then 'referred'
            when bool_or(orders.campaign_key is not null) then 'campaign'
            else 'unknown'
        end as reason
    from firsts
    inner join orders
        on
            firsts.person_number = orders.person_number
            and firsts.first_order_date = orders.order_date
    group by firsts.person_number, firsts.first_month

),

-- New is who wasn't there in the month a year ago, with which the month is compared.
final as (

    select
        {% for suffix, columns in scopes.items() %}
            count(*) over (partition by {{ columns }})
            = count(purchases.revenue) over (partition by {{ columns }})
                as {{ 'is_known' ~ suffix }},
            row_number() over (partition by {{ columns }} order by brand, channel) = 1
                as {{ 'is_person' ~ suffix }},
        {% endfor %}
        person_number,
        purchases.period_start,
        purchases.brand,
        purchases.channel,
        purchases.revenue,
        brought.reason
    from purchases
    inner join brought using (person_number)
    where
        purchases.period_start >= brought.first_month
        and purchases.period_start < {{ add_months('brought.first_month', 12) }}

)

select * from final
