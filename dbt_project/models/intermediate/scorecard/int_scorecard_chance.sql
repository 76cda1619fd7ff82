with trials as (

    select * from {{ ref('int_scorecard_trials') }}

),

counted as (

    select
        *,
        case chance_kind when 'share' then 100 else {{ endless_trials() }} end as scale,
        {{ exact_highest('closed_highest', 'trials', 'rate') }} as highest,
        {{ exact_lowest('closed_lowest', 'trials', 'rate') }} as lowest,
        {{ exact_highest('closed_earlier_highest', 'earlier_trials', 'rate') }} as earlier_highest,
        {{ exact_lowest('closed_earlier_lowest', 'earlier_trials', 'rate') }} as earlier_lowest
    from trials

),

-- Two years differ by chance as far as their own distances add up in quadrature (Newcombe 1998,
-- method 10). A net share of the month has its interval: three standard errors.
final as (

    select
        metric_id,
        segment_name,
        segment_value,
        period_start,
        cast(case
            when chance_kind = 'net_share' then 3 / 3.92 * interval_width
            when is_seasonal
                then scale * sqrt(
                    power(highest / trials - rate, 2)
                    + power(rate - earlier_lowest / earlier_trials, 2)
                )
            else scale * highest / trials - judged_mean
        end as {{ dbt.type_numeric() }}) as chance_above,
        cast(case
            when chance_kind = 'net_share' then 3 / 3.92 * interval_width
            when is_seasonal
                then scale * sqrt(
                    power(rate - lowest / trials, 2)
                    + power(earlier_highest / earlier_trials - rate, 2)
                )
            else judged_mean - scale * lowest / trials
        end as {{ dbt.type_numeric() }}) as chance_below,
        coalesce(highest = trials, false) as is_highest_possible,
        coalesce(lowest = 0, false) as is_lowest_possible
    from counted

)

select * from final
