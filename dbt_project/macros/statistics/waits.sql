{# How long a conversation is watched for a reply or a solution: 60 days. #}
{% macro observation_horizon_minutes() %}86400{% endmacro %}

{# Business minutes from the start of the calendar to an instant, given the row of its day. #}
{% macro business_minutes_at(instant, day) -%}
    (
        {{ day }}.business_minutes_before
        + case
            when {{ instant }} > {{ day }}.business_starts_at
                then {{ minutes_between(
                    day ~ ".business_starts_at",
                    "least(" ~ instant ~ ", " ~ day ~ ".business_ends_at)"
                ) }}
            else 0
        end
    )
{%- endmacro %}
