with definitions as (

    select * from {{ ref('metric_definitions') }}

),

final as (

    select
        metric_id,
        name,
        area,
        question,
        definition,
        numerator,
        denominator,
        unit,
        decimals,
        direction,
        interval_method,
        is_seasonal,
        {{ var('minimum_n') }} as minimum_n,
        needs,
        needs_detail,
        source,
        version,
        rows_mart,
        rows_numerator,
        rows_denominator
    from definitions

)

select * from final
