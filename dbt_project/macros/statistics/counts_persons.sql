{#- Whether a metric counts persons, and so nothing of which nobody knows whose it is. -#}
{%- macro counts_persons(definitions) -%}
{{ definitions }}.rows_mart in (
    'retention_by_person', 'cohort_retention', 'rfm_segments', 'campaign_sends', 'campaign_reach'
)
{%- endmacro -%}
