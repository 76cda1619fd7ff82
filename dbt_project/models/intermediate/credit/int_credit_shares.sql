with weights as (

    select *
    from {{ ref('int_credit_weights') }}
    inner join {{ ref('int_credit_months') }} using (period_start)

),

effects as (

    select * from {{ source('analytics', 'credit_effects') }}

),

members as (

    select distinct
        period_start,
        states,
        state,
        department
    from weights

),

-- Where no state of a path has an effect, all have the same.
shares as (

    select
        members.period_start,
        members.states,
        members.state,
        coalesce(
            effects.effect / nullif(sum(effects.effect) over path, 0), 1.0 / count(*) over path
        ) as share_by_effect,
        -- Zhao, Mahboobi & Bagheri 2018: all members of a coalition are owed the same.
        1.0 / count(*) over path as share_by_shapley
    from members
    inner join effects
        on members.period_start = effects.period_start and members.state = effects.state
    window path as (partition by members.period_start, members.states)

),

final as (

    select
        weights.period_start,
        weights.brand,
        weights.states,
        weights.department,
        weights.channel,
        weights.campaign,
        cast(revenue_weight * share_by_effect as {{ dbt.type_numeric() }}) as credit,
        cast(revenue_weight * share_by_shapley as {{ dbt.type_numeric() }}) as shapley_credit,
        cast(sales_weight * share_by_effect as {{ dbt.type_numeric() }}) as sales_credit
    from weights
    inner join shares using (period_start, states, state)

)

select * from final
