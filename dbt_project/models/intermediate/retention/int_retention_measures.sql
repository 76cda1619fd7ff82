{%- set suffixes = {'generation': '', 'brand': '_by_brand', 'channel': '_by_channel'} -%}

with activity as (

    select * from {{ ref('int_activity_counts') }}

),

revenue as (

    select * from {{ ref('revenue_by_person') }}

),

person_counts as (

    {{ by_segments('activity', ['brand', 'channel', 'generation'], {
        'new_count': 'sum(new_count)',
    }) }}

),

revenue_counts as (

    {% for segment, suffix in suffixes.items() %}
        {{ by_segments('revenue', [segment], {
            'buyers': 'count(*) filter (where is_prior_year_buyer' ~ suffix ~ ')',
            'buyers_left_out': 'count(*) filter (where is_left_out' ~ suffix ~ ')',
            'revenue_retained': 'sum(revenue_retained' ~ suffix ~ ')',
            'revenue_prior_year': 'sum(revenue_prior_year' ~ suffix ~ ')',
        }, has_total=not suffix) }}

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

),

known_counts as (

    {{ by_segments('activity', ['brand', 'channel', 'generation'], {
        'active_count': 'sum(active_at_start_count)',
        'retained_count': 'sum(retained_count)',
        'lapsed_count': 'sum(lapsed_at_start_count)',
        'reactivated_count': 'sum(reactivated_count)',
    }, where='is_history_complete') }}

),

final as (

    {{ proportion_rows('retention_rate', 'known_counts', 'retained_count', 'active_count') }}

    union all

    {{ proportion_rows('reactivation_rate', 'known_counts', 'reactivated_count', 'lapsed_count') }}

    union all

    {{ count_rows('new_customers', 'person_counts', 'new_count') }}

    union all

    {{ amount_ratio_rows(
        'net_revenue_retention', 'revenue_counts',
        'revenue_retained', 'revenue_prior_year', 'buyers',
        left_out=left_out([(
            'buyers_left_out', 'buyers + buyers_left_out',
            'customers with an amount that has no exchange rate',
        )])
    ) }}

)

select * from final
