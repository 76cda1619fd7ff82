{%- set unknown = left_out([
    ('unknown_revenue_count', 'sale_count', 'sales with an amount that has no exchange rate')
]) -%}

with shares as (

    select * from {{ ref('int_credit_revenue_shares') }}

),

touches as (

    {{ by_segments(
        ref('credited_touches'), ['department', 'channel', 'campaign', 'brand'], {
            'credit': 'sum(credit)',
            'sales': 'sum(sales_credit)',
        }
    ) }}

),

final as (

    {{ measure_rows('joint_credit_share', 'shares', {
        'value': 'case when revenue > 0 then ' ~ percent_of('credited', 'revenue') ~ ' end',
        'numerator': 'credited',
        'denominator': 'revenue',
        'n': 'sale_count',
        'ci_low': 'low',
        'ci_high': 'high',
        'left_out': unknown,
    }) }}

    union all

    {{ measure_rows('joint_credit_revenue', 'touches', {
        'value': 'credit',
        'numerator': 'credit',
        'denominator': 'null',
        'n': 'round(sales)',
        'ci_low': 'null',
        'ci_high': 'null',
    }) }}

)

select * from final
