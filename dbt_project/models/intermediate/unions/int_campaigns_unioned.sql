with staged as (

    {{ union_staging('campaigns') }}

),

final as (

    select
        {{ global_key('campaign_id') }} as campaign_key,
        name,
        channel,
        brand,
        starts_on,
        ends_on,
        source_name,
        loaded_at
    from staged

)

select * from final
