{% set areas = [
    'retention', 'cohort', 'loyalty', 'evangelism', 'referral', 'experience', 'rating', 'wait', 'reach',
    'ticket', 'ticket_round', 'joint', 'credit', 'ownership', 'crisis',
    'campaign_risk', 'comparison', 'promise', 'campaign_trial', 'consistency',
    'email', 'post',
] %}

with final as (

    {% for area in areas %}
        select
            metric_id,
            period_start,
            period_grain,
            segment_name,
            segment_value,
            cast(value as {{ dbt.type_numeric() }}) as value,
            cast(numerator as {{ dbt.type_numeric() }}) as numerator,
            cast(denominator as {{ dbt.type_numeric() }}) as denominator,
            cast(n as {{ dbt.type_bigint() }}) as n,
            cast(ci_low as {{ dbt.type_numeric() }}) as ci_low,
            cast(ci_high as {{ dbt.type_numeric() }}) as ci_high,
            left_out
        from {{ ref('int_' ~ area ~ '_measures') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

-- What is about no campaign is no campaign's figure.
select * from final
where not (segment_name = 'campaign' and segment_value = 'none')
