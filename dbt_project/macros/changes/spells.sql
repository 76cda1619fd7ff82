{#-
    The persons whose spells an incremental build lays out anew: those whose purchases in the
    months that it computes are others than those that their spells were made of.
-#}

{#- Drop all spells of these persons. -#}
{%- macro forget_spells() -%}
    {%- set purchases = ref("purchases_by_person") -%}
    {%- set months = of_months(ref("months_to_measure")) -%}
    {%- set said = "person_id, period_start, generation, last_order_date, first_channel,"
        ~ " first_brand, last_channel, last_brand, revenue, " -%}
    {%- set now = "select " ~ said ~ "first_order_date, second_last_order_date from "
        ~ purchases ~ " where " ~ months -%}
    {%- set stored = "select " ~ said ~ "first_order_date_in_month,"
        ~ " second_last_order_date_in_month from " ~ this ~ " where " ~ months -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where
        person_id in (
            select person_id from ({{ now }} except {{ stored }}) as come
            union
            select person_id from ({{ stored }} except {{ now }}) as gone
        )
    {%- endif -%}
{%- endmacro -%}

{#- Keep, after forget_spells, the purchases of the persons whom it dropped and of new ones. -#}
{%- macro not_yet_spelled() -%}
    {%- if is_incremental() %}
    where person_id not in (select person_id from {{ this }})
    {%- endif -%}
{%- endmacro -%}
