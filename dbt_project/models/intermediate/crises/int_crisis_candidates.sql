{%- set days_before = {'campaign': 7, 'product': 365} -%}

with crises as (

    select
        *,
        {{ local_date('began_at') }} as began_on
    from {{ ref('int_crises') }}

),

campaigns as (

    select
        'campaign' as subject_kind,
        campaign_key as subject_key,
        name as subject_name,
        name as words,
        coalesce(brand, 'unknown') as brand,
        starts_on as first_day,
        {{ add_days('ends_on', days_before['campaign']) }} as last_day
    from {{ ref('int_campaigns') }}

),

promises as (

    select
        'promise' as subject_kind,
        promise_id as subject_key,
        claim as subject_name,
        concat_ws(' ', claim, topic) as words,
        brand,
        valid_from as first_day,
        valid_to as last_day
    from {{ source('concord', 'promises') }}

),

products as (

    select
        'product' as subject_kind,
        lower(lines.product_name) as subject_key,
        max(lines.product_name) as subject_name,
        max(lines.product_name) as words,
        coalesce(orders.brand, 'unknown') as brand,
        min(orders.order_date) as first_day,
        {{ add_days('max(orders.order_date)', days_before['product']) }} as last_day
    from {{ ref('stg_order_lines') }} as lines
    inner join {{ ref('int_orders') }} as orders
        on {{ global_key('order_id', 'lines') }} = orders.order_key
    where lines.product_name is not null
    group by 1, 2, 5

),

final as (

    {% for subjects in ['campaigns', 'promises', 'products'] %}
        select
            crises.brand,
            crises.began_at,
            subjects.subject_kind,
            subjects.subject_key,
            subjects.subject_name,
            subjects.words,
            subjects.first_day
        from crises
        inner join {{ subjects }} as subjects
            on
                crises.brand = coalesce(subjects.brand, crises.brand)
                and crises.began_on >= subjects.first_day
                and (subjects.last_day is null or crises.began_on <= subjects.last_day)
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
