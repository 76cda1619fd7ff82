with definitions as (

    select * from {{ ref('metric_catalogue') }}

),

targets as (

    select * from {{ source('concord', 'targets') }}

),

-- What counts is what was agreed on the last day of the month, or is today.
months as (

    select
        period_start,
        least({{ add_days('period_end', -1) }}, {{ local_date(as_of()) }}) as judged_on
    from {{ ref('int_months') }}
    where period_end > (select min(valid_from) from targets)

),

in_force as (

    select
        months.period_start,
        targets.*,
        row_number() over (
            partition by
                months.period_start,
                targets.metric_id,
                targets.segment_name,
                targets.segment_value
            order by targets.valid_from desc, targets.version desc
        ) as recency
    from months
    inner join targets
        on
            months.judged_on >= targets.valid_from
            and (targets.valid_to is null or months.judged_on <= targets.valid_to)

),

owned as (

    select
        period_start,
        metric_id,
        count(*) as target_count
    from in_force
    where
        recency = 1
        and value is not null
        and trim(marketing_owner) <> ''
        and trim(service_owner) <> ''
    group by period_start, metric_id

),

final as (

    select
        months.period_start,
        definitions.metric_id,
        definitions.area,
        coalesce(owned.target_count, 0) as target_count,
        owned.target_count is not null as is_jointly_owned,
        true as is_defined
    from months
    cross join definitions
    left join owned
        on
            months.period_start = owned.period_start
            and definitions.metric_id = owned.metric_id

)

select * from final
