-- Empirical Bayes: a share is drawn to that of all units, the less so the more answers it is of,
-- and the more the units differ beyond chance.
with units as (

    select * from {{ ref('int_csat_counts') }}

),

spreads as (

    select * from {{ ref('int_csat_spreads') }}

),

-- One unit alone is compared with nothing.
placed as (

    select
        units.*,
        spreads.variance_between,
        spreads.common_share * (1 - spreads.common_share) / units.answered_count
            as variance_of_chance,
        case
            when spreads.unit_count > 1 and units.share is not null then spreads.common_share
        end as common_share
    from units
    inner join spreads
        on units.period_start = spreads.period_start and units.dimension = spreads.dimension

),

limited as (

    select
        *,
        cast(100 * share as {{ dbt.type_numeric() }}) as percent_satisfied,
        coalesce(variance_between / nullif(variance_between + variance_of_chance, 0), 0)
            as own_part,
        {{ funnel_limit_columns('answered_count', 'common_share') }}
    from placed

),

final as (

    select
        period_start,
        dimension,
        unit,
        percent_satisfied as share,
        cast(
            100 * (common_share + own_part * (share - common_share)) as {{ dbt.type_numeric() }}
        ) as shrunken_share,
        lowest_expected,
        low_expected,
        high_expected,
        highest_expected,
        {{ funnel_position('percent_satisfied') }} as funnel_position,
        coalesce(percent_satisfied not between lowest_expected and highest_expected, false)
            as is_outlier,
        satisfied_count,
        answered_count,
        compared_satisfied_count,
        compared_answered_count
    from limited

)

select * from final
