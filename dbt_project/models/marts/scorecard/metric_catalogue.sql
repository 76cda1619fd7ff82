with definitions as (

    select * from {{ ref('metric_definitions') }}

),

-- A share of few is not known well; a count is what it is, however small, and so are an audience,
-- the money of campaigns, and the share of all metrics that there are.
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
        case
            when unit in ('count', 'persons', 'net_persons') then 0
            when rows_mart in ('campaign_results', 'spending_at_risk', 'metric_ownership') then 0
            else {{ var('minimum_n') }}
        end as minimum_n,
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
