with staged as (

    {{ union_staging('survey_responses') }}

),

final as (

    select
        {{ global_key('response_id') }} as response_key,
        {{ global_key('customer_id') }} as customer_key,
        answered_at,
        score,
        survey_kind,
        channel,
        brand,
        comment,
        source_name,
        loaded_at
    from staged

)

select * from final
