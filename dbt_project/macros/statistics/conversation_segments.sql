{#- The names of these segments, for by_segments. -#}
{%- macro conversation_segment_names() -%}
{{ return(['brand', 'channel', 'generation', 'campaign', 'team', 'topic']) }}
{%- endmacro -%}

{#- The segments of a conversation and of its person, as columns: unknown where nobody says. -#}
{%- macro conversation_segments(conversations, persons) -%}
coalesce({{ conversations }}.channel, 'unknown') as channel,
        coalesce({{ conversations }}.brand, 'unknown') as brand,
        coalesce({{ persons }}.generation, 'unknown') as generation,
        coalesce({{ conversations }}.campaign_key, 'none') as campaign,
        coalesce({{ conversations }}.team, 'unknown') as team,
        coalesce({{ conversations }}.topic, 'unknown') as topic
{%- endmacro -%}
