{%- set states = [
    'known', 'new', 'active_at_start', 'active_at_end', 'retained', 'lapsed_at_start',
    'reactivated', 'observed', 'repeating',
] -%}

with states as (

    select * from {{ ref('int_activity_states') }}

),

months as (

    select * from {{ ref('int_activity_months') }}

),

-- A state begins in its first month, and ends in the month after its last.
changes as (

    select
        brand,
        channel,
        generation,
        state,
        first_month as period_start,
        persons as change
    from states

    union all

    select
        brand,
        channel,
        generation,
        state,
        {{ add_months('last_month', 1) }} as period_start,
        -persons as change
    from states

),

segments as (

    select distinct
        brand,
        channel,
        generation
    from states

),

summed as (

    select
        brand,
        channel,
        generation,
        period_start,
        state,
        sum(change) as change
    from changes
    group by 1, 2, 3, 4, 5

),

-- Also months in which nothing changes: each has as many as the month before.
counted as (

    select
        segments.brand,
        segments.channel,
        segments.generation,
        months.period_start,
        months.is_history_complete
        {%- for state in states %},
        sum(coalesce(sum(change) filter (where state = '{{ state }}'), 0))
            over segment as {{ state }}_count
        {%- endfor %}
    from segments
    cross join months
    left join summed using (brand, channel, generation, period_start)
    group by 1, 2, 3, 4, 5
    window segment as (
        partition by segments.brand, segments.channel, segments.generation
        order by months.period_start
    )

)

select * from counted
where known_count > 0
