with scores as (

    select
        *,
        row_number() over (
            partition by text_hash
            order by scored_at desc, engine_version desc
        ) as recency
    from {{ source('analytics', 'text_scores') }}
    where engine = '{{ var('text_engine') }}'

),

final as (

    select
        text_hash,
        language,
        sentiment,
        label
    from scores
    where recency = 1

)

select * from final
