{%- set segments = 'brand, channel, generation' -%}
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

-- A state begins in its first month, and ends in the month after its last. What changed before the
-- calendar begins has changed when it does.
changes as (

    {% for month, sign in [('first_month', ''), (add_months('last_month', 1), '-')] %}
        select
            {{ segments }},
            state,
            greatest({{ month }}, (select min(period_start) from months)) as period_start,
            {{ sign }}persons as change
        from states

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

),

segments as (

    select distinct {{ segments }} from states

),

summed as (

    select
        {{ segments }},
        period_start,
        state,
        sum(change) as change
    from changes
    group by {{ segments }}, period_start, state

),

-- Also months in which nothing changes: each has as many as the month before.
counted as (

    select
        segments.brand,
        segments.channel,
        segments.generation,
        months.period_start,
        {% for state in states %}
            sum(coalesce(sum(change) filter (where state = '{{ state }}'), 0))
                over segment as {{ state }}_count,
        {% endfor %}
        bool_and(months.is_history_complete) as is_history_complete
    from segments
    cross join months
    left join summed using (brand, channel, generation, period_start)
    group by 1, 2, 3, 4
    window segment as (
        partition by segments.brand, segments.channel, segments.generation
        order by months.period_start
    )

)

select * from counted
where known_count > 0
