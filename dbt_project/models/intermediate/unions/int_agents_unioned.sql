with staged as (

    {{ union_staging('agents') }}

),

final as (

    select
        {{ global_key('agent_id') }} as agent_key,
        team,
        {{ normalised_handle('handle') }} as handle,
        source_name,
        loaded_at
    from staged

)

select * from final
