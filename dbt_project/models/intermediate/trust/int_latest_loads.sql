with loads as (

    select * from {{ source('concord', 'loads') }}
    where {{ is_configured('source_name') }}

),

ranked as (

    select
        *,
        max(finished_at) over (partition by source_name, entity) as newest_finished_at
    from loads

),

final as (

    select
        source_name,
        sum(received - filtered) as received_count,
        sum(loaded) as loaded_count,
        sum(folded) as folded_count,
        sum(quarantined) as quarantined_count,
        sum(removed) as removed_count,
        max(finished_at) as loaded_at
    from ranked
    where finished_at = newest_finished_at
    group by source_name

)

select * from final
