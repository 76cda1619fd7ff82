{%- set outcomes = ['ordered_within_7_days', 'ordered_within_90_days'] -%}

-- What a comparison has dropped tells its strata no longer apart.
with strata as (

    select
        matches.event,
        matches.period_start,
        strata.recency,
        strata.frequency,
        strata.contacts,
        case when matches.dropped_count < 2 then strata.third end as money_third,
        case when matches.dropped_count < 1 then strata.generation end as generation,
        {% for outcome in outcomes %}
            sum(strata.had_{{ outcome }}) as had_{{ outcome }},
            sum(strata.others_{{ outcome }}) as others_{{ outcome }},
        {% endfor %}
        sum(strata.had_count) as had_count,
        sum(strata.others_count) as others_count
    from {{ ref('int_comparison_matches') }} as matches
    inner join {{ ref('int_comparison_strata') }} as strata using (comparison_number)
    where matches.event_kind in ('event', 'touch') and matches.is_comparable
    group by 1, 2, 3, 4, 5, 6, 7

),

-- Nobody in a stratum without those who had it is compared with anybody.
final as (

    select
        event,
        period_start,
        recency,
        cast(frequency as {{ dbt.type_bigint() }}) as frequency,
        cast(contacts as {{ dbt.type_bigint() }}) as contacts,
        money_third,
        generation,
        cast(had_count as {{ dbt.type_bigint() }}) as had_count,
        cast(others_count as {{ dbt.type_bigint() }}) as others_count,
        {% for outcome in outcomes %}
            cast(had_{{ outcome }} as {{ dbt.type_bigint() }}) as had_{{ outcome }},
            cast(others_{{ outcome }} as {{ dbt.type_bigint() }}) as others_{{ outcome }},
        {% endfor %}
        others_count > 0 as is_matched
    from strata
    where had_count > 0

)

select * from final
