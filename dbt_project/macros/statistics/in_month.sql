{#-
    The brand or channel of a person in a month, given the person's purchase interval (a relation
    called intervals) that the month lies in: that of the last order before the month.
-#}
{%- macro in_month(month, segment) -%}
case
    when intervals.first_month = {{ month }} then intervals.{{ segment }}_before
    else intervals.last_{{ segment }}
end
{%- endmacro -%}
