{%- set steps = 40 -%}

-- Denser where there are few answers, as the curves bend there.
with units as (

    select * from {{ ref('csat_units') }}
    where funnel_position is not null

),

spreads as (

    select * from {{ ref('int_csat_spreads') }}

),

ranges as (

    select
        period_start,
        dimension,
        cast(0.8 * min(answered_count) as {{ dbt.type_float() }}) as fewest,
        cast(1.1 * max(answered_count) as {{ dbt.type_float() }}) as most
    from units
    group by period_start, dimension

),

places as (

    select
        period_start,
        dimension,
        cast(steps.step as integer) as step,
        fewest * power(most / fewest, cast(steps.step as {{ dbt.type_float() }}) / {{ steps }})
            as answered_count
    from ranges
    cross join generate_series(0, {{ steps }}) as steps (step)

),

final as (

    select
        places.period_start,
        places.dimension,
        places.step,
        cast(places.answered_count as {{ dbt.type_numeric() }}) as answered_count,
        cast(100 * spreads.common_share as {{ dbt.type_numeric() }}) as common_share,
        {{ funnel_limit_columns('places.answered_count', 'spreads.common_share') }}
    from places
    inner join spreads
        on places.period_start = spreads.period_start and places.dimension = spreads.dimension

)

select * from final
