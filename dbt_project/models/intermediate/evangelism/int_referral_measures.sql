{%- set suffixes = {'generation': '', 'brand': '_by_brand', 'channel': '_by_channel'} -%}
{%- set is_heard -%}
period_start >= (
    select period_start from {{ ref('int_advocacy_heard') }} where act_kind = 'referral'
)
{%- endset -%}

with activity as (

    select *
    from {{ ref('int_activity_counts') }}
    left join {{ ref('int_advocate_counts') }} using (period_start, brand, channel, generation)

),

referrer_counts as (

    {{ by_segments('activity', ['brand', 'channel', 'generation'], {
        'active_count': 'sum(active_at_end_count)',
        'referrer_count': 'coalesce(sum(referrer_count), 0)',
    }, is_heard) }}

),

growth as (

    {% for segment, suffix in suffixes.items() %}
        {{ by_segments(ref('earned_revenue'), [segment], {
            'earned_growth': 'sum(earned_growth' ~ suffix ~ ')',
            'revenue_prior_year': 'sum(revenue_prior_year' ~ suffix ~ ')',
            'counted_count': 'count(*) filter (where is_counted' ~ suffix ~ ')',
            'left_out_count': 'count(*) filter (where is_left_out' ~ suffix ~ ')',
            'buyer_count': "count(*) filter (where reason = 'bought a year ago')",
            'new_count': 'count(*) filter (where is_new)',
            'unknown_count': "count(*) filter (where is_new and reason = 'unknown')",
        }, is_heard, has_total=not suffix) }}

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

),

unknown_counts as (

    select
        period_start,
        'statistic' as segment_name,
        'unknown_reason_share' as segment_value,
        unknown_count,
        new_count
    from growth
    where segment_name = 'company' and buyer_count > 0

),

final as (

    {{ proportion_rows('referral_rate', 'referrer_counts', 'referrer_count', 'active_count') }}

    union all

    {{ amount_ratio_rows(
        'earned_growth_rate', 'growth', 'earned_growth', 'revenue_prior_year', 'counted_count',
        where='buyer_count > 0', left_out=left_out([(
            'left_out_count', 'counted_count + left_out_count',
            'customers with an amount that has no exchange rate'
        )])
    ) }}

    union all

    {{ proportion_rows('earned_growth_rate', 'unknown_counts', 'unknown_count', 'new_count') }}

)

select * from final
