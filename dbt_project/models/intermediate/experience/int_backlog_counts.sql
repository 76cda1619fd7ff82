{%- set segments = conversation_segment_names() -%}

with rounds as (

    select * from {{ ref('ticket_rounds') }}

),

months as (

    select * from {{ ref('ticket_months') }}

),

-- A round adds a ticket to the first month at whose end it was unsolved, and takes it away again.
changes as (

    select
        {{ segments | join(', ') }},
        first_month as period_start,
        1 as change
    from rounds

    union all

    select
        {{ segments | join(', ') }},
        next_month as period_start,
        -1 as change
    from rounds

),

summed as (

    {{ by_segments('changes', segments, {'change': 'sum(change)'}) }}

),

series as (

    select
        segment_name,
        segment_value,
        min(period_start) as first_month
    from summed
    group by segment_name, segment_value

),

-- Also months in which nothing changes: each has as many as the month before.
final as (

    select
        months.period_start,
        series.segment_name,
        series.segment_value,
        sum(coalesce(summed.change, 0)) over (
            partition by series.segment_name, series.segment_value order by months.period_start
        ) as unsolved_count
    from series
    inner join months on series.first_month <= months.period_start
    left join summed
        on
            series.segment_name = summed.segment_name
            and series.segment_value = summed.segment_value
            and months.period_start = summed.period_start

)

select * from final
