{%- set treated = 'is_treated and not is_control' -%}
{%- set held_back = 'is_control and not is_treated' -%}

with counted as (

    select
        campaign,
        period_start,
        {% for side, is_side in [('treated', treated), ('control', held_back)] %}
            count(*) filter (where {{ is_side }}) as {{ side }}_count,
            count(*) filter (where {{ is_side }} and is_converted) as {{ side }}_converted_count,
        {% endfor %}
        count(*) filter (where is_treated and is_control) as crossed_count,
        count(*) as person_count
    from {{ ref('int_campaign_trials') }}
    group by campaign, period_start

),

shares as (

    select
        *,
        {% for side in ['treated', 'control'] %}
            {{ percent_of(side ~ '_converted_count', side ~ '_count') }} as {{ side }}_share,
            {{ wilson_low(side ~ '_converted_count', side ~ '_count') }} as {{ side }}_low,
            {{ wilson_high(side ~ '_converted_count', side ~ '_count') }} as {{ side }}_high,
        {% endfor %}
        least(treated_count, control_count) >= {{ var('minimum_n') }} as is_comparable
    from counted

),

final as (

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
    from shares

)

select * from final
