{#-
    What a person is in a month, from the person's purchase interval that the month lies in: as
    columns, given relations called months (activity_months) and intervals (purchase_intervals).
-#}
{%- macro flags_in_month() -%}
{%- set ordered = "months.period_start = intervals.first_month" -%}
{%- set until = "case when " ~ ordered ~ " then intervals.earlier_active_until"
    ~ " else intervals.active_until end" -%}
{%- set active = "coalesce(months.period_start <= " ~ until ~ ", false)" -%}
{%- set lapsed = "coalesce(months.period_start > " ~ until ~ ", false)" -%}
{%- set active_at_end = "months.period_end <= intervals.active_until" -%}
{%- set observed = "months.period_start >= intervals.observed_from" -%}
{%- set repeating = "coalesce(months.period_end <= intervals.repeat_until, false)" -%}
{{ active }} as is_active_at_start,
        {{ active_at_end }} as is_active_at_end,
        {{ active }} and {{ active_at_end }} as is_retained,
        {{ lapsed }} as is_lapsed_at_start,
        {{ lapsed }} and {{ ordered }} as is_reactivated,
        {{ ordered }} and intervals.is_first as is_new,
        {{ observed }} as is_observed_full_window,
        {{ observed }} and {{ active_at_end }} as has_order_in_window,
        {{ observed }} and {{ repeating }} as has_repeat_in_window
{%- endmacro -%}
