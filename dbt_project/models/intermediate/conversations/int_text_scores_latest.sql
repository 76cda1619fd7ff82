{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='text_hash',
    indexes=[{'columns': ['text_hash'], 'unique': true}, {'columns': ['build_since']}]
) }}

with scores as (

    select
        *,
        row_number() over (
            partition by text_hash
            order by scored_at desc, engine_version desc
        ) as position
    from {{ source('analytics', 'text_scores') }}
    where engine = '{{ var("text_engine") }}'

),

final as (

    select
        text_hash,
        language,
        sentiment,
        label,
        scored_at,
        {{ build_since() }} as build_since
    from scores
    where position = 1

)

select * from final
{% if is_incremental() %}
    where not exists (
        select 1 from {{ this }} as stored
        where final.text_hash = stored.text_hash and final.scored_at = stored.scored_at
    )
{% endif %}
