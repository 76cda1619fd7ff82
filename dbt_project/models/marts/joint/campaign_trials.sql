with judged as (

    select
        campaign,
        period_start,
        treated_count,
        treated_converted_count,
        treated_share,
        control_count,
        control_converted_count,
        control_share,
        crossed_count,
        is_comparable,
        cast(
            treated_converted_count - treated_count * control_share / 100
            as {{ dbt.type_numeric() }}
        ) as incremental_count,
        case when is_comparable then treated_share - control_share end as difference,
        case when is_comparable then {{ newcombe_low('treated', 'control') }} end as ci_low,
        case when is_comparable then {{ newcombe_high('treated', 'control') }} end as ci_high,
        nullif(
            concat_ws(
                '; ',
                case when not is_comparable then 'too few persons in one of the groups' end,
                {{ left_out([(
                    'crossed_count', 'person_count', 'persons who were in both groups'
                )]) }}
            ),
            ''
        ) as left_out
    from {{ ref('int_campaign_trial_counts') }}

),

final as (

    select
        judged.*,
        cast(money.incremental_margin as {{ dbt.type_numeric() }}) as incremental_margin,
        cast(money.spend as {{ dbt.type_numeric() }}) as spend,
        cast(
            case when judged.is_comparable then money.incremental_margin - money.spend end
            as {{ dbt.type_numeric() }}
        ) as incremental_profit,
        cast(money.reach_of_interval as {{ dbt.type_numeric() }}) as profit_margin_of_error,
        {{ left_out([(
            'money.unknown_margin_count', 'money.order_count', 'margins unknown'
        )]) }} as margins_left_out
    from judged
    left join {{ ref('int_campaign_trial_margins') }} as money using (campaign, period_start)

)

select * from final
