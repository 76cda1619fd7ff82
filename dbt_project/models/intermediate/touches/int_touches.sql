{%- set kinds = ['sent', 'asked', 'written', 'answered', 'bought'] -%}

with final as (

    {% for kind in kinds %}
        select * from {{ ref('int_touches_' ~ kind) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
where touched_at <= {{ as_of() }}
