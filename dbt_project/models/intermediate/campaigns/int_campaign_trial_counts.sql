{%- set sides = {
    'treated': 'is_treated and not is_control',
    'control': 'is_control and not is_treated',
} -%}

with counted as (

    select
        campaign,
        period_start,
        {% for side, is_side in sides.items() %}
            count(*) filter (where {{ is_side }}) as {{ side }}_count,
            count(*) filter (where {{ is_side }} and is_converted) as {{ side }}_converted_count,
            sum(margin) filter (where {{ is_side }}) as {{ side }}_margin,
            sum(margin * margin) filter (where {{ is_side }}) as {{ side }}_margin_squared,
        {% endfor %}
        sum(order_count) filter (where is_treated <> is_control) as order_count,
        sum(unknown_margin_count) filter (where is_treated <> is_control)
            as unknown_margin_count,
        count(*) filter (where is_treated and is_control) as crossed_count,
        count(*) as person_count
    from {{ ref('int_campaign_trials') }}
    group by campaign, period_start

),

final as (

    select
        *,
        {% for side in sides %}
            {{ percent_of(side ~ '_converted_count', side ~ '_count') }} as {{ side }}_share,
            {{ wilson_low(side ~ '_converted_count', side ~ '_count') }} as {{ side }}_low,
            {{ wilson_high(side ~ '_converted_count', side ~ '_count') }} as {{ side }}_high,
        {% endfor %}
        least(treated_count, control_count) >= {{ var('minimum_n') }} as is_comparable
    from counted

)

select * from final
