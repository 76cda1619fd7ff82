with departments as (

    {% for department in ['marketing', 'service', 'none'] %}
        select '{{ department }}' as department {{ 'union all' if not loop.last }}
    {% endfor %}

),

sets as (

    select
        period_start,
        sets.brand,
        sets.states,
        departments.department,
        sum(sets.sale_count) as sale_count,
        sum(sets.unknown_revenue_count) as unknown_revenue_count,
        sum(sets.revenue) as revenue,
        sum(
            case when sets.last_department = departments.department then sets.revenue else 0 end
        ) as last_touch_revenue
    from {{ ref('int_credit_sets') }} as sets
    inner join {{ ref('int_credit_months') }} using (period_start)
    cross join departments
    group by period_start, sets.brand, sets.states, departments.department

),

credits as (

    select
        period_start,
        brand,
        states,
        department,
        sum(credit) as credit,
        sum(shapley_credit) as shapley_credit
    from {{ ref('int_credit_shares') }}
    group by period_start, brand, states, department

),

-- A sale without a touch of either department is nobody's by every method.
credited as (

    select
        sets.*,
        case
            when sets.department = 'none' then sets.last_touch_revenue
            else coalesce(credits.credit, 0)
        end as credit,
        case
            when sets.department = 'none' then sets.last_touch_revenue
            else coalesce(credits.shapley_credit, 0)
        end as shapley_credit
    from sets
    left join credits using (period_start, brand, states, department)

),

final as (

    select
        period_start,
        brand,
        states,
        department,
        case when department = 'none' then 0 else credit end as credited_revenue,
        credit as credited_revenue_by_department,
        credit as revenue,
        revenue as revenue_by_department,
        shapley_credit as shapley_revenue,
        last_touch_revenue,
        cast(sale_count as {{ dbt.type_bigint() }}) as sale_count,
        cast(unknown_revenue_count as {{ dbt.type_bigint() }}) as unknown_revenue_count
    from credited

)

select * from final
