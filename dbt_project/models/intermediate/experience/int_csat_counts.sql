-- Few answers say little of a unit, and answers of nobody knows which one nothing: both stay apart.
with counts as (

    {{ by_segments(ref('csat_ratings'), ['channel', 'team', 'shift'], {
        'satisfied_count': 'sum(satisfied_count)',
        'answered_count': 'sum(answered_count)',
    }, 'answered_count > 0', has_total=false) }}

),

judged as (

    select
        *,
        segment_value <> 'unknown' and answered_count >= {{ var('minimum_n') }} as is_compared
    from counts

),

final as (

    select
        period_start,
        segment_name as dimension,
        segment_value as unit,
        cast(satisfied_count as {{ dbt.type_bigint() }}) as satisfied_count,
        cast(answered_count as {{ dbt.type_bigint() }}) as answered_count,
        cast(case when is_compared then satisfied_count else 0 end as {{ dbt.type_bigint() }})
            as compared_satisfied_count,
        cast(case when is_compared then answered_count else 0 end as {{ dbt.type_bigint() }})
            as compared_answered_count,
        case
            when is_compared
                then cast(satisfied_count as {{ dbt.type_float() }}) / answered_count
        end as share
    from judged

)

select * from final
