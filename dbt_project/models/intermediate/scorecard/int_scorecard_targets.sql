with measures as (

    select * from {{ ref('int_scorecard_measures_screened') }}

),

targets as (

    select * from {{ source('concord', 'targets') }}

),

-- Of several versions valid in a month the one that began last counts.
ranked as (

    select
        measures.metric_id,
        measures.segment_name,
        measures.segment_value,
        measures.period_start,
        targets.value as target,
        row_number() over (
            partition by
                measures.metric_id,
                measures.segment_name,
                measures.segment_value,
                measures.period_start
            order by targets.valid_from desc, targets.version desc
        ) as recency
    from measures
    inner join targets
        on
            measures.metric_id = targets.metric_id
            and measures.segment_name = targets.segment_name
            and measures.segment_value = targets.segment_value
            and measures.period_end > targets.valid_from
            and (targets.valid_to is null or measures.period_start <= targets.valid_to)

),

final as (

    select
        metric_id,
        segment_name,
        segment_value,
        period_start,
        target
    from ranked
    where recency = 1

)

select * from final
