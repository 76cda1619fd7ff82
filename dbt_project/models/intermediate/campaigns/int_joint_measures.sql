{%- set is_unpriced = 'campaigns > priced_campaigns' -%}
{%- set unpriced = (
    'campaigns - priced_campaigns', 'campaigns', 'campaigns with a cost that has no exchange rate'
) -%}

with persons_reached as (

    select * from {{ ref('int_persons_reached') }}

),

send_counts as (

    {{ by_segments(ref('campaign_sends'), ['brand', 'channel', 'generation', 'campaign'], {
        'open_complaint_count': 'sum(open_complaint_send_count)',
        'send_count': 'sum(judged_send_count)',
    }, 'judged_send_count > 0') }}

),

margins as (

    {{ by_segments(ref('campaign_results'), ['brand', 'channel', 'campaign'], {
        'net_margin': 'sum(net_margin)',
        'spend': 'sum(spend)',
        'campaigns': 'count(*)',
        'priced_campaigns': 'count(spend)',
        'margins': 'coalesce(sum(attributed_order_count) filter (where spend is not null), 0)',
        'unknown_margins': 'coalesce(sum(unknown_margin_count) filter (where spend is not null), 0)',
    }) }}

),

spending as (

    {{ by_segments(ref('campaign_reach'), ['brand', 'channel', 'campaign'], {
        'spend': 'sum(spend)',
        'campaigns': 'count(distinct campaign)',
        'priced_campaigns': 'count(distinct case when spend is not null then campaign end)',
        'ad_days': 'sum(ad_day_count) filter (where spend is not null)',
        'known_ad_days': 'sum(known_ad_day_count) filter (where spend is not null)',
    }) }}

),

costs as (

    select *
    from spending
    left join persons_reached using (period_start, segment_name, segment_value)

),

final as (

    {{ proportion_rows(
        'open_complaint_send_rate', 'send_counts', 'open_complaint_count', 'send_count'
    ) }}

    union all

    {{ amount_ratio_rows(
        'campaign_roi', 'margins', 'net_margin', 'spend', 'priced_campaigns',
        'spend > 0 or ' ~ is_unpriced,
        left_out([('unknown_margins', 'margins', 'margins unknown'), unpriced]),
        'not (margins > 0 and margins = unknown_margins)'
    ) }}

    union all

    {{ amount_per_person_rows(
        'cost_per_person_reached', 'costs', 'spend', 'person_count',
        'spend > 0 and person_count > 0 or ' ~ is_unpriced,
        left_out([unpriced, ('ad_days - known_ad_days', 'ad_days', 'days of ads without reach')])
    ) }}

)

select * from final
