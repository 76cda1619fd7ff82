{%- set segments = conversation_segment_names() -%}

with conversations as (

    select * from {{ ref('conversations') }}
    where is_ticket

),

opened_counts as (

    {{ by_segments('conversations', segments, {'opened_count': 'count(*)'}) }}

),

-- A month without a ticket has none.
volume_counts as (

    select * from opened_counts

    union all

    select
        months.period_start,
        'company' as segment_name,
        'all' as segment_value,
        0 as opened_count
    from {{ ref('ticket_months') }} as months
    left join opened_counts on months.period_start = opened_counts.period_start
    where opened_counts.period_start is null

),

target_counts as (

    {{ by_segments('conversations', segments, {
        'target_count': 'count(*)',
        'judged_count': 'count(*) filter (where is_target_judged)',
        'met_count': 'count(*) filter (where is_target_met)',
    }, 'has_target') }}

),

judged_counts as (

    select
        period_start,
        'statistic' as segment_name,
        'judged_share' as segment_value,
        judged_count,
        target_count
    from target_counts
    where segment_name = 'company'

),

final as (

    {{ count_rows('ticket_volume', 'volume_counts', 'opened_count') }}

    union all

    {{ proportion_rows('sla_attainment', 'target_counts', 'met_count', 'judged_count') }}

    union all

    {{ proportion_rows('sla_attainment', 'judged_counts', 'judged_count', 'target_count') }}

)

select * from final
