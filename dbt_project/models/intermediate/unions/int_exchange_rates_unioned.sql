with staged as (

    {{ union_staging('exchange_rates') }}

),

final as (

    select
        upper(trim(currency)) as currency,
        rate_date,
        rate,
        source_name,
        loaded_at
    from staged

)

select * from final
