with responses as (

    select * from {{ ref('nps_responses') }}

),

activity as (

    select
        *,
        case when is_history_complete then active_at_start_count else 0 end
            as known_active_at_start_count,
        case when is_history_complete then coalesce(advocating_retained_count, 0) else 0 end
            as known_advocating_retained_count
    from {{ ref('int_activity_counts') }}
    left join {{ ref('int_advocate_counts') }} using (period_start, brand, channel, generation)
    where period_start >= (select min(period_start) from {{ ref('int_advocacy_heard') }})

),

advocate_counts as (

    {{ by_segments('activity', ['brand', 'channel', 'generation'], {
        'active_count': 'sum(active_at_end_count)',
        'advocate_count': 'coalesce(sum(advocate_count), 0)',
        'active_at_start_count': 'sum(known_active_at_start_count)',
        'advocating_retained_count': 'sum(known_advocating_retained_count)',
    }) }}

),

answer_counts as (

    {{ by_segments('responses', ['brand', 'channel', 'generation'], {
        'promoters': 'count(*) filter (where is_promoter)',
        'detractors': 'count(*) filter (where is_detractor)',
        'answers': 'count(*)',
    }, where='is_counted') }}

),

survey_kinds as (

    select
        period_start,
        'survey_kind' as segment_name,
        survey_kind as segment_value,
        count(*) filter (where is_promoter) as promoters,
        count(*) filter (where is_detractor) as detractors,
        count(*) as answers
    from responses
    group by period_start, survey_kind

),

final as (

    {{ net_share_rows('nps', 'answer_counts', 'promoters', 'detractors', 'answers') }}

    union all

    {{ net_share_rows('nps', 'survey_kinds', 'promoters', 'detractors', 'answers') }}

    union all

    {{ proportion_rows('advocacy_rate', 'advocate_counts', 'advocate_count', 'active_count') }}

    union all

    {{ proportion_rows(
        'advocating_retained_share', 'advocate_counts',
        'advocating_retained_count', 'active_at_start_count', where='active_at_start_count > 0'
    ) }}

)

select * from final
