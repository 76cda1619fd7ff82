{%- set scopes = {
    '': 'person_number, period_start',
    '_by_brand': 'person_number, period_start, brand',
    '_by_channel': 'person_number, period_start, channel',
} -%}

with purchases as (

    select * from {{ ref('int_purchase_revenue') }}

),

year_ago as (

    select
        person_number,
        {{ add_months('period_start', 12) }} as period_start,
        brand,
        channel,
        order_count,
        revenue
    from purchases

),

buyers as (

    select distinct
        person_number,
        period_start
    from year_ago
    where order_count > 0 and {{ is_reported_month('period_start') }}

),

-- Money belongs to the brand and channel of its order: each figure is about who bought there.
compared as (

    select
        person_number,
        period_start,
        brand,
        channel,
        coalesce(year_ago.order_count, 0) as orders_then,
        coalesce(year_ago.revenue, 0) as revenue_then,
        coalesce(purchases.revenue, 0) as revenue_now,
        (year_ago.order_count is null or year_ago.revenue is not null)
        and (purchases.order_count is null or purchases.revenue is not null) as is_known
    from year_ago
    full outer join purchases using (person_number, period_start, brand, channel)
    inner join buyers using (person_number, period_start)

),

-- An unknown amount is no revenue of 0: whoever has one in either month is compared with nobody.
final as (

    select
        {% for suffix, columns in scopes.items() %}
            sum(orders_then) over (partition by {{ columns }}) > 0 as has_bought{{ suffix }},
            bool_and(is_known) over (partition by {{ columns }}) as is_known{{ suffix }},
            row_number() over (partition by {{ columns }} order by brand, channel) = 1
                as {{ 'is_person' ~ suffix }},
        {% endfor %}
        person_number,
        period_start,
        brand,
        channel,
        revenue_then,
        revenue_now
    from compared

)

select * from final
