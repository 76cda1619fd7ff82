{#- The segments that rfm_segment can name, best first. -#}
{%- macro rfm_segment_names() -%}
{{ return([
    "champions", "loyal", "promising", "needs_attention", "at_risk", "hibernating"
]) }}
{%- endmacro -%}

{#-
    House table: recency against the mean of frequency and monetary value (fm).

    recency     fm < 3            3 <= fm < 4   fm >= 4
    4 or 5      promising         loyal         champions
    3           needs_attention   loyal         loyal
    1 or 2      hibernating       at_risk       at_risk
-#}
{%- macro rfm_segment(recency, frequency, monetary) -%}
case
    when {{ recency }} >= 4 and {{ frequency }} + {{ monetary }} >= 8 then 'champions'
    when {{ recency }} >= 3 and {{ frequency }} + {{ monetary }} >= 6 then 'loyal'
    when {{ recency }} >= 4 then 'promising'
    when {{ recency }} = 3 then 'needs_attention'
    when {{ frequency }} + {{ monetary }} >= 6 then 'at_risk'
    else 'hibernating'
end
{%- endmacro -%}

{#- Whether these scores are those of champions or loyal customers. -#}
{%- macro is_champion_or_loyal(recency, frequency, monetary) -%}
{{ rfm_segment(recency, frequency, monetary) }} in ('champions', 'loyal')
{%- endmacro -%}
