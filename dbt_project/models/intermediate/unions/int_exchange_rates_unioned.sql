with staged as (

    {{ union_staging('exchange_rates') }}

),

final as (

    select
        currency,
        rate_date,
        rate,
        source_name,
        loaded_at
    from staged

)

select * from final
