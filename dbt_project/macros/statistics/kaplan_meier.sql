{#
    Survival with censoring. Kaplan & Meier, Journal of the American Statistical Association 53,
    1958. The interval of a quantile is where the band of the survival curve crosses it: Brookmeyer
    & Crowley, Biometrics 38, 1982, with the band on the scale of log(-log(survival)), as
    Kalbfleisch & Prentice recommend. Someone censored at a time is still at risk at it.
#}

{% macro km_log_survival(events, at_risk, series) -%}
    sum(
        case
            when {{ events }} < {{ at_risk }}
                then ln(1 - cast({{ events }} as {{ dbt.type_float() }}) / {{ at_risk }})
            else 0
        end
    ) over (partition by {{ series }} order by minutes)
{%- endmacro %}

{% macro km_greenwood(events, at_risk, series) -%}
    sum(
        case
            when {{ events }} < {{ at_risk }}
                then cast({{ events }} as {{ dbt.type_float() }})
                    / {{ at_risk }} / ({{ at_risk }} - {{ events }})
            else 0
        end
    ) over (partition by {{ series }} order by minutes)
{%- endmacro %}

{# One edge of the 95 % band: survival ^ exp(+/- 1.96 se). Without an event so far there is none. #}
{% macro km_band(log_survival, log_variance, sign) -%}
    exp(
        {{ log_survival }}
        * exp({{ sign }}1.959964 * sqrt({{ log_variance }}) / nullif(abs({{ log_survival }}), 0))
    )
{%- endmacro %}

{# The first time at which a curve is at or below a level. #}
{% macro km_first_time_below(curve, level) -%}
    min(case when {{ curve }} <= {{ level }} then minutes end)
{%- endmacro %}

{# One row per conversation, metric and clock, with the wait or the time at which it is censored. #}
{% macro waits_of_conversations(relation) %}
    {% set waits = [
        ("first_reply_time", "ticket_count", "first_reply", "is_replied_in_time"),
        ("full_resolution_time", "solvable_count", "resolution", "is_solved_in_time"),
        ("social_reply_time", "social_count", "first_reply", "is_replied_in_time"),
    ] %}
    {% for metric_id, counted, wait, event in waits %}
    {% for clock, infix in [("calendar", ""), ("business", "business_")] %}
    select
        '{{ metric_id }}' as metric_id,
        '{{ clock }}' as clock,
        period_start,
        brand,
        channel,
        generation,
        campaign,
        case
            when {{ event }} then {{ wait }}_{{ infix }}minutes else observed_{{ infix }}minutes
        end as minutes,
        case when {{ event }} then 1 else 0 end as is_event
    from {{ relation }}
    where {{ counted }} = 1
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{% endmacro %}

{# How many had the event, and how many left, at each time: for the company by both clocks, for
   the segments by the calendar. #}
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
