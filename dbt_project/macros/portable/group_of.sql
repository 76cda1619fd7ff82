{#- One of a number of groups into which a text falls, from 0: by a hash, the same on each run. -#}
{%- macro group_of(text, groups) -%}
    {{ adapter.dispatch("group_of", "concord")(text, groups) }}
{%- endmacro -%}

{%- macro postgres__group_of(text, groups) -%}
    mod(cast(cast('x' || substr(md5({{ text }}), 1, 7) as bit(28)) as integer), {{ groups }})
{%- endmacro -%}

{%- macro duckdb__group_of(text, groups) -%}
    mod(cast('0x' || substr(md5({{ text }}), 1, 7) as integer), {{ groups }})
{%- endmacro -%}
