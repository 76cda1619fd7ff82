{#-
    The brand or channel of a person in a month, given an interval of the person's that the month
    lies in: that of the last order before the month. `order_month` is the column of the month
    with the order that the interval follows.
-#}
{%- macro in_month(month, segment, intervals="intervals", order_month="first_month") -%}
case
    when {{ intervals }}.{{ order_month }} = {{ month }} then {{ intervals }}.{{ segment }}_before
    else {{ intervals }}.last_{{ segment }}
end
{%- endmacro -%}
