{#-
    Pre-hook of the monthly marts: take out the months that this build computes again.

    The months come from a relation with a column period_start, not from the new rows: a month
    that lost its last row must lose it here too. Runs in the model's own transaction, so a
    killed build leaves the old rows.
-#}
{%- macro clear_months(months) -%}
{%- if is_incremental() -%}
delete from {{ this }} where period_start in (select period_start from {{ months }})
{%- endif -%}
{%- endmacro -%}

{#- For tests of such a model: only the rows of the months that this build computed. -#}
{%- macro of_cleared_months(months) -%}
where period_start in (select period_start from {{ months }})
{%- endmacro -%}
