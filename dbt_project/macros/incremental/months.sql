{#-
    The months that a build of monthly marts computes; `months` is a relation with a column
    period_start.
-#}

{#-
    That a row is of one of the months. A build of changes names them one by one: they are few,
    and what joins the rows to others is then asked of theirs alone.
-#}
{%- macro of_months(months) -%}
    {%- if execute and is_incremental() -%}
        {%- set found = run_query("select distinct period_start from " ~ months) -%}
        {%- set dates = found.columns[0].values() | join("', date '") -%}
        period_start in ({{ "date '" ~ dates ~ "'" if dates else "null" }})
    {%- else -%}
        period_start in (select period_start from {{ months }})
    {%- endif -%}
{%- endmacro -%}

{#-
    Pre-hook of the monthly marts: take out the months that this build computes again.

    The months come from the relation, not from the new rows: a month that lost its last row must
    lose it here too. Runs in the model's own transaction, so a killed build leaves the old rows.
-#}
{%- macro clear_months(months) -%}
{%- if is_incremental() -%}
delete from {{ this }} where {{ of_months(months) }}
{%- endif -%}
{%- endmacro -%}
