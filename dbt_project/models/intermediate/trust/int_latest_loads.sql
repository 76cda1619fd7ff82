with loads as (

    select * from {{ source('concord', 'loads') }}
    where {{ is_configured('source_name') }}

),

ranked as (

    select
        *,
        first_value(load_id) over (
            partition by source_name, entity
            order by finished_at desc
        ) as newest_load_id
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
    where load_id = newest_load_id
    group by source_name

)

select * from final
