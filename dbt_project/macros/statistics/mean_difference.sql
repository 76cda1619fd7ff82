{#-
    How far the 95 % interval of a difference of means reaches to each side, in a row of
    int_comparison_matches: the variance of those who had it by their number, and the weighted variance
    of the others by the number that they are worth. By simulation it covers 92 to 96 % from 100
    persons up; with fewer there is none.
-#}
{%- macro mean_difference_margin(column) -%}
case
    when is_comparable and matched_count >= {{ least_persons_of_means() }}
        then 1.959964 * sqrt(
            {{ variance_of('matched_count', 'had_' ~ column, 'had_' ~ column ~ '_squared') }}
            / matched_count
            + greatest(
                0,
                cast(expected_{{ column }}_squared as {{ dbt.type_float() }}) / matched_count
                - power(cast(expected_{{ column }} as {{ dbt.type_float() }}) / matched_count, 2)
            ) / likes_count
        )
end
{%- endmacro -%}

{#- A mean from a sum and a count; null, never 0, where there is nothing to divide by. -#}
{%- macro mean_of(sum, count) -%}
cast(
    cast({{ sum }} as {{ dbt.type_float() }}) / nullif({{ count }}, 0) as {{ dbt.type_numeric() }}
)
{%- endmacro -%}

{%- macro least_persons_of_means() -%} 100 {%- endmacro -%}
