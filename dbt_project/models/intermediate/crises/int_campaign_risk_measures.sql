-- Without messages nobody knows of a crisis, nor how many mentions are usual.
with known as (

    select entity
    from {{ ref('int_entity_presence') }}
    where entity = 'messages' and is_there

),

backlash as (

    {{ by_segments(ref('campaign_backlash'), ['brand', 'channel', 'campaign'], {
        'negative_count': 'sum(negative_count)',
        'expected_count': 'sum(expected_count)',
        'campaigns': 'count(*)',
        'judged_campaigns': 'count(expected_count)',
    }) }}

),

spending as (

    {{ by_segments(ref('spending_at_risk'), ['brand', 'channel', 'campaign'], {
        'spend_at_risk': 'sum(spend_at_risk)',
        'spend': 'sum(spend)',
        'campaigns': 'count(distinct campaign)',
        'counted_campaigns': 'count(distinct case when spend is not null then campaign end)',
        'priced_campaigns': 'count(distinct case when is_priced then campaign end)',
        'judged_campaigns': 'count(distinct case when is_judged then campaign end)',
    }) }}

),

measured as (

    {{ measure_rows('campaign_backlash', 'backlash', {
        'value': 'cast(negative_count as ' ~ dbt.type_float() ~ ') / nullif(expected_count, 0)',
        'numerator': 'negative_count',
        'denominator': 'expected_count',
        'n': 'negative_count',
        'ci_low': 'null',
        'ci_high': 'null',
        'left_out': left_out([(
            'campaigns - judged_campaigns', 'campaigns', 'campaigns without 28 usual days before them'
        )]),
    }) }}

    union all

    {{ amount_ratio_rows(
        'spend_at_risk_share', 'spending', 'spend_at_risk', 'spend', 'counted_campaigns',
        'spend > 0 or campaigns > counted_campaigns',
        left_out([
            (
                'campaigns - priced_campaigns', 'campaigns',
                'campaigns with a cost that has no exchange rate',
            ),
            (
                'campaigns - judged_campaigns', 'campaigns',
                'campaigns of brands with too little history',
            ),
        ])
    ) }}

),

final as (

    select measured.*
    from measured
    cross join known

)

select * from final
