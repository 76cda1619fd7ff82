with matches as (

    select * from {{ ref('int_comparison_matches') }}
    where
        event_kind = 'exposure'
        and {{ is_known_after(comparison_counts()['contacts_within_30_days']) }}

),

-- The others' contacts are worth as many as the others are (see int_comparison_effects).
counted as (

    select
        *,
        cast(had_contacts_within_30_days as {{ dbt.type_float() }}) as contacts,
        cast(expected_contacts_within_30_days as {{ dbt.type_float() }}) as expected,
        cast(expected_contacts_within_30_days as {{ dbt.type_float() }})
        * likes_count / nullif(matched_count, 0) as worth
    from matches

),

bounded as (

    select
        *,
        case
            when is_comparable and contacts > 0 and worth > 0
                then 1.959964 * sqrt(1 / contacts + 1 / worth)
        end as log_distance
    from counted

),

-- Of two Poisson rates the logarithm of their ratio is nearly normal.
final as (

    select
        event as promise,
        period_start,
        {{ compared_persons() }},
        {{ comparison_left_out() }} as left_out,
        is_comparable,
        cast(contacts as {{ dbt.type_bigint() }}) as contact_count,
        cast(expected as {{ dbt.type_numeric() }}) as expected_contact_count,
        cast(
            case when is_comparable then contacts / nullif(expected, 0) end
            as {{ dbt.type_numeric() }}
        ) as lift,
        cast(contacts / nullif(expected, 0) * exp(-log_distance) as {{ dbt.type_numeric() }})
            as ci_low,
        cast(contacts / nullif(expected, 0) * exp(log_distance) as {{ dbt.type_numeric() }})
            as ci_high
    from bounded

)

select * from final
