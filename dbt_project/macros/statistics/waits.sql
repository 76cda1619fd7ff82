{#- How long a conversation is watched for a reply or a solution. -#}
{%- macro observation_minutes() -%} {{ var("observation_days") * 1440 }} {%- endmacro -%}
