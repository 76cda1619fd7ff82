with definitions as (

    select * from {{ ref('metric_catalogue') }}

),

counts as (

    select * from {{ ref('int_record_counts') }}

),

newest as (

    select
        entity,
        max(newest_at) as newest_at
    from counts
    group by entity

),

-- A metric is as fresh as the stalest of the entities that it needs, and no fresher than the clock.
final as (

    select
        definitions.metric_id,
        least({{ as_of() }}, min(newest.newest_at)) as data_as_of
    from definitions
    left join newest
        on ',' || definitions.needs || ',' like '%,' || newest.entity || ',%'
    group by definitions.metric_id

)

select * from final
