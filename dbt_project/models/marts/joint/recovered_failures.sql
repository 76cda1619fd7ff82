with final as (

    select
        period_start,
        outcome,
        person_count,
        compared_count,
        others_count,
        matched_share,
        case
            when
                outcome = 'recommendation'
                and is_comparable
                and matched_count < {{ least_persons_of_means() }}
                then
                    concat_ws(
                        '; ', 'no interval below {{ least_persons_of_means() }} persons', left_out
                    )
            else left_out
        end as left_out,
        is_comparable,
        had_share,
        others_share,
        case when is_comparable then had_share - others_share end as effect,
        case when is_comparable then ci_low end as ci_low,
        case when is_comparable then ci_high end as ci_high,
        case when is_comparable then cast(difference as {{ dbt.type_numeric() }}) end
            as effect_count,
        matched_count
    from {{ ref('int_recovery_effects') }}

)

select * from final
