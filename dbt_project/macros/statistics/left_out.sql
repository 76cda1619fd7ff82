{#-
    What a figure could not count, in words ("76 of 120 margins unknown"): null if nothing. Pairs of
    counts and words; the counts are expressions of how many are left out and of how many there are.
-#}
{%- macro left_out(gaps) -%}
nullif(
    concat_ws(
        '; ',
        {%- for missing, total, words in gaps %}
        case
            when {{ missing }} > 0
                then cast({{ missing }} as {{ dbt.type_bigint() }}) || ' of '
                    || cast({{ total }} as {{ dbt.type_bigint() }}) || ' {{ words }}'
        end{{ "," if not loop.last }}
        {%- endfor %}
    ),
    ''
)
{%- endmacro -%}
