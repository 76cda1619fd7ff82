{#-
    A difference of means in standard deviations: the mean of both sides' variances, each from a
    count, a sum and a sum of squares. Null where nothing varies.
-#}
{%- macro standardised_difference(difference, column) -%}
cast(
    ({{ difference }}) / nullif(sqrt((
        {%- for side in ('had', 'others') %}
        {{ variance_of(side ~ '_count', side ~ '_' ~ column, side ~ '_' ~ column ~ '_squared') }}
        {%- if not loop.last %} +{% endif %}
        {%- endfor %}
    ) / 2), 0) as {{ dbt.type_numeric() }}
)
{%- endmacro -%}

{%- macro variance_of(count, sum, sum_of_squares) -%}
greatest(
    0,
    {{ sum_of_squares }}
    - cast({{ sum }} as {{ dbt.type_float() }}) * {{ sum }} / nullif({{ count }}, 0)
) / nullif({{ count }} - 1, 0)
{%- endmacro -%}
