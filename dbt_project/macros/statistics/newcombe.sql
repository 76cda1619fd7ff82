{#-
    The 95 % interval in points of a difference of two shares in percent, given each share with its
    Wilson interval (share, low, high): Newcombe, Interval estimation for the difference between
    independent proportions, Statistics in Medicine 17, 1998, method 10. 56 of 70 against 48 of 80
    gives 5.24 to 33.39.
-#}

{%- macro newcombe_low(one, other) -%}
{{ newcombe_bound(one ~ '_low', other ~ '_high', one, other, '-') }}
{%- endmacro -%}

{%- macro newcombe_high(one, other) -%}
{{ newcombe_bound(one ~ '_high', other ~ '_low', one, other, '+') }}
{%- endmacro -%}

{%- macro newcombe_bound(bound, other_bound, one, other, sign) -%}
cast(
    {{ one }}_share - {{ other }}_share {{ sign }} sqrt(
        power({{ one }}_share - {{ bound }}, 2) + power({{ other }}_share - {{ other_bound }}, 2)
    ) as {{ dbt.type_numeric() }}
)
{%- endmacro -%}
