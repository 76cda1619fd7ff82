{#-
    The persons whose spells an incremental build lays out anew: those with orders in the months
    that it computes, and those who had some there until now.
-#}

{#- Drop all spells of these persons. -#}
{%- macro forget_spells() -%}
    {%- set months = ref("months_to_measure") -%}
    {%- set purchases = ref("purchases_by_person") -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where
        person_id in (
            select person_id from {{ this }} where {{ of_months(months) }}
            union
            select person_id from {{ purchases }} where {{ of_months(months) }}
        )
    {%- endif -%}
{%- endmacro -%}

{#- Keep, after forget_spells, the purchases of the persons whom it dropped and of new ones. -#}
{%- macro not_yet_spelled() -%}
    {%- if is_incremental() %}
    where person_id not in (select person_id from {{ this }})
    {%- endif -%}
{%- endmacro -%}
