{#- How long a conversation is watched for a reply or a solution. -#}
{%- macro observation_minutes() -%} {{ var("observation_days") * 1440 }} {%- endmacro -%}

{#- Until when a conversation is watched that waits since an instant. -#}
{%- macro observed_until(since) -%}
least({{ as_of() }}, {{ dbt.dateadd("minute", observation_minutes(), since) }})
{%- endmacro -%}

{#- One row per conversation, metric and clock, with the wait or the time at which it is censored. -#}
{% macro waits_of_conversations(relation) %}
    {% set waits = [
        ("first_reply_time", "ticket_count", "first_reply", "reply_observed", "is_replied_in_time"),
        ("full_resolution_time", "solvable_count", "resolution", "observed", "is_solved_in_time"),
        ("social_reply_time", "social_count", "first_reply", "reply_observed", "is_replied_in_time"),
    ] %}
    {% for metric_id, counted, wait, observed, event in waits %}
    {% for clock, infix in [("calendar", ""), ("business", "business_")] %}
    select
        '{{ metric_id }}' as metric_id,
        '{{ clock }}' as clock,
        period_start,
        brand,
        channel,
        generation,
        campaign,
        team,
        topic,
        case
            when {{ event }} then {{ wait }}_{{ infix }}minutes else {{ observed }}_{{ infix }}minutes
        end as minutes,
        case when {{ event }} then 1 else 0 end as is_event
    from {{ relation }}
    where {{ counted }} = 1
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{% endmacro %}

{#- How many had the event, and how many left, at each time: for the company by both clocks, for
   the segments by the calendar. -#}
{% macro waits_by_segment(relation, segments) %}
    select
        metric_id,
        clock,
        period_start,
        case
            {% for segment in segments %}
            when grouping({{ segment }}) = 0 then '{{ segment }}'
            {% endfor %}
            else 'company'
        end as segment_name,
        case
            {% for segment in segments %}
            when grouping({{ segment }}) = 0 then {{ segment }}
            {% endfor %}
            else 'all'
        end as segment_value,
        minutes,
        sum(is_event) as events,
        count(*) as leaving
    from {{ relation }}
    group by grouping sets (
        (metric_id, clock, period_start, minutes)
        {% for segment in segments %},
        (metric_id, clock, period_start, minutes, {{ segment }})
        {% endfor %}
    )
    having
        clock = 'calendar'
        or grouping({{ segments | join(") + grouping(") }}) = {{ segments | length }}
{% endmacro %}
