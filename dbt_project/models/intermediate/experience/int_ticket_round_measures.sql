{%- set segments = conversation_segment_names() -%}

with rounds as (

    select * from {{ ref('ticket_rounds') }}

),

backlog as (

    select * from {{ ref('int_backlog_counts') }}

),

solved_counts as (

    {{ by_segments('rounds', segments, {
        'reopenable_count': 'sum(reopenable_count)',
        'reopened_count': 'sum(reopened_count)',
        'answerable_count': 'sum(answerable_count)',
        'one_touch_count': 'sum(one_touch_count)',
    }, 'reopenable_count + answerable_count > 0') }}

),

issue_counts as (

    {{ by_segments(ref('solved_issues'), segments, {
        'resolved_count': 'count(*) filter (where is_resolved)',
        'followed_count': 'count(*) filter (where is_followed)',
        'issue_count': 'count(*)',
    }) }}

),

final as (

    {{ count_rows('backlog', 'backlog', 'unsolved_count') }}

    union all

    {{ proportion_rows('reopen_rate', 'solved_counts', 'reopened_count', 'reopenable_count') }}

    union all

    {{ proportion_rows('one_touch_rate', 'solved_counts', 'one_touch_count', 'answerable_count') }}

    union all

    {{ proportion_rows(
        'first_contact_resolution_rate', 'issue_counts', 'resolved_count', 'followed_count',
        left_out=left_out([(
            'issue_count - followed_count', 'issue_count',
            'solved tickets of nobody who is known'
        )])
    ) }}

)

select * from final
