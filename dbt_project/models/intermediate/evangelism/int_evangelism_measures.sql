{%- set answers = {
    'promoters': 'count(*) filter (where is_promoter)',
    'detractors': 'count(*) filter (where is_detractor)',
    'answers': 'count(*) filter (where is_usable)',
    'given': 'count(*)',
} -%}
{%- set unusable = left_out([('given - answers', 'given', 'answers not on a scale of 0 to 10')]) -%}

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

    {{ by_segments(
        'responses', ['channel', 'generation'], answers, "is_latest and survey_kind = 'relational'"
    ) }}

    union all

    {{ by_segments(
        'responses', ['brand'], answers, "survey_kind = 'relational'", has_total=false
    ) }}

    union all

    {{ by_segments('responses', ['survey_kind'], answers, 'is_latest', has_total=false) }}

),

final as (

    {{ net_share_rows(
        'nps', 'answer_counts', 'promoters', 'detractors', 'answers', left_out=unusable
    ) }}

    union all

    {{ proportion_rows('advocacy_rate', 'advocate_counts', 'advocate_count', 'active_count') }}

    union all

    {{ proportion_rows(
        'advocating_retained_share', 'advocate_counts',
        'advocating_retained_count', 'active_at_start_count', where='active_at_start_count > 0'
    ) }}

)

select * from final
