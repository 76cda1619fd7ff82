-- By moments (DerSimonian & Laird 1986), with the sampling variance that a unit has where all are
-- alike, as in Spiegelhalter 2005.
with units as (

    select * from {{ ref('int_csat_counts') }}

),

together as (

    select
        period_start,
        dimension,
        count(share) as unit_count,
        sum(compared_satisfied_count) as satisfied_count,
        sum(compared_answered_count) as answered_count,
        cast(sum(compared_satisfied_count) as {{ dbt.type_float() }})
        / nullif(sum(compared_answered_count), 0) as common_share,
        sum(power(cast(compared_answered_count as {{ dbt.type_float() }}), 2)) as squared_counts,
        sum(answered_count) as all_count,
        sum(case when unit = 'unknown' then answered_count else 0 end) as unknown_count
    from units
    group by period_start, dimension

),

dispersions as (

    select
        units.period_start,
        units.dimension,
        sum(units.answered_count * power(units.share - together.common_share, 2)) as dispersion
    from units
    inner join together
        on units.period_start = together.period_start and units.dimension = together.dimension
    group by units.period_start, units.dimension

),

final as (

    select
        together.period_start,
        together.dimension,
        together.unit_count,
        together.satisfied_count,
        together.answered_count,
        together.common_share,
        together.all_count,
        together.unknown_count,
        case
            when together.unit_count > 1
                then greatest(
                    0,
                    dispersions.dispersion
                    - (together.unit_count - 1)
                    * together.common_share * (1 - together.common_share)
                )
                / (together.answered_count - together.squared_counts / together.answered_count)
        end as variance_between
    from together
    inner join dispersions
        on
            together.period_start = dispersions.period_start
            and together.dimension = dispersions.dimension

)

select * from final
