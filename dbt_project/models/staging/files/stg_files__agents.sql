with source as (

    select * from {{ source('raw_files', 'agents') }}

),

final as (

    select
        agent_id,
        team,
        handle,
        source_name,
        loaded_at
    from source

)

select * from final
