-- All metrics are known, none is a sample: a share without an interval.
with counts as (

    select
        period_start,
        'company' as segment_name,
        'all' as segment_value,
        count(*) filter (where is_jointly_owned) as owned_count,
        count(*) as metric_count
    from {{ ref('metric_ownership') }}
    group by period_start

),

final as (

    {{ amount_ratio_rows(
        'joint_ownership_share', 'counts', 'owned_count', 'metric_count', 'metric_count'
    ) }}

)

select * from final
