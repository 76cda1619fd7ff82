{%- set window_minutes = var('credit_window_days') * 1440 -%}

with touches as (

    select * from {{ ref('int_credit_events') }}
    where is_sale = 0

),

-- A path ends in the sale within the window, else in nothing, one path for each window.
pathed as (

    select
        *,
        case
            when next_sale_at <= {{ dbt.dateadd('minute', window_minutes, 'happened_at') }}
                then next_sale_at
        end as sale_at,
        floor({{ minutes_between('began_at', 'happened_at') }} / {{ window_minutes }}) as windows
    from touches

),

-- Where a sale takes the later touches of a window, what is left of it is over with the sale: only
-- then is it known to be a path of its own.
ended as (

    select
        *,
        coalesce(
            sale_at,
            greatest(
                {{ dbt.dateadd('minute', window_minutes, 'max(happened_at) over path') }},
                max(sale_at) over (partition by person_number, began_at, windows)
            )
        ) as ended_at,
        lag(state) over (path order by happened_at, touch_key) as previous_state,
        lead(state) over (path order by happened_at, touch_key) is null as is_last
    from pathed
    window path as (
        partition by
            person_number,
            sale_at,
            case when sale_at is null then began_at end,
            case when sale_at is null then windows end
    )

),

final as (

    select
        person_number,
        happened_at,
        touch_key,
        state,
        department,
        channel,
        campaign,
        sale_at,
        {{ month_start(local_date('ended_at')) }} as period_start,
        previous_state,
        is_last
    from ended
    where ended_at <= {{ as_of() }}

)

select * from final
