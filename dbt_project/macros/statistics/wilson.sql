{#-
    Wilson score interval of a proportion, in percent (0 to 100), at 95 %.
    Newcombe 1998: 81 of 263 gives 25.53 to 36.62. Null where n is null or 0.
-#}

{%- macro wilson_low(numerator, n) -%}
{{ wilson_bound(numerator, n, "-") }}
{%- endmacro -%}

{%- macro wilson_high(numerator, n) -%}
{{ wilson_bound(numerator, n, "+") }}
{%- endmacro -%}

{#- Rounding may leave 0 or 100 by the last digit of a float: the bounds are clamped. -#}
{%- macro wilson_bound(numerator, n, sign) -%}
{%- set k = "cast(" ~ numerator ~ " as " ~ dbt.type_float() ~ ")" -%}
{%- set size = "nullif(cast(" ~ n ~ " as " ~ dbt.type_float() ~ "), 0)" -%}
{%- set z = "1.959964" -%}
case
    when {{ n }} > 0
        then
            cast(
                greatest(
                    0,
                    least(
                        100,
                        100 * (
                            {{ k }} + {{ z }} * {{ z }} / 2
                            {{ sign }} {{ z }} * sqrt(
                                {{ k }} * ({{ size }} - {{ k }}) / {{ size }}
                                + {{ z }} * {{ z }} / 4
                            )
                        ) / ({{ size }} + {{ z }} * {{ z }})
                    )
                ) as {{ dbt.type_numeric() }}
            )
end
{%- endmacro -%}
