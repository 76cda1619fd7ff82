{%- set signal =
    'metric_id, segment_name, segment_value, period_start, signal_rule, signal_side' -%}

with signals as (

    select * from {{ ref('int_scorecard_signals') }}

),

-- A limit is three standard deviations away. A series that never moved before has none: any
-- change of it is certain. Beyond 30 deviations exp() may underflow.
standardised as (

    select
        *,
        case
            when limit_distance > 0.000000001
                then least(
                    cast(3 * abs(deviation) / limit_distance as {{ dbt.type_float() }}),
                    30
                )
            when abs(deviation) > 0.000000001 then 30
            else 0
        end as z
    from signals
    where segment_name <> 'company'

),

tested as (

    select
        *,
        {{ two_sided_normal_p('z') }} as p_value
    from standardised

),

ranked as (

    select
        *,
        row_number() over (
            partition by metric_id, period_start order by p_value
        ) as p_rank,
        count(*) over (partition by metric_id, period_start) as segments_tested
    from tested

),

bounded as (

    select
        *,
        max(
            case
                when p_value <= {{ false_discovery_rate() }} * p_rank / segments_tested
                    then p_rank
            end
        ) over (partition by metric_id, period_start) as last_discovery
    from ranked

),

final as (

    select {{ signal }}
    from bounded
    where signal_rule = 'outside_limits' and p_rank <= last_discovery

    union all

    select {{ signal }}
    from signals
    where segment_name = 'company' and signal_rule is not null

)

select * from final
