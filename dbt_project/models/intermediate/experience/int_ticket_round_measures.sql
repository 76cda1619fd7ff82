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

final as (

    {{ count_rows('backlog', 'backlog', 'unsolved_count') }}

    union all

    {{ proportion_rows('reopen_rate', 'solved_counts', 'reopened_count', 'reopenable_count') }}

    union all

    {{ proportion_rows('one_touch_rate', 'solved_counts', 'one_touch_count', 'answerable_count') }}

)

select * from final
