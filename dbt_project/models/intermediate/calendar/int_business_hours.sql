with spans as (

    select * from {{ ref('int_business_spans') }}

),

measured as (

    select
        calendar_number,
        calendar_date,
        position,
        case when not is_day_off then business_starts_at end as business_starts_at,
        case
            when is_day_off or business_ends_at is null then 0
            else cast(
                {{ minutes_between('business_starts_at', 'business_ends_at') }}
                as {{ dbt.type_bigint() }}
            )
        end as business_minutes
    from spans
    where position = 1 or not is_day_off

),

final as (

    select
        calendar_number,
        calendar_date,
        business_starts_at,
        business_minutes,
        sum(business_minutes) over (
            partition by calendar_number order by calendar_date, position
        ) - business_minutes as business_minutes_before,
        case when position > 1 then business_starts_at end as holds_from,
        lead(business_starts_at) over (
            partition by calendar_number, calendar_date order by position
        ) as holds_until
    from measured

)

select * from final
