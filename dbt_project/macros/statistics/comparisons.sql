{#
    Matched comparisons: those to whom something happened in a month, and those to whom it didn't,
    in strata of what was known before (coarsened exact matching: Iacus, King & Porro, Causal
    inference without balance checking, Political Analysis 20, 2012).
#}

{# What may have come of it, and after how many days it is known. #}
{%- macro comparison_outcomes() -%}
{{ return({
    'ordered_within_7_days': 7,
    'ordered_within_90_days': 90,
    'active_after_90_days': 90,
}) }}
{%- endmacro -%}

{# What is counted afterwards, and for how many days. #}
{%- macro comparison_counts() -%} {{ return({'contacts_within_30_days': 30}) }} {%- endmacro -%}

{# What each person has, of which sides have means: an amount after so many days, or an answer. #}
{%- macro comparison_means() -%}
{{ return({'spent_within_90_days': 90, 'answer_points': 0}) }}
{%- endmacro -%}

{# All that is added up of each side: names and expressions of a row of int_comparison_histories. #}
{%- macro comparison_sums() -%}
{%- set sums = {} -%}
{%- for name in comparison_outcomes().keys() | list + comparison_counts().keys() | list -%}
    {%- do sums.update({name: name}) -%}
{%- endfor -%}
{%- for name in comparison_means() -%}
    {%- do sums.update({name: name, name ~ '_squared': name ~ ' * ' ~ name}) -%}
{%- endfor -%}
{{ return(sums) }}
{%- endmacro -%}

{#
    Whom an event is compared with, if not with all others. Without an order nobody has a promise broken
    or kept, and who has just ordered is unlike all others. Answers are compared with answers.
#}
{%- macro peer_event(event) -%}
case {{ event }}
    {%- for one, other in [
        ('broken_promise', 'kept_promise'),
        ('satisfaction', 'usual_satisfaction'),
        ('recommendation', 'usual_recommendation'),
    ] %}
    when '{{ one }}' then '{{ other }}'
    when '{{ other }}' then '{{ one }}'
    {%- endfor %}
end
{%- endmacro -%}

{# What both sides should have alike; the column of a person's history. #}
{%- macro comparison_balance() -%}
{{ return(['days_since_order', 'order_count', 'contact_count']) }}
{%- endmacro -%}

{# Whether what comes within some days after anything in the month of a row is known. #}
{%- macro is_known_after(days) -%}
{{ add_days(add_months('period_start', 1), days) }} < {{ local_date(as_of()) }}
{%- endmacro -%}

{# Into how many parts the draw divides persons. #}
{%- macro comparison_draws() -%} 1000000 {%- endmacro -%}

{# Whether a person of a month is among those that are drawn: about so many of its customers. #}
{%- macro is_drawn(wanted) -%}
draw < cast({{ comparison_draws() }} as {{ dbt.type_float() }}) * {{ wanted }} / customer_count
{%- endmacro -%}

{# Whether a person's orders have an outcome: a row of int_comparison_orders called ordered. #}
{%- macro has_outcome(outcome, days) -%}
{%- if outcome.startswith('active') -%}
    ordered.latest_ordered_at
    > {{ days_after('ordered.happened_at', days - var('activity_window_days')) }}
{%- else -%}
    coalesce(ordered.next_ordered_at <= {{ days_after('ordered.happened_at', days) }}, false)
{%- endif -%}
{%- endmacro -%}
