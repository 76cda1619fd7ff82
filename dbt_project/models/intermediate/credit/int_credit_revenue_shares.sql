with sales as (

    select * from {{ ref('credited_sales') }}

),

intervals as (

    select * from {{ source('analytics', 'credit_intervals') }}

),

shares as (

    {{ by_segments('sales', ['brand'], {
        'credited': 'sum(credited_revenue)',
        'revenue': 'sum(revenue)',
        'sale_count': "sum(case when department = 'none' then sale_count else 0 end)",
        'unknown_revenue_count':
            "sum(case when department = 'none' then unknown_revenue_count else 0 end)",
    }) }}

    union all

    {{ by_segments('sales', ['department'], {
        'credited': 'sum(credited_revenue_by_department)',
        'revenue': 'sum(revenue_by_department)',
        'sale_count': 'sum(sale_count)',
        'unknown_revenue_count': 'sum(unknown_revenue_count)',
    }, has_total=false) }}

),

-- Another bootstrap for each brand would say no more than that of the whole.
final as (

    select
        shares.*,
        intervals.low,
        intervals.high
    from shares
    left join intervals
        on
            shares.period_start = intervals.period_start
            and intervals.department = case
                when shares.segment_name = 'company' then 'all'
                when shares.segment_name = 'department' then shares.segment_value
            end

)

select * from final
