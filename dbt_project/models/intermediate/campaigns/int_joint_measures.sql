with sends as (

    select * from {{ ref('campaign_sends') }}

),

reach as (

    select * from {{ ref('campaign_reach') }}

),

results as (

    select * from {{ ref('campaign_results') }}

),

persons_reached as (

    select * from {{ ref('int_persons_reached') }}

),

send_counts as (

    {{ by_segments('sends', ['brand', 'channel', 'generation', 'campaign'], {
        'open_complaint_count': 'sum(open_complaint_send_count)',
        'send_count': 'sum(judged_send_count)',
    }, 'judged_send_count > 0') }}

),

margins as (

    {{ by_segments('results', ['brand', 'channel', 'campaign'], {
        'net_margin': 'sum(net_margin)',
        'spend': 'sum(judged_spend)',
        'order_count': 'sum(attributed_order_count)',
    }, 'net_margin is not null') }}

),

spending as (

    {{ by_segments('reach', ['brand', 'channel', 'campaign'], {
        'spend': 'sum(spend)'
    }, 'spend is not null') }}

),

costs as (

    select *
    from spending
    inner join persons_reached using (period_start, segment_name, segment_value)

),

final as (

    {{ proportion_rows(
        'open_complaint_send_rate', 'send_counts', 'open_complaint_count', 'send_count'
    ) }}

    union all

    {{ amount_ratio_rows(
        'campaign_roi', 'margins', 'net_margin', 'spend', 'order_count', 'spend > 0'
    ) }}

    union all

    {{ amount_per_person_rows(
        'cost_per_person_reached', 'costs', 'spend', 'person_count', 'spend > 0'
    ) }}

)

select * from final
