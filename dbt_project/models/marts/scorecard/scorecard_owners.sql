with targets as (

    select * from {{ source('concord', 'targets') }}

),

in_force as (

    select
        *,
        row_number() over (
            partition by metric_id, segment_name, segment_value
            order by valid_from desc, version desc
        ) as recency
    from targets
    where
        valid_from <= {{ local_date(as_of()) }}
        and (valid_to is null or valid_to >= {{ local_date(as_of()) }})

),

final as (

    select
        metric_id,
        segment_name,
        segment_value,
        cast(value as {{ dbt.type_numeric() }}) as target,
        marketing_owner,
        service_owner,
        reason,
        valid_from,
        version
    from in_force
    where recency = 1

)

select * from final
