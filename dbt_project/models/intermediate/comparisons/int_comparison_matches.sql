with levels as (

    select
        *,
        5 * matched_count >= 4 * had_count as is_mostly_matched
    from {{ ref('int_comparison_levels') }}

),

-- The finest strata in which 80 % find a counterpart, else the coarsest.
chosen as (

    select
        *,
        row_number() over (
            partition by comparison_number
            order by
                case when is_mostly_matched then 0 else 1 end,
                case when is_mostly_matched then dropped_count else -dropped_count end
        ) as position
    from levels

),

final as (

    select
        chosen.*,
        comparisons.event_kind,
        comparisons.event,
        comparisons.period_start,
        comparisons.person_count,
        {% for known in comparison_balance() %}
            {{ standardised_difference(
                'had_' ~ known ~ ' / nullif(had_count, 0) - others_' ~ known
                ~ ' / nullif(others_count, 0)', known
            ) }} as {{ known }}_before,
            {{ standardised_difference(
                '(matched_' ~ known ~ ' - expected_' ~ known ~ ') / nullif(matched_count, 0)', known
            ) }} as {{ known }}_after,
        {% endfor %}
        chosen.is_mostly_matched and chosen.matched_count >= {{ var('minimum_n') }}
            as is_comparable
    from chosen
    inner join {{ ref('int_comparisons') }} as comparisons using (comparison_number)
    where chosen.position = 1

)

select * from final
